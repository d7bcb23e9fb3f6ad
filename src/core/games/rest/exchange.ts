import type net from 'node:net';
import type { Client, Dispatcher } from 'undici';
import type { ErrorCode } from '../../../shared/contract.js';
import { Failure, type FailureData } from '../../../shared/failure.js';

export interface Request {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** signal: calls it off. endsAt: the deadline, as of `performance.now()`. */
export interface Bounds {
  readonly signal: AbortSignal;
  readonly endsAt: number;
}

/** lost: on a connection that had been of use before, and without a byte of an answer. */
export type Outcome =
  { readonly is: 'answered'; readonly body: Buffer } | { readonly is: 'failed' | 'lost'; readonly failure: Failure };

interface Wire {
  readonly port: number;
  /** Of the connection that the client has opened last. */
  socket(): net.Socket | undefined;
}

/** One request and its answer. Never rejects; redirects are not followed, and every failure ends the connection. */
export async function exchange(client: Client, request: Request, bounds: Bounds, wire: Wire): Promise<Outcome> {
  return await new Promise((resolve) => {
    new Exchange(request, bounds, wire, resolve).begin(client);
  });
}

class Exchange {
  private readonly chunks: Buffer[] = [];
  private timer: NodeJS.Timeout | undefined;
  private socket: net.Socket | undefined;
  /** What had come over the connection before it was asked. */
  private bytesBefore = 0;
  private isOver = false;

  constructor(
    private readonly request: Request,
    private readonly bounds: Bounds,
    private readonly wire: Wire,
    private readonly resolve: (outcome: Outcome) => void,
  ) {}

  begin(client: Client): void {
    const { signal, endsAt } = this.bounds;
    const msLeft = endsAt - performance.now();
    if (signal.aborted || msLeft <= 0) {
      this.callOff();
      return;
    }
    signal.addEventListener('abort', this.callOff);
    this.timer = setTimeout(() => {
      this.settle('timeout');
    }, msLeft);
    try {
      client.dispatch({ ...this.request, headers: { ...this.request.headers } }, this.handler());
    } catch (error) {
      this.fail(error);
    }
  }

  private handler(): Dispatcher.DispatchHandler {
    return {
      // The connection is there, and the next that undici does is to write to it.
      onRequestStart: (controller) => {
        if (this.isOver) {
          controller.abort(new Error('over'));
          return;
        }
        this.socket = this.wire.socket();
        this.bytesBefore = this.socket?.bytesRead ?? 0;
      },
      onResponseStart: (_, status) => {
        if (status < 300) return;
        // Sent elsewhere, or refused: it has heard, and has not done it.
        const isRefused = status < 500;
        this.settle(status === 401 || status === 403 ? 'auth-rejected' : 'bad-reply', { status }, { isRefused });
      },
      onResponseData: (_, chunk) => {
        this.chunks.push(chunk);
      },
      onResponseEnd: () => {
        this.finish({ is: 'answered', body: Buffer.concat(this.chunks) });
      },
      onResponseError: (_, error) => {
        this.fail(error);
      },
    };
  }

  private readonly callOff = (): void => {
    const { signal, endsAt } = this.bounds;
    const isLate =
      performance.now() >= endsAt || (signal.reason as { name?: unknown } | undefined)?.name === 'TimeoutError';
    this.settle(isLate ? 'timeout' : 'cancelled');
  };

  private fail(error: unknown): void {
    const { code = 'unknown' } = error as { code?: string };
    if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') this.settle('cancelled');
    else if (this.socket === undefined) this.settle('unreachable', { detail: code });
    else if (this.socket.bytesRead > this.bytesBefore) this.settle('bad-reply', { detail: code });
    else this.settle('unreachable', { detail: code }, { isLost: this.bytesBefore > 0 });
  }

  private settle(code: ErrorCode, data: FailureData = {}, { isLost = false, isRefused = false } = {}): void {
    const isSent = this.socket === undefined || isRefused ? {} : { isSent: true };
    const failure = new Failure(code, { port: this.wire.port, ...data, ...isSent });
    this.finish({ is: isLost ? 'lost' : 'failed', failure });
    // Where undici is told to abort, it opens another connection at once, for nobody.
    this.socket?.destroy(failure);
  }

  private finish(outcome: Outcome): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    this.bounds.signal.removeEventListener('abort', this.callOff);
    this.resolve(outcome);
  }
}
