import { createHash } from 'node:crypto';
import fs from 'node:fs';
import type { ServerView } from '../../shared/contract.js';
import { Failure, messageOf } from '../../shared/failure.js';
import type { PasswordKey, WebhookKey } from '../../shared/secrets.js';
import { Bag } from '../bag.js';
import type { CoreClient } from '../coreClient.js';
import { Emitter } from '../emitter.js';
import type { Log } from '../log.js';
import type { Mirror } from '../mirror.js';

/** The part of VS Code's SecretStorage that is needed here. */
export interface PasswordStorage {
  keys(): PromiseLike<string[]>;
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
  onDidChange(listener: (event: { readonly key: string }) => unknown): { dispose(): unknown };
}

interface Parts {
  readonly client: Pick<CoreClient, 'request' | 'current'>;
  readonly mirror: Pick<Mirror, 'servers' | 'onDidChange' | 'onDidChangeConnection'>;
  readonly storage: PasswordStorage;
  /** Asked each time: the setting may change. */
  readonly dataDir: () => string;
  readonly log: Log;
}

type SecretKey = PasswordKey | WebhookKey;

/**
 * The passwords and the addresses of webhooks that VS Code keeps for this user. The background process says which passwords
 * it lacks, and gets those that are here; a value goes nowhere else, and into no log.
 */
export class Passwords {
  private readonly bag = new Bag();
  private readonly changed = new Emitter<string>();
  /** What was looked for on this connection and is still missing: looked for once, not at every tick. */
  private readonly tried = new Set<string>();
  private named: { dataDir: string; prefix: string } | undefined;

  constructor(private readonly parts: Parts) {
    const { mirror, storage } = parts;
    this.bag.add(
      mirror.onDidChangeConnection(() => {
        this.tried.clear();
        this.review();
      }),
    );
    this.bag.add(mirror.onDidChange(() => this.review()));
    this.bag.add(
      // Another window has got one: it is there for all. Without a connection the next one looks anyway.
      storage.onDidChange(({ key }) => {
        if (this.parts.client.current.at !== 'connected' || !key.startsWith(this.prefix())) return;
        this.tried.clear();
        this.review();
        this.changed.fire(key.slice(this.prefix().length));
      }),
    );
  }

  /** One is kept or gone, here or in another window: `<id>.<key>`. Only told with a connection. */
  readonly onDidChange = this.changed.event;

  /** For the background process first, which refuses what cannot be a password; null forgets it. */
  async set(id: string, key: SecretKey, value: string | null): Promise<void> {
    const place = this.placeOf(id, key);
    try {
      await this.parts.client.request('secret/set', { id, key, value });
    } catch (error) {
      // It is in force there, only not on the disk: it must not be asked for again.
      if (Failure.is(error, 'io')) await this.keep(place, value);
      throw error;
    }
    await this.keep(place, value);
  }

  async has(id: string, key: SecretKey): Promise<boolean> {
    return (await this.parts.storage.get(this.placeOf(id, key))) !== undefined;
  }

  /** Gives the background process what is kept here; false where nothing is. */
  async handOver(id: string, key: string): Promise<boolean> {
    const value = await this.parts.storage.get(this.placeOf(id, key));
    if (value !== undefined) await this.parts.client.request('secret/set', { id, key, value });
    return value !== undefined;
  }

  /** The server was removed. Never rejects: nothing else hangs on it. */
  async forget(id: string): Promise<void> {
    const { storage, log } = this.parts;
    try {
      const begin = `${this.prefix()}${id}.`;
      // A server may have the id that webhooks are kept under.
      const own = (await storage.keys()).filter((key) => key.startsWith(begin) && !key.startsWith(`${begin}webhook.`));
      await Promise.all(own.map((key) => storage.delete(key)));
    } catch (error) {
      log.warn('passwords of a removed server stay', { id, error: messageOf(error) });
    }
  }

  dispose(): void {
    this.bag.dispose();
    this.changed.dispose();
  }

  private async keep(place: string, value: string | null): Promise<void> {
    const { storage } = this.parts;
    await (value === null ? storage.delete(place) : storage.store(place, value));
  }

  private review(): void {
    if (this.parts.client.current.at !== 'connected') return;
    const missing = new Set<string>();
    for (const view of this.parts.mirror.servers()) {
      for (const key of view.secretsMissing) {
        const place = this.placeOf(view.id, key);
        missing.add(place);
        if (this.tried.has(place)) continue;
        this.tried.add(place);
        void this.send(view, key);
      }
    }
    // What is known now is looked for again should it ever be missing again.
    for (const place of this.tried) if (!missing.has(place)) this.tried.delete(place);
  }

  private async send({ id }: Pick<ServerView, 'id'>, key: string): Promise<void> {
    try {
      await this.handOver(id, key);
    } catch (error) {
      this.parts.log.warn('password not sent', { id, key, error: messageOf(error) });
    }
  }

  private placeOf(id: string, key: string): string {
    return `${this.prefix()}${id}.${key}`;
  }

  /** Two data directories may have servers of the same id. */
  private prefix(): string {
    const dataDir = this.parts.dataDir();
    if (this.named?.dataDir !== dataDir) this.named = { dataDir, prefix: `gameServers.${hashOf(dataDir)}.` };
    return this.named.prefix;
  }
}

/** The same for every spelling of the folder. */
function hashOf(dataDir: string): string {
  let real = dataDir;
  try {
    real = fs.realpathSync.native(dataDir);
  } catch {
    // Not made yet: nothing is kept for it either.
  }
  return createHash('sha256').update(real).digest('hex').slice(0, 16);
}
