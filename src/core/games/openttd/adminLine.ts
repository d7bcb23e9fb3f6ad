import net from 'node:net';
import type { ErrorCode } from '../../../shared/contract.js';
import { Failure, type FailureData } from '../../../shared/failure.js';
import { counted } from '../traffic.js';
import { fromGame, NoPacket, packetBytes, PacketReader, textOf, toGame, type Packet } from './packets.js';

/** As it is named in the game's log. */
const ourName = 'Game Server Panel';
/** Heard since the last command was said: whatever sends more is no console. */
const maxHeard = 1024 * 1024;
const errorCodes = { notAuthorised: 6, wrongPassword: 10 } as const;

/** Milliseconds. */
export interface OpeningDeadlines {
  readonly connect: number;
  readonly join: number;
}

export interface AdminPlace {
  readonly host: string;
  readonly port: number;
}

/** What is waited for at the moment. */
interface Ears {
  hear(packet: Packet): void;
  /** The other side is gone, orderly or by force. */
  gone(isBroken: boolean): void;
  fail(failure: Failure): void;
}

/** One connection: joined once, then one command at a time. Any fault ends it, and whoever waits is told. */
export class AdminLine {
  private readonly socket: net.Socket;
  private readonly reader = new PacketReader();
  private ears: Ears | undefined;
  private hasEnded = false;
  private heard = 0;

  /** Begins to connect. */
  constructor(
    private readonly place: AdminPlace,
    private readonly deadlines: OpeningDeadlines,
  ) {
    this.socket = counted(net.connect({ host: place.host, port: place.port }));
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => {
      this.take(chunk);
    });
    this.socket.on('error', () => {
      this.gone(true);
    });
    for (const event of ['end', 'close'] as const) {
      this.socket.on(event, () => {
        this.gone(false);
      });
    }
  }

  /** It is of no more use. */
  get isClosed(): boolean {
    return this.hasEnded;
  }

  /** Call once, before anything else. Rejects unreachable, auth-rejected, timeout, bad-reply, cancelled. */
  async join(password: string, signal?: AbortSignal): Promise<void> {
    await this.wait<undefined>({ ms: this.deadlines.connect, late: 'unreachable', signal }, (done) => {
      this.socket.once('connect', () => {
        done(undefined);
      });
      return {};
    });
    this.socket.write(packetBytes(toGame.join, password, ourName, '1'));
    await this.wait<undefined>({ ms: this.deadlines.join, late: 'timeout', signal }, (done) => ({
      hear: ({ type, body }) => {
        if (type === fromGame.welcome) done(undefined);
        else if (type !== fromGame.protocol) this.refused(type, body);
      },
      // To a wrong password the game closes, often before it has got rid of its word on it.
      gone: (isBroken) => {
        if (this.reader.isInside) this.fault('bad-reply');
        else this.fault(isBroken ? 'unreachable' : 'auth-rejected');
      },
    }));
  }

  /**
   * One command, when the one before has been answered. Resolves with what the game has printed to it. endsGame: the end of
   * the line is an answer too. Rejects unreachable, timeout, bad-reply, cancelled; it may have been carried out (`isSent`).
   */
  async exchange(command: string, ms: number, endsGame: boolean, signal?: AbortSignal): Promise<string> {
    if (this.hasEnded) throw new Failure('unreachable', { port: this.place.port });
    const lines: string[] = [];
    const said = (): string => lines.join('\n');
    this.heard = 0;
    this.socket.write(packetBytes(toGame.console, command));
    return await this.wait<string>({ ms, late: 'timeout', signal, about: { isSent: true } }, (done) => ({
      hear: ({ type, body }) => {
        // In front of the text is its colour.
        if (type === fromGame.line) lines.push(textOf(body.subarray(2)));
        else if (type === fromGame.end || (type === fromGame.shutdown && endsGame)) done(said());
        else if (type === fromGame.error) this.refused(type, body);
      },
      gone: (isBroken) => {
        if (endsGame && !this.reader.isInside) done(said());
        else this.fault(this.reader.isInside && !isBroken ? 'bad-reply' : 'unreachable');
      },
    }));
  }

  /** Ends it at once; what is waited for rejects cancelled. */
  close(): void {
    this.fault('cancelled');
  }

  private refused(type: number, body: Buffer): void {
    const code = body[0] ?? -1;
    if (type === fromGame.full) this.fault('unreachable', { detail: 'too many administrators' });
    else if (type === fromGame.banned) this.fault('auth-rejected', { detail: 'banned' });
    else if (type !== fromGame.error) this.fault('bad-reply', { detail: 'no admin port' });
    else if (code === errorCodes.wrongPassword) this.fault('auth-rejected');
    // From version 14 on a password in plain text is taken only where its settings say so.
    else if (code === errorCodes.notAuthorised)
      this.fault('bad-reply', { detail: 'allow_insecure_admin_login is off' });
    else this.fault('bad-reply', { detail: `error ${code}` });
  }

  private take(chunk: Buffer): void {
    this.heard += chunk.length;
    try {
      if (this.heard > maxHeard) throw new NoPacket();
      for (const packet of this.reader.push(chunk)) this.ears?.hear(packet);
    } catch (error) {
      if (!(error instanceof NoPacket)) throw error;
      this.fault('bad-reply');
    }
  }

  private gone(isBroken: boolean): void {
    if (this.hasEnded) return;
    this.ears?.gone(isBroken);
    this.close();
  }

  /** Rejects `late` at the deadline and cancelled by the signal, and the line is closed then. */
  private async wait<T>(
    bounds: { ms: number; late: ErrorCode; signal: AbortSignal | undefined; about?: FailureData },
    listen: (done: (value: T) => void) => Partial<Ears>,
  ): Promise<T> {
    const { ms, late, signal, about } = bounds;
    return await new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.fault(late, { ms });
      }, ms);
      const calledOff = (): void => {
        this.close();
      };
      const over = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', calledOff);
        this.ears = undefined;
      };
      const own = listen((value) => {
        over();
        resolve(value);
      });
      this.ears = {
        hear: () => undefined,
        gone: () => {
          this.fault(this.reader.isInside ? 'bad-reply' : 'unreachable');
        },
        fail: (failure) => {
          over();
          reject(new Failure(failure.code, { ...failure.data, ...about }));
        },
        ...own,
      };
      signal?.addEventListener('abort', calledOff);
      if (signal?.aborted === true) calledOff();
      else if (this.hasEnded) this.ears.fail(new Failure('unreachable', { port: this.place.port }));
    });
  }

  private fault(code: ErrorCode, about: FailureData = {}): void {
    this.hasEnded = true;
    this.socket.destroy();
    this.ears?.fail(new Failure(code, { port: this.place.port, ...about }));
  }
}
