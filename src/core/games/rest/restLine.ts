import net from 'node:net';
import type { Client } from 'undici';
import { Failure } from '../../../shared/failure.js';
import { counted } from '../traffic.js';
import { exchange, type Bounds, type Request } from './exchange.js';

/** Milliseconds. */
const connectMs = 2000;
/** Longer than any time between two looks, so that looking opens no connection each time. */
const keepMs = 60_000;
const maxBodyBytes = 1_000_000;
const maxHeaderBytes = 16_384;

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** One connection to an HTTP interface, opened when it is needed and kept as long as the other side keeps it. */
export class RestLine {
  private client: Client | undefined;
  private socket: net.Socket | undefined;
  private isClosed = false;

  constructor(readonly place: Place) {}

  /** Resolves with the body. Rejects unreachable, auth-rejected, timeout, bad-reply, cancelled. */
  async ask(request: Request, bounds: Bounds): Promise<Buffer> {
    const client = await this.open();
    const once = async (): ReturnType<typeof exchange> =>
      await exchange(client, request, bounds, { port: this.place.port, socket: () => this.socket });
    let outcome = await once();
    // The other side may close what it was not asked by for a while just when it is asked again. Asking is repeated.
    if (outcome.is === 'lost' && request.method === 'GET') outcome = await once();
    if (outcome.is === 'answered') return outcome.body;
    throw outcome.failure;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.client?.destroy();
    // Where it was still being opened, undici knows nothing of it yet.
    this.socket?.destroy();
  }

  /** Loaded with the first question: it costs megabytes, and most games have no such interface. */
  private async open(): Promise<Client> {
    const { default: UndiciClient } = await import('undici/lib/dispatcher/client.js');
    if (this.isClosed) throw new Failure('cancelled', { port: this.place.port });
    this.client ??= new UndiciClient(originOf(this.place), {
      connect: (_, done) => {
        this.connect(done);
      },
      pipelining: 1,
      keepAliveTimeout: keepMs,
      maxResponseSize: maxBodyBytes,
      maxHeaderSize: maxHeaderBytes,
      // Its own are looked at twice a second, needed or not. Whoever asks brings a deadline.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    return this.client;
  }

  private connect(done: (...result: [null, net.Socket] | [Error, null]) => void): void {
    const socket = counted(net.connect({ ...this.place, noDelay: true, keepAlive: true }));
    this.socket = socket;
    const finish = (error: Error | null): void => {
      clearTimeout(timer);
      socket.off('error', finish).off('connect', onConnect).off('close', onClose);
      if (error === null) done(null, socket);
      else {
        socket.on('error', () => undefined).destroy();
        done(error, null);
      }
    };
    const fail = (code: string) => (): void => {
      finish(Object.assign(new Error(code), { code }));
    };
    const onConnect = (): void => {
      finish(null);
    };
    const onClose = fail('ECONNABORTED');
    const timer = setTimeout(fail('ETIMEDOUT'), connectMs);
    socket.once('error', finish).once('connect', onConnect).once('close', onClose);
  }
}

/** What the other side is told of where it is. A host that no address can be made of fails when it is looked up. */
function originOf({ host, port }: Place): string {
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return URL.canParse(origin) ? origin : `http://localhost:${port}`;
}
