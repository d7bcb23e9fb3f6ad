import type { RconDialect } from '../../../shared/games.js';
import { Failure } from '../../../shared/failure.js';
import type { Disposable } from '../../ports.js';
import { Backoff } from './backoff.js';
import { checkCommand, isSendable } from './commandText.js';
import { dialects, type Dialect } from './dialects.js';
import { RconLine } from './line.js';

/** Milliseconds. */
const usual = { connect: 2000, authenticate: 2000, command: 5000, idle: 60_000 };
const maxWaiting = 32;
/** Games ban who tries wrong passwords. */
const rejectedMs = 60_000;

export interface RconOptions {
  readonly host: string;
  readonly port: number;
  readonly dialect: RconDialect;
  /** Asked whenever a connection is opened. What it throws (secret-missing) is what commands reject with. */
  password(this: void): string;
  /** Others than the usual ones. */
  readonly deadlines?: Readonly<Partial<typeof usual>>;
}

export interface CommandOptions {
  /** Milliseconds for its answer; 5000 unless told. A save takes longer. */
  readonly ms?: number;
  readonly signal?: AbortSignal;
  /** It ends the game: the end of the connection answers it, and it is tried also while others would be put off. */
  readonly endsGame?: boolean;
  /** Somebody waits for it: it is tried also while others would be put off. */
  readonly isUrgent?: boolean;
}

/** A command that waits for its turn or for its answer. */
interface Waiting {
  readonly text: string;
  readonly options: CommandOptions;
  isSettled: boolean;
  resolve(reply: string | null): void;
  reject(error: unknown): void;
}

/**
 * A game's RCON. One connection, opened when there is something to say and closed when nothing was said for a while; one
 * command at a time. No command is ever said twice.
 */
export class RconClient implements Disposable {
  private readonly dialect: Dialect;
  private readonly times: Readonly<typeof usual>;
  private readonly backoff = new Backoff();
  private readonly queue: Waiting[] = [];
  private line: RconLine | undefined;
  private isOpen = false;
  private isWorking = false;
  private isDisposed = false;
  private idleTimer: NodeJS.Timeout | undefined;
  #rejected: { readonly password: string; readonly until: number } | undefined;

  constructor(private readonly options: RconOptions) {
    this.dialect = dialects[options.dialect];
    this.times = { ...usual, ...options.deadlines };
  }

  /**
   * Resolves with the game's answer, null for an empty one. Rejects invalid-definition (`detail`) for what is no single
   * line, busy, cancelled, unreachable, auth-rejected (both with `retryAt`, Unix milliseconds, where nothing is tried before
   * then), timeout, bad-reply, and what `password` throws. `isSent`: it may have been carried out.
   */
  async command(text: string, options: CommandOptions = {}): Promise<string | null> {
    checkCommand(text, this.dialect.maxBytes);
    if (this.isDisposed || options.signal?.aborted === true) throw new Failure('cancelled', this.where());
    if (this.queue.length >= maxWaiting) throw new Failure('busy', this.where());
    const { retryAt } = this.backoff;
    const isPutOff = retryAt !== null && options.endsGame !== true && options.isUrgent !== true;
    if (!this.isWorking && this.line === undefined && isPutOff) {
      throw new Failure('unreachable', { ...this.where(), retryAt });
    }
    const { signal } = options;
    let cancel = (): void => undefined;
    const reply = new Promise<string | null>((resolve, reject) => {
      const waiting: Waiting = { text, options, isSettled: false, resolve, reject };
      cancel = () => {
        this.settle(waiting, new Failure('cancelled', this.where()));
      };
      this.queue.push(waiting);
    });
    signal?.addEventListener('abort', cancel);
    void this.work();
    return await reply.finally(() => {
      signal?.removeEventListener('abort', cancel);
    });
  }

  /** Ends the connection and every wait at once. */
  dispose(): void {
    this.isDisposed = true;
    clearTimeout(this.idleTimer);
    for (const waiting of [...this.queue]) this.settle(waiting, new Failure('cancelled', this.where()));
    this.line?.close();
  }

  private async work(): Promise<void> {
    if (this.isWorking) return;
    this.isWorking = true;
    clearTimeout(this.idleTimer);
    for (let next = this.queue[0]; next !== undefined; next = this.queue[0]) {
      try {
        const line = await this.openLine();
        // Called off meanwhile: whoever came behind it goes on.
        if (next.isSettled) continue;
        const { ms = this.times.command, endsGame = false } = next.options;
        const reply = await line.exchange(next.text, ms, endsGame);
        this.backoff.succeeded();
        this.settle(next, reply === '' ? null : reply);
      } catch (error) {
        this.failed(next, error);
      }
    }
    this.isWorking = false;
    if (this.line !== undefined) this.idleTimer = setTimeout(() => this.line?.close(), this.times.idle);
  }

  private async openLine(): Promise<RconLine> {
    if (this.line !== undefined && this.isOpen) return this.line;
    const { host, port } = this.options;
    const password = this.usablePassword();
    const line = new RconLine({
      ...{ host, port, dialect: this.dialect, deadlines: this.times },
      onClosed: (code) => {
        if (code === 'auth-rejected') this.#rejected = { password, until: Date.now() + rejectedMs };
        if (this.line === line) this.line = undefined;
      },
    });
    this.line = line;
    this.isOpen = false;
    await line.open(password);
    this.isOpen = true;
    return line;
  }

  private usablePassword(): string {
    const password = this.options.password();
    const rejected = this.#rejected;
    if (rejected?.password === password && Date.now() < rejected.until) throw new Failure('auth-rejected');
    this.#rejected = undefined;
    if (!isSendable(password, this.dialect.maxBytes)) throw new Failure('auth-rejected');
    return password;
  }

  /** The connection is gone; nobody who waits is left without an answer. */
  private failed(first: Waiting, error: unknown): void {
    const isOfPassword = Failure.is(error, 'auth-rejected') || Failure.is(error, 'secret-missing');
    if (!isOfPassword && !this.isDisposed) this.backoff.failed();
    const retryAt = Failure.is(error, 'auth-rejected') ? this.#rejected?.until : this.backoff.retryAt;
    const when = { ...this.where(), ...(retryAt == null ? {} : { retryAt }) };
    const told = Failure.is(error) ? new Failure(error.code, { ...error.data, ...when }) : error;
    this.settle(first, told);
    const rest = isOfPassword ? told : new Failure('unreachable', when);
    for (const waiting of [...this.queue]) this.settle(waiting, rest);
  }

  private settle(waiting: Waiting, outcome: unknown): void {
    const place = this.queue.indexOf(waiting);
    if (place !== -1) this.queue.splice(place, 1);
    if (waiting.isSettled) return;
    waiting.isSettled = true;
    if (outcome === null || typeof outcome === 'string') waiting.resolve(outcome);
    else waiting.reject(outcome);
  }

  private where(): { port: number } {
    return { port: this.options.port };
  }
}
