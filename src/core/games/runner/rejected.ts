import { Failure } from '../../../shared/failure.js';
import type { PasswordKey } from '../../../shared/secrets.js';

/** Passwords that games did not take. Games ban who tries wrong ones, so the same one is not said again for a while. */
export class Rejected {
  readonly #known = new Map<string, { readonly password: string; readonly until: number }>();

  /** ms: how long the same one is kept back. */
  constructor(private readonly ms: number) {}

  /** Throws auth-rejected (`retryAt`) for one that was rejected a moment ago. */
  check(id: string, key: PasswordKey, password: string): void {
    const known = this.#known.get(`${id} ${key}`);
    if (known?.password !== password || Date.now() >= known.until) return;
    throw new Failure('auth-rejected', { retryAt: known.until });
  }

  note(id: string, key: PasswordKey, password: string): void {
    const name = `${id} ${key}`;
    const known = this.#known.get(name);
    // What was kept back was not rejected again.
    if (known?.password === password && Date.now() < known.until) return;
    this.#known.set(name, { password, until: Date.now() + this.ms });
  }

  forget(id: string): void {
    for (const name of [...this.#known.keys()]) if (name.startsWith(`${id} `)) this.#known.delete(name);
  }
}
