import type { ServerView } from '../../shared/contract.js';
import { messageOf } from '../../shared/failure.js';
import { passwordKeys, type PasswordKey } from '../../shared/secrets.js';
import { Bag, type Disposable } from '../bag.js';
import type { Log } from '../log.js';
import type { Mirror } from '../mirror.js';
import { passwordOf } from '../text/channelText.js';
import type { Passwords } from './passwords.js';

/** missing: nobody knows it; refused: the game does not take the one that is known. */
export interface PasswordPrompt {
  readonly server: Pick<ServerView, 'id' | 'name'>;
  readonly key: PasswordKey;
  readonly is: 'missing' | 'refused';
}

interface Parts {
  readonly mirror: Pick<Mirror, 'servers' | 'connection' | 'onDidChange' | 'onDidChangeConnection'>;
  readonly passwords: Pick<Passwords, 'has'>;
  readonly window: { isFocused(): boolean; onDidFocus(listener: () => void): Disposable };
  /** Asks, and does what was chosen; resolves when the question is gone. */
  ask(prompt: PasswordPrompt): Promise<void>;
  readonly log: Log;
}

/**
 * Decides when somebody is asked for a password by itself: once for each server, key and trouble while this window is open,
 * when the server runs, in the window that somebody looks at, and one question at a time.
 */
export class PasswordPrompts implements Disposable {
  private readonly bag = new Bag();
  private readonly asked = new Set<string>();
  private isBusy = false;
  private isDisposed = false;
  /** Something has changed since it was looked. */
  private isStale = false;

  constructor(private readonly parts: Parts) {
    const { mirror, window } = parts;
    const review = (): void => {
      this.isStale = true;
      if (!this.isBusy) void this.review();
    };
    this.bag.add(mirror.onDidChange(review));
    this.bag.add(mirror.onDidChangeConnection(review));
    this.bag.add(window.onDidFocus(review));
    review();
  }

  dispose(): void {
    this.isDisposed = true;
    this.bag.dispose();
  }

  private async review(): Promise<void> {
    this.isBusy = true;
    while (this.isStale) {
      this.isStale = false;
      const prompt = await this.next();
      // What has come in meanwhile may make the question needless.
      if (prompt === undefined || this.isStale) continue;
      this.asked.add(keyOf(prompt));
      try {
        await this.parts.ask(prompt);
      } catch (error) {
        this.parts.log.warn('password not asked for', messageOf(error));
      }
      this.isStale = true;
    }
    this.isBusy = false;
  }

  /** The first that is to be asked for now. */
  private async next(): Promise<PasswordPrompt | undefined> {
    const { mirror, window } = this.parts;
    if (this.isDisposed || mirror.connection !== 'connected' || !window.isFocused()) return undefined;
    for (const prompt of mirror.servers().flatMap(promptsOf)) {
      if (this.asked.has(keyOf(prompt))) continue;
      // One that is kept here is on its way to the background process.
      if (prompt.is === 'missing' && (await this.isKept(prompt))) continue;
      return prompt;
    }
    return undefined;
  }

  private async isKept({ server, key }: PasswordPrompt): Promise<boolean> {
    try {
      return await this.parts.passwords.has(server.id, key);
    } catch {
      // A storage that fails has been told of already, and has nothing to give.
      return false;
    }
  }
}

function promptsOf(view: ServerView): PasswordPrompt[] {
  if (view.state !== 'running' && view.state !== 'starting') return [];
  const server = { id: view.id, name: view.name };
  const missing = passwordKeys.filter((key) => view.secretsMissing.includes(key));
  const refused = view.api.is === 'refused' && view.api.via !== null ? passwordOf(view.api.via) : undefined;
  return [
    ...missing.map((key) => ({ server, key, is: 'missing' as const })),
    ...(refused === undefined || missing.includes(refused) ? [] : [{ server, key: refused, is: 'refused' as const }]),
  ];
}

function keyOf({ server, key, is }: PasswordPrompt): string {
  return `${server.id} ${key} ${is}`;
}
