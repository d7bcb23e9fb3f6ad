import net from 'node:net';

interface Reply {
  result?: unknown;
  error?: { code: number; message: string; data?: { code?: string } & Record<string, unknown> };
}

interface Notification {
  method: string;
  params: unknown;
}

/**
 * Speaks JSON-RPC 2.0 with Content-Length framing, and knows nothing else: what comes out of the socket is looked at as
 * it is, by none of the product's own code.
 */
export class RawClient {
  readonly notifications: Notification[] = [];
  /** What is no answer to a request of ours and no notification. */
  readonly strange: unknown[] = [];
  isClosed = false;
  private buffered = Buffer.alloc(0);
  private nextId = 1;
  private readonly waiting = new Map<number, (reply: Reply) => void>();

  private constructor(private readonly socket: net.Socket) {
    socket.on('data', (chunk) => {
      this.buffered = Buffer.concat([this.buffered, chunk]);
      for (let message = this.take(); message !== undefined; message = this.take()) this.receive(message);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.isClosed = true;
      for (const answer of this.waiting.values()) answer({});
    });
  }

  static async connect(endpoint: string): Promise<RawClient> {
    const socket = net.connect(endpoint);
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new RawClient(socket);
  }

  async hello(token: string): Promise<Reply> {
    return await this.request('core/hello', { token, protocol: 1, client: { name: 'contract', version: '1' } });
  }

  /** Params as they are given, right or wrong. {} when the connection ends without an answer. */
  async request(method: string, params: unknown): Promise<Reply> {
    const id = this.nextId++;
    const answered = new Promise<Reply>((resolve) => this.waiting.set(id, resolve));
    this.send({ jsonrpc: '2.0', id, method, ...(params === undefined ? {} : { params }) });
    return await answered;
  }

  send(message: object): void {
    const body = JSON.stringify(message);
    this.socket.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  dispose(): void {
    this.socket.destroy();
  }

  private take(): unknown {
    const end = this.buffered.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const length = Number(/^Content-Length: (\d+)/i.exec(this.buffered.toString('latin1', 0, end))?.[1]);
    if (this.buffered.length < end + 4 + length) return undefined;
    const body = this.buffered.toString('utf8', end + 4, end + 4 + length);
    this.buffered = this.buffered.subarray(end + 4 + length);
    return JSON.parse(body);
  }

  private receive(message: unknown): void {
    const { jsonrpc, id, method, params, ...reply } = message as Reply &
      Partial<Notification> &
      Record<string, unknown>;
    const answer = typeof id === 'number' ? this.waiting.get(id) : undefined;
    if (jsonrpc !== '2.0') this.strange.push(message);
    else if (answer !== undefined && method === undefined) {
      this.waiting.delete(id as number);
      answer(reply);
    } else if (id === undefined && typeof method === 'string') this.notifications.push({ method, params });
    else this.strange.push(message);
  }
}
