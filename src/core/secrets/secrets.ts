import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { errorCode, replaceFile } from '../../node/files.js';
import type { Definition } from '../../shared/contract.js';
import { Failure, messageOf } from '../../shared/failure.js';
import { passwordsAskedBy, secretKey, secretValue, type PasswordKey } from '../../shared/secrets.js';
import type { Log, OwnSettings } from '../ports.js';
import { Foreign, type Keeping } from './keeping.js';
import { Redactor } from './redactor.js';
import type { Held, SecretTable } from './secretFile.js';

const fileName = 'secrets.json';
/** What another user or PC has remembered, once we have something to remember ourselves. */
const foreignName = `${fileName}.foreign`;
const maxEntries = 500;

export interface SecretsOptions {
  readonly dataDir: string;
  /** Undefined where a file cannot be kept from others. */
  readonly keeping: Keeping | undefined;
  readonly log: Log;
  /** Handed over at the start. */
  readonly given: SecretTable;
  /** What stands in the game's own file. Never throws. */
  own(this: void, definition: Definition): OwnSettings | undefined;
  /** A server's secrets, or those of webhooks, are not what they were. key: which; undefined: any of them. */
  changed(this: void, id: string, key?: string): void;
}

/**
 * The passwords of the games and the addresses of webhooks. They come from windows, from the games' own files and from
 * whoever starts this process; where several know one, the one that was set last counts. They are kept in memory, and only
 * with the user's consent in a file of their own.
 */
export class Secrets {
  private readonly redactor = new Redactor();
  /** What windows have set, now or, where it was remembered, to an earlier process. */
  private readonly held: SecretTable = new Map();
  private remembers = false;
  /** What is in the file can only be read by somebody else. */
  private isForeign = false;
  private readonly file: string;

  constructor(private readonly options: SecretsOptions) {
    this.file = path.join(options.dataDir, fileName);
    for (const secrets of options.given.values()) for (const { value } of secrets.values()) this.redactor.add(value);
  }

  /** Takes every secret that is known out of a text. */
  get redact(): (text: string) => string {
    return this.redactor.redact;
  }

  /** Undefined where none is known. */
  get(definition: Definition, key: PasswordKey): string | undefined {
    const own = this.options.own(definition);
    const value = own?.passwords[key];
    if (own === undefined || value === undefined) return this.kept(definition.id, key);
    this.redactor.add(value);
    return latest(this.held.get(definition.id)?.get(key), { value, at: own.at }, this.givenOf(definition.id, key));
  }

  /** What was set or handed over, whatever the game's own file says. For webhooks, which stand in no game's file. */
  kept(id: string, key: string): string | undefined {
    return latest(this.held.get(id)?.get(key), this.givenOf(id, key));
  }

  missing(definition: Definition): PasswordKey[] {
    return passwordsAskedBy(definition).filter((key) => this.get(definition, key) === undefined);
  }

  /** null takes it away. Rejects invalid-definition; io when it is in force but could not be remembered. */
  set(id: string, key: string, value: string | null): void {
    check('key', secretKey, key);
    if (value !== null) {
      check('value', secretValue, value);
      this.redactor.add(value);
    }
    const before = this.held.get(id)?.get(key);
    // Windows send again what they have: that makes it no newer.
    if ((before?.value ?? null) === value) return;
    if (value === null) this.drop(id, key);
    else {
      if (before === undefined && this.count >= maxEntries) {
        throw new Failure('invalid-definition', { field: 'key', detail: `there are ${maxEntries} secrets already` });
      }
      this.put(id, key, { value, at: Date.now() });
    }
    try {
      this.write();
    } finally {
      this.options.changed(id, key);
    }
  }

  /** A server was removed: nothing of it stays. Webhooks belong to none, also where one has the id under which they are kept. */
  forget(id: string): void {
    const passwords = [...(this.held.get(id)?.keys() ?? [])].filter((key) => !key.startsWith('webhook.'));
    if (passwords.length === 0) return;
    for (const key of passwords) this.drop(id, key);
    try {
      this.write();
    } catch (error) {
      this.options.log.write('error', 'secrets', 'not forgotten on the disk', { id, reason: messageOf(error) });
    }
  }

  /**
   * With it on, what windows set is also kept in a file that only this user can read, and what is there counts from now
   * on. Switched off, the file goes. Rejects unsupported, io.
   */
  remember(on: boolean): void {
    if (!on) {
      this.remembers = false;
      this.eraseFiles(() => true);
      return;
    }
    const { keeping } = this.options;
    if (keeping === undefined) throw new Failure('unsupported', { what: 'remember-passwords' });
    if (this.remembers) return;
    const had = this.count > 0;
    this.eraseFiles((name) => name.endsWith('.tmp'));
    const found = this.load(keeping);
    this.remembers = true;
    if (had) this.write();
    for (const id of found) this.options.changed(id);
  }

  /** remember(), as the settings say. Where that cannot be, it is logged. */
  follow(on: boolean): void {
    try {
      this.remember(on);
    } catch (error) {
      this.options.log.write('warn', 'secrets', 'not remembered as the settings say', { reason: messageOf(error) });
    }
  }

  private get count(): number {
    return [...this.held.values()].reduce((sum, secrets) => sum + secrets.size, 0);
  }

  private givenOf(id: string, key: string): Held | undefined {
    return this.options.given.get(id)?.get(key);
  }

  private put(id: string, key: string, held: Held): void {
    const secrets = this.held.get(id) ?? new Map<string, Held>();
    this.held.set(id, secrets.set(key, held));
  }

  private drop(id: string, key: string): void {
    const secrets = this.held.get(id);
    secrets?.delete(key);
    if (secrets?.size === 0) this.held.delete(id);
  }

  /** Takes over what an earlier process has remembered, unless it was set again since; tells whose. */
  private load(keeping: Keeping): string[] {
    let table: SecretTable;
    try {
      table = keeping.read(this.file);
    } catch (error) {
      this.isForeign = error instanceof Foreign;
      if (errorCode(error) !== 'ENOENT') {
        this.options.log.write('warn', 'secrets', 'what was remembered is not readable', { reason: messageOf(error) });
      }
      return [];
    }
    for (const [id, secrets] of table) {
      for (const [key, held] of secrets) {
        this.redactor.add(held.value);
        if (this.count < maxEntries && this.held.get(id)?.get(key) === undefined) this.put(id, key, held);
      }
    }
    return [...table.keys()];
  }

  private write(): void {
    const { keeping } = this.options;
    if (!this.remembers || keeping === undefined) return;
    try {
      if (this.isForeign) fs.renameSync(this.file, path.join(this.options.dataDir, foreignName));
      this.isForeign = false;
      replaceFile(this.file, keeping.textOf(this.held), { mode: 0o600, durable: true });
    } catch (error) {
      throw new Failure('io', { file: this.file, detail: errorCode(error) ?? null }, messageOf(error));
    }
    // Where the file system knows no modes the promise that only this user can read it cannot be kept.
    if (keeping.isPrivate(this.file)) return;
    this.eraseFiles(() => true);
    throw new Failure('io', { file: this.file, detail: 'others can read it' });
  }

  /** The file, and what a process that died while writing it has left beside it. */
  private eraseFiles(which: (name: string) => boolean): void {
    try {
      for (const name of fs.readdirSync(this.options.dataDir)) {
        const isOurs =
          name === fileName || name === foreignName || (name.startsWith(`.${fileName}.`) && name.endsWith('.tmp'));
        if (isOurs && which(name)) fs.rmSync(path.join(this.options.dataDir, name), { force: true });
      }
    } catch (error) {
      throw new Failure('io', { file: this.file, detail: errorCode(error) ?? null }, messageOf(error));
    }
  }
}

/** Of several that know it the one that was set last; set at the same time, the first. */
function latest(...all: (Held | undefined)[]): string | undefined {
  return all.reduce((best, held) => (held !== undefined && held.at > (best?.at ?? -Infinity) ? held : best), undefined)
    ?.value;
}

function check(field: string, schema: typeof secretKey | typeof secretValue, value: string): void {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) throw new Failure('invalid-definition', { field, detail: parsed.issues[0].message });
}
