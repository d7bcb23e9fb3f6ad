import net from 'node:net';
import { busCall, cutMessages, type BusMessage } from './busMessage.js';

const signal = 4;
const answer = 2;
const subscription = 2;
const readyMs = 10_000;
const maxGreetingBytes = 4096;

export interface SystemBusParts {
  /** Which broadcasts to be told of, in the bus's own language. */
  readonly rule: string;
  /** The bus has taken the subscription. */
  onReady(): void;
  onSignal(message: BusMessage): void;
  /** Also when there is no bus at all. */
  onEnd(): void;
}

/** A subscription to broadcasts on the system's D-Bus, over its socket: nothing is spawned for it, and nothing asked. */
export class SystemBus {
  private readonly socket: net.Socket;
  private received = Buffer.alloc(0);
  private isGreeted = false;
  private isEnded = false;
  private readonly deadline: NodeJS.Timeout;

  constructor(private readonly parts: SystemBusParts) {
    this.socket = net.connect(socketPath(process.env.DBUS_SYSTEM_BUS_ADDRESS));
    this.deadline = setTimeout(() => {
      this.end();
    }, readyMs);
    const uid = Buffer.from(String(process.getuid?.() ?? 0)).toString('hex');
    this.socket.on('connect', () => this.socket.write(`\0AUTH EXTERNAL ${uid}\r\n`));
    this.socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk]);
      try {
        this.read();
      } catch {
        this.end();
      }
    });
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.end();
    });
    // What is worth waiting for keeps the launcher alive by itself.
    this.socket.unref();
  }

  close(): void {
    this.isEnded = true;
    clearTimeout(this.deadline);
    this.socket.destroy();
  }

  private end(): void {
    if (this.isEnded) return;
    this.close();
    this.parts.onEnd();
  }

  private read(): void {
    if (!this.isGreeted && !this.greet()) return;
    const { messages, rest } = cutMessages(this.received);
    this.received = Buffer.from(rest);
    for (const message of messages) this.take(message);
  }

  /** True once the other side has let us in. */
  private greet(): boolean {
    const end = this.received.indexOf('\r\n');
    if (end < 0) {
      if (this.received.length > maxGreetingBytes) this.end();
      return false;
    }
    if (!this.received.toString('latin1', 0, end).startsWith('OK')) {
      this.end();
      return false;
    }
    this.received = this.received.subarray(end + 2);
    this.isGreeted = true;
    this.socket.write('BEGIN\r\n');
    this.socket.write(Buffer.concat([busCall(1, 'Hello'), busCall(subscription, 'AddMatch', this.parts.rule)]));
    return true;
  }

  private take(message: BusMessage): void {
    if (message.type === answer && message.replyTo === subscription) {
      clearTimeout(this.deadline);
      this.parts.onReady();
    }
    // The bus has checked who sends a broadcast; anybody may send one to us alone.
    if (message.type === signal && message.destination === undefined) this.parts.onSignal(message);
  }
}

/** Of an address as in DBUS_SYSTEM_BUS_ADDRESS; what is not understood is the usual place. */
function socketPath(address: string | undefined): string {
  const [, kind, value] = /^unix:(path|abstract)=([^,;]+)/.exec(address ?? '') ?? [];
  if (value === undefined) return '/run/dbus/system_bus_socket';
  return kind === 'abstract' ? `\0${value}` : value;
}
