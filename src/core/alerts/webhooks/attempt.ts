import type { Client, Dispatcher } from 'undici';
import type { Headers } from './waits.js';

/** Of an answer; what comes after it is not read. */
const bodyBytes = 16 * 1024;

export interface Letter {
  /** A secret: it is nowhere said but to its host. */
  readonly url: string;
  /** JSON. */
  readonly body: string;
  /** Of what is told: the same in each repetition. */
  readonly id: string;
}

export interface AttemptBounds {
  /** Calls it off. */
  readonly signal: AbortSignal;
  /** For all of it together: name, connection, request and answer. Milliseconds. */
  readonly ms: number;
  /** Authorities to be trusted beside the usual ones, PEM. */
  readonly ca?: string | undefined;
}

/**
 * code: of the system, of TLS or of undici, `timeout` or `cancelled`; it never holds the address. isSent: the request had
 * gone out, or was about to; nobody knows whether it was heard.
 */
export type Attempted =
  | { readonly is: 'answered'; readonly status: number; readonly headers: Headers; readonly body: string }
  | { readonly is: 'failed'; readonly code: string; readonly isSent: boolean };

/**
 * One request, on a connection of its own: one that was kept might be closed by the other side at this very moment, and
 * nobody would know whether the request was heard. Never rejects. Redirects are answers: an address with a secret in it is
 * not told to whoever another host names.
 */
export async function attempt(letter: Letter, bounds: AttemptBounds): Promise<Attempted> {
  const { protocol, origin } = URL.canParse(letter.url) ? new URL(letter.url) : { protocol: '', origin: '' };
  if (protocol !== 'https:' && protocol !== 'http:') return { is: 'failed', code: 'bad-address', isSent: false };
  const connect = { timeout: bounds.ms, ...(bounds.ca === undefined ? {} : { ca: bounds.ca }) };
  // Its client by itself, and not before there is something to tell: all of it is a megabyte.
  const { default: UndiciClient } = await import('undici/lib/dispatcher/client.js');
  const client = new UndiciClient(origin, { connect, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
  try {
    return await new Promise<Attempted>((resolve) => {
      new Attempt(letter, bounds, resolve).begin(client);
    });
  } finally {
    void client.destroy().catch(() => undefined);
  }
}

class Attempt {
  private readonly chunks: Buffer[] = [];
  private bytes = 0;
  private head: { status: number; headers: Headers } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private isSent = false;
  private isOver = false;

  constructor(
    private readonly letter: Letter,
    private readonly bounds: AttemptBounds,
    private readonly resolve: (attempted: Attempted) => void,
  ) {}

  begin(client: Client): void {
    const { signal, ms } = this.bounds;
    if (signal.aborted) {
      this.settle('cancelled');
      return;
    }
    signal.addEventListener('abort', this.callOff);
    this.timer = setTimeout(() => {
      this.settle('timeout');
    }, ms);
    try {
      client.dispatch(this.request(), this.handler());
    } catch (error) {
      this.settle(codeOf(error));
    }
  }

  private request(): Dispatcher.DispatchOptions {
    const { url, body, id } = this.letter;
    const { pathname, search, username, password } = new URL(url);
    const user = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
    return {
      ...{ method: 'POST', path: pathname + search, body, reset: true },
      headers: {
        ...{ 'content-type': 'application/json', 'user-agent': 'GameServerPanel', 'idempotency-key': id },
        ...(username === '' && password === '' ? {} : { authorization: `Basic ${user}` }),
      },
    };
  }

  private handler(): Dispatcher.DispatchHandler {
    return {
      // The connection is there, and the next that undici does is to write to it.
      onRequestStart: (controller) => {
        if (this.isOver) controller.abort(new Error('over'));
        else this.isSent = true;
      },
      onResponseStart: (_, status, headers) => {
        if (status >= 200) this.head = { status, headers: { ...headers } };
      },
      onResponseData: (_, chunk) => {
        this.chunks.push(chunk.subarray(0, bodyBytes - this.bytes));
        this.bytes += chunk.length;
        if (this.bytes >= bodyBytes) this.settle('long');
      },
      onResponseEnd: () => {
        this.settle('over');
      },
      onResponseError: (_, error) => {
        this.settle(codeOf(error));
      },
    };
  }

  private readonly callOff = (): void => {
    this.settle('cancelled');
  };

  /** Whatever becomes of its body: an answer whose status has come is an answer. */
  private settle(code: string): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.timer);
    this.bounds.signal.removeEventListener('abort', this.callOff);
    const body = Buffer.concat(this.chunks).toString('utf8');
    this.resolve(
      this.head === undefined ? { is: 'failed', code, isSent: this.isSent } : { is: 'answered', ...this.head, body },
    );
  }
}

/** Only the code: messages of TLS and of name lookups repeat what they were given. */
function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  const told = code ?? cause?.code;
  return typeof told === 'string' && /^[A-Z0-9_]+$/.test(told) ? told : 'unknown';
}
