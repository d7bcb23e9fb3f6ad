import net from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { Failure } from '../../shared/failure.js';
import { counted } from './traffic.js';

/** Milliseconds for each part of a conversation. */
const usual = { connect: 2000, authenticate: 2000, command: 5000 };
/** A console speaks in short lines; whatever sends this much is none. */
const maxBytes = 1024 * 1024;
const maxLine = 64 * 1024;
const maxReplyLines = 1000;

export interface EconOptions {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  /** Others than the usual ones. */
  readonly deadlines?: Readonly<typeof usual>;
}

export interface EconCommandOptions {
  /** Milliseconds for its answer, others than the usual ones. */
  readonly ms?: number;
  readonly signal?: AbortSignal;
}

/** The TCP console of Teeworlds and its relatives: lines both ways, a password first, the game's log in between. */
export class EconClient {
  constructor(private readonly options: EconOptions) {}

  /**
   * Opens a connection, says one command and closes it again. Resolves with what the game said to it and to its log
   * meanwhile, null for nothing; also where the game ends over it. Rejects unreachable, auth-rejected, timeout, bad-reply,
   * cancelled. `isSent`: whether it may have been carried out.
   */
  async command(line: string, { ms, signal }: EconCommandOptions = {}): Promise<string | null> {
    const { port, password, deadlines = usual } = this.options;
    if (!isOneLine(line)) throw new Failure('invalid-definition', { detail: 'must be a single line' });
    if (!isOneLine(password)) throw new Failure('auth-rejected', { port });
    if (signal?.aborted === true) throw new Failure('cancelled', { port });
    const conversation = new Conversation(this.options);
    const cancel = (): void => {
      conversation.cancel();
    };
    signal?.addEventListener('abort', cancel);
    try {
      await conversation.until((heard) => heard.isConnected, deadlines.connect, 'unreachable');
      await conversation.until((heard) => heard.some(/^Enter password:/), deadlines.authenticate, 'timeout');
      conversation.say(password);
      await conversation.until((heard) => heard.isAuthenticated(), deadlines.authenticate, 'timeout');
      // The game carries out what it was told before it sees that nothing more comes, and closes its side then. It must
      // not be the first to close, as it is when it ends: for a minute no new one could open its console on that port.
      conversation.sayLast(line);
      await conversation.until((heard) => heard.hasEnded(), ms ?? deadlines.command, 'timeout');
      const reply = conversation.lines.filter((heard) => !isAboutItself(heard, line));
      return reply.length === 0 ? null : reply.join('\n');
    } finally {
      signal?.removeEventListener('abort', cancel);
      conversation.dispose();
    }
  }
}

/** What is said about the connection and the command, and not as an answer to it. */
function isAboutItself(heard: string, line: string): boolean {
  return (
    heard === '' ||
    heard === 'Closing console' ||
    /^\[[^\]]*\]\[econ\]: /.test(heard) ||
    heard.endsWith(` cmd='${line}'`)
  );
}

/** One connection: what was heard on it, and how it ended. Nothing of it is kept without bound. */
class Conversation {
  readonly lines: string[] = [];
  isConnected = false;
  private readonly socket: net.Socket;
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';
  private bytes = 0;
  private isClosed = false;
  private isBroken = false;
  private isNoConsole = false;
  private isCancelled = false;
  private isLastSaid = false;
  private changed: () => void = () => undefined;

  constructor(private readonly place: { readonly host: string; readonly port: number }) {
    this.socket = counted(net.connect({ host: place.host, port: place.port }));
    this.socket.setNoDelay(true);
    this.socket.on('connect', () => {
      this.isConnected = true;
      this.changed();
    });
    this.socket.on('data', (chunk: Buffer) => {
      this.take(chunk);
    });
    this.socket.on('error', () => {
      this.isBroken = true;
      this.close();
    });
    this.socket.on('end', () => {
      this.close();
    });
    this.socket.on('close', () => {
      this.close();
    });
  }

  some(pattern: RegExp): boolean {
    return this.lines.some((line) => pattern.test(line));
  }

  isAuthenticated(): boolean | Failure {
    // A wrong password is said in a line, too many of them in another one.
    if (this.some(/^Wrong password|^Too many authentication/)) return new Failure('auth-rejected', this.where());
    return this.some(/^Authentication successful/);
  }

  /** The other side has closed; in the middle of a line, or by force, it has not said all. */
  hasEnded(): boolean | Failure {
    if (this.isClosed && (this.isBroken || this.rest !== '')) return new Failure('bad-reply', this.where());
    return this.isClosed;
  }

  say(text: string): void {
    this.socket.write(`${text}\n`);
  }

  sayLast(text: string): void {
    this.lines.length = 0;
    this.isLastSaid = true;
    this.socket.end(`${text}\n`);
  }

  /** Whoever waits is told at once. */
  cancel(): void {
    this.isCancelled = true;
    this.changed();
  }

  /** Rejects with `late` at the deadline; where the other side is gone, or is no such console, with what that means. */
  async until(reached: (heard: this) => boolean | Failure, ms: number, late: 'unreachable' | 'timeout'): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Failure(late, { ...this.where(), ms }));
      }, ms);
      const look = (): void => {
        const outcome = reached(this);
        if (this.isCancelled) reject(new Failure('cancelled', this.where()));
        else if (outcome instanceof Failure) reject(outcome);
        else if (outcome) resolve();
        else if (this.isNoConsole) reject(new Failure('bad-reply', this.where()));
        else if (this.isClosed) reject(new Failure('unreachable', this.where()));
        else return;
        clearTimeout(timer);
        this.changed = () => undefined;
      };
      this.changed = look;
      look();
    });
  }

  dispose(): void {
    this.changed = () => undefined;
    this.socket.destroy();
  }

  private take(chunk: Buffer): void {
    this.bytes += chunk.length;
    // The game puts two zero bytes behind each of its lines.
    const pieces = (this.rest + this.decoder.write(chunk).replaceAll('\0', '')).split(/\r?\n/);
    this.rest = pieces.pop() ?? '';
    this.lines.push(...pieces.slice(0, maxReplyLines - this.lines.length));
    this.isNoConsole ||= this.bytes > maxBytes || this.rest.length > maxLine;
    this.changed();
    if (this.isNoConsole) this.socket.destroy();
  }

  private close(): void {
    this.isClosed = true;
    this.changed();
  }

  private where(): { port: number; isSent: boolean } {
    return { port: this.place.port, isSent: this.isLastSaid };
  }
}

function isOneLine(text: string): boolean {
  return !/[\r\n\0]/.test(text);
}
