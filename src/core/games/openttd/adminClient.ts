import { Failure } from '../../../shared/failure.js';
import type { Disposable } from '../../ports.js';
import { checkCommand, isSendable } from '../rcon/commandText.js';
import { AdminLine, type AdminPlace } from './adminLine.js';

/** Milliseconds. */
const usual = { connect: 2000, join: 2000, command: 5000, idle: 60_000 };
const maxWaiting = 32;
/** Bytes; the game cuts what is longer. */
const maxCommand = 499;
const maxPassword = 32;

export interface SayOptions {
  /** Milliseconds for its answer; 5000 unless told. While it saves the game answers nothing. */
  readonly ms?: number;
  readonly signal?: AbortSignal;
  /** It ends the game: the end of the connection answers it. */
  readonly endsGame?: boolean;
}

export interface AdminOptions extends AdminPlace {
  /** Asked whenever a connection is opened. What it throws (secret-missing) is what `say` rejects with. */
  password(this: void): string;
  /** Others than the usual ones. */
  readonly deadlines?: Readonly<Partial<typeof usual>>;
}

/**
 * OpenTTD's port for administrators. One connection, opened when there is something to say and closed when nothing was said
 * for a while; one command at a time. No command is ever said twice.
 */
export class AdminClient implements Disposable {
  private readonly times: Readonly<typeof usual>;
  private line: AdminLine | undefined;
  private turn: Promise<void> = Promise.resolve();
  private waiting = 0;
  private idleTimer: NodeJS.Timeout | undefined;
  private readonly disposal = new AbortController();

  constructor(private readonly options: AdminOptions) {
    this.times = { ...usual, ...options.deadlines };
  }

  /**
   * Resolves with what the game prints to it, null for nothing. Rejects invalid-definition (`detail`) for what is no single
   * line, busy, cancelled, unreachable, auth-rejected, timeout, bad-reply (`detail`), and what `password` throws. `isSent`: it
   * may have been carried out.
   */
  async say(text: string, options: SayOptions = {}): Promise<string | null> {
    checkCommand(text, maxCommand);
    if (this.waiting >= maxWaiting) throw new Failure('busy', this.where());
    const signal = AbortSignal.any([this.disposal.signal, ...(options.signal === undefined ? [] : [options.signal])]);
    const before = this.turn;
    let pass = (): void => undefined;
    this.turn = new Promise((resolve) => {
      pass = resolve;
    });
    this.waiting += 1;
    try {
      await this.unlessCalledOff(before, signal);
      clearTimeout(this.idleTimer);
      const line = await this.joined(signal);
      const { ms = this.times.command, endsGame = false } = options;
      const said = await line.exchange(text, ms, endsGame, signal);
      return said === '' ? null : said;
    } finally {
      this.waiting -= 1;
      if (!this.disposal.signal.aborted) this.closeWhenIdle();
      // Whoever is called off while waiting does not let others overtake.
      void before.then(pass);
    }
  }

  /** Ends the connection and every wait at once. */
  dispose(): void {
    this.disposal.abort();
    clearTimeout(this.idleTimer);
    this.line?.close();
  }

  private closeWhenIdle(): void {
    clearTimeout(this.idleTimer);
    if (this.line?.isClosed !== false) return;
    this.idleTimer = setTimeout(() => {
      if (this.waiting === 0) this.line?.close();
    }, this.times.idle);
  }

  private async joined(signal: AbortSignal): Promise<AdminLine> {
    if (this.line?.isClosed === false) return this.line;
    const password = this.options.password();
    if (!isSendable(password, maxPassword)) throw new Failure('auth-rejected', this.where());
    const line = new AdminLine(this.options, this.times);
    this.line = line;
    await line.join(password, signal);
    return line;
  }

  private async unlessCalledOff(turn: Promise<void>, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new Failure('cancelled', this.where());
    await new Promise<void>((resolve, reject) => {
      const calledOff = (): void => {
        reject(new Failure('cancelled', this.where()));
      };
      signal.addEventListener('abort', calledOff);
      void turn.then(() => {
        signal.removeEventListener('abort', calledOff);
        resolve();
      });
    });
  }

  private where(): { port: number } {
    return { port: this.options.port };
  }
}

interface Known {
  readonly client: AdminClient;
  readonly where: string;
  password: () => string;
}

/** One client per server, so that a connection outlives a command. */
export class AdminClients implements Disposable {
  private readonly known = new Map<string, Known>();

  /** The server's client. password: see AdminOptions; the one given last is asked. */
  of(id: string, { host, port }: AdminPlace, password: () => string): AdminClient {
    const where = JSON.stringify([host, port]);
    const before = this.known.get(id);
    if (before?.where === where) {
      before.password = password;
      return before.client;
    }
    before?.client.dispose();
    const entry: Known = {
      client: new AdminClient({ host, port, password: () => entry.password() }),
      where,
      password,
    };
    this.known.set(id, entry);
    return entry.client;
  }

  /** The server is no more. */
  forget(id: string): void {
    this.known.get(id)?.client.dispose();
    this.known.delete(id);
  }

  dispose(): void {
    for (const id of [...this.known.keys()]) this.forget(id);
  }
}
