import net from 'node:net';
import type { ErrorCode } from '../../../shared/contract.js';
import { Failure, type FailureData } from '../../../shared/failure.js';
import { counted } from '../traffic.js';
import { Answer } from './answer.js';
import type { Dialect } from './dialects.js';
import { frameBytes, FrameReader, maxLength, NoFrame, packetType, type Frame } from './frames.js';

/** The identifier with which a game refuses. */
const refused = -1;
/** Heard for one command, packets for nobody included: whatever sends more is no console. */
const maxHeard = 2 * maxLength;

/** Milliseconds. */
export interface OpeningDeadlines {
  readonly connect: number;
  readonly authenticate: number;
}

export interface LineOptions {
  readonly host: string;
  readonly port: number;
  readonly dialect: Dialect;
  readonly deadlines: OpeningDeadlines;
  /** The line is of no more use. Told once. */
  onClosed(this: void, reason: ErrorCode): void;
}

/** What is waited for at the moment. */
interface Ears {
  hear(frame: Frame): void;
  /** All that came in one piece has been heard. */
  pause(): void;
  /** The other side is gone, orderly or by force. */
  gone(isBroken: boolean): void;
  fail(failure: Failure): void;
}

/** One connection: opened once, then one command at a time. Any fault ends it, and whoever waits is told. */
export class RconLine {
  private readonly socket: net.Socket;
  private readonly reader = new FrameReader();
  private ears: Ears | undefined;
  private isClosed = false;
  private heard = 0;
  private lastId = 0;

  /** Begins to connect. */
  constructor(private readonly options: LineOptions) {
    this.socket = counted(net.connect({ host: options.host, port: options.port }));
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk: Buffer) => {
      this.take(chunk);
    });
    this.socket.on('error', () => {
      this.gone(true);
    });
    this.socket.on('end', () => {
      this.gone(false);
    });
    this.socket.on('close', () => {
      this.gone(false);
    });
  }

  /** Call once, before anything else. Rejects unreachable, auth-rejected, timeout, bad-reply, cancelled. */
  async open(password: string): Promise<void> {
    const { connect, authenticate } = this.options.deadlines;
    await this.wait<undefined>(connect, 'unreachable', (done) => {
      this.socket.once('connect', () => {
        done(undefined);
      });
      return {};
    });
    const id = this.nextId();
    this.socket.write(frameBytes(id, packetType.password, password));
    await this.wait<undefined>(authenticate, 'timeout', (done) => ({
      // Many games send an empty answer first. It carries the same identifier, and says nothing about the password.
      hear: (frame) => {
        const isMine = frame.id === id || (this.options.dialect.answersAsZero === true && frame.id === 0);
        if (frame.id === refused) this.fault('auth-rejected');
        else if (isMine && frame.type === packetType.passwordAnswer) done(undefined);
      },
    }));
  }

  /**
   * One command, when the one before has been answered. endsGame: the end of the line is an answer too. Rejects unreachable,
   * auth-rejected, timeout, bad-reply, cancelled; what is rejected may have been carried out (`isSent`).
   */
  async exchange(command: string, ms: number, endsGame: boolean): Promise<string> {
    const { dialect, port } = this.options;
    if (this.isClosed) throw new Failure('unreachable', { port });
    const id = this.nextId();
    const mark = this.nextId();
    const answer = new Answer(dialect, id, mark);
    this.heard = 0;
    this.socket.write(frameBytes(id, packetType.command, command));
    if (dialect.end.by === 'echo') this.socket.write(frameBytes(mark, dialect.end.type));
    let silence: NodeJS.Timeout | undefined;
    const reply = this.wait<string>(
      ms,
      'timeout',
      (done) => ({
        hear: (frame) => {
          if (frame.id === refused) return this.fault('auth-rejected');
          const state = answer.take(frame);
          if (state === 'whole') done(answer.text);
          if (state === 'ask' && 'type' in dialect.end) this.socket.write(frameBytes(mark, dialect.end.type));
        },
        pause: () => {
          clearTimeout(silence);
          const after = this.reader.isInside ? dialect.cutSilenceMs : answer.silenceMs;
          if (after === undefined) return;
          silence = setTimeout(() => {
            this.expectingFrames(() => this.settleBySilence(answer, done));
          }, after);
        },
        gone: (isBroken) => {
          const isWhole = answer.hasBegun && !isBroken && !this.reader.isInside;
          if (isWhole || endsGame) done(answer.text);
          else this.fault(answer.hasBegun || this.reader.isInside ? 'bad-reply' : 'unreachable');
        },
      }),
      { isSent: true },
    );
    return await reply.finally(() => {
      clearTimeout(silence);
    });
  }

  /** Ends it at once; what is waited for rejects cancelled. */
  close(): void {
    this.fault('cancelled');
  }

  /** Nothing more comes. Behind half a packet, or a mark without an answer, nobody knows what the next bytes belong to. */
  private settleBySilence(answer: Answer, done: (text: string) => void): void {
    const cut = this.reader.begun();
    const isForeign = cut !== undefined && !answer.isMine(cut);
    if (isForeign || (this.reader.isInside && cut === undefined)) return;
    if (cut !== undefined) answer.take(cut);
    done(answer.text);
    if (cut !== undefined || answer.isMarkOut) this.close();
  }

  private take(chunk: Buffer): void {
    this.heard += chunk.length;
    this.expectingFrames(() => {
      if (this.heard > maxHeard) throw new NoFrame();
      for (const frame of this.reader.push(chunk)) this.ears?.hear(frame);
      this.ears?.pause();
    });
  }

  private expectingFrames(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof NoFrame)) throw error;
      this.fault('bad-reply');
    }
  }

  private gone(isBroken: boolean): void {
    if (this.isClosed) return;
    this.ears?.gone(isBroken);
    this.close();
  }

  /** Rejects `late` at the deadline, and the line is closed then. */
  private async wait<T>(
    ms: number,
    late: ErrorCode,
    listen: (done: (value: T) => void) => Partial<Ears>,
    about: FailureData = {},
  ): Promise<T> {
    return await new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.fault(late, { ms });
      }, ms);
      const over = (): void => {
        clearTimeout(timer);
        this.ears = undefined;
      };
      const own = listen((value) => {
        over();
        resolve(value);
      });
      this.ears = {
        hear: () => undefined,
        pause: () => undefined,
        gone: () => this.fault(this.reader.isInside ? 'bad-reply' : 'unreachable'),
        fail: (failure) => {
          over();
          reject(new Failure(failure.code, { ...failure.data, ...about }));
        },
        ...own,
      };
      if (this.isClosed) this.ears.fail(new Failure('unreachable', { port: this.options.port }));
    });
  }

  private fault(code: ErrorCode, about: FailureData = {}): void {
    if (!this.isClosed) {
      this.isClosed = true;
      this.socket.destroy();
      this.options.onClosed(code);
    }
    this.ears?.fail(new Failure(code, { port: this.options.port, ...about }));
  }

  /** Never 0 or -1, which games use on their own, and never one of before. */
  private nextId(): number {
    this.lastId = this.lastId >= 0x7fff_fffe ? 1 : this.lastId + 1;
    return this.lastId;
  }
}
