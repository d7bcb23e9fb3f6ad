import { Emitter } from '../../../../src/extension/emitter.js';
import type { PasswordStorage } from '../../../../src/extension/secrets/passwords.js';

/** SecretStorage as VS Code has it: asynchronous, and it tells of every change. */
export class FakeStorage implements PasswordStorage {
  readonly kept = new Map<string, string>();
  fails: Error | undefined;
  private readonly changed = new Emitter<{ key: string }>();
  readonly onDidChange = this.changed.event;

  async keys(): Promise<string[]> {
    this.check();
    return [...this.kept.keys()];
  }

  async get(key: string): Promise<string | undefined> {
    this.check();
    return this.kept.get(key);
  }

  async store(key: string, value: string): Promise<void> {
    this.check();
    this.kept.set(key, value);
    this.changed.fire({ key });
  }

  async delete(key: string): Promise<void> {
    this.check();
    if (this.kept.delete(key)) this.changed.fire({ key });
  }

  private check(): void {
    if (this.fails !== undefined) throw this.fails;
  }
}
