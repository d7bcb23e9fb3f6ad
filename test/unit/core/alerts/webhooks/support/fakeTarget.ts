import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type net from 'node:net';

/** How one request is answered. */
export type Mode =
  | {
      readonly is: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** The head at once, and a body that never ends. */
  | { readonly is: 'trickle'; readonly status: number }
  /** Far more than anybody reads. */
  | { readonly is: 'huge'; readonly status: number }
  | { readonly is: 'slow'; readonly ms: number }
  | { readonly is: 'never' }
  | { readonly is: 'reset' };

export interface HeardPost {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A webhook's receiver that behaves as it is told, over real sockets. After the last mode each request gets that one. */
export class FakeTarget {
  readonly heard: HeardPost[] = [];
  /** Of a huge answer, bytes that were taken off its hands. */
  written = 0;
  modes: Mode[] = [{ is: 'answer', status: 204 }];
  private readonly sockets = new Set<net.Socket>();
  private readonly server: http.Server | https.Server;

  constructor(private readonly tls = false) {
    const hear = (request: http.IncomingMessage, response: http.ServerResponse): void => {
      // Whoever sends it may be gone in the middle of it.
      this.hear(request, response).catch(() => undefined);
    };
    this.server = tls ? https.createServer({ key, cert: certificate }, hear) : http.createServer(hear);
    this.server.on('connection', (socket: net.Socket) => {
      this.sockets.add(socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined));
    });
    this.server.on('tlsClientError', () => undefined);
  }

  async listen(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get port(): number {
    return (this.server.address() as net.AddressInfo).port;
  }

  get host(): string {
    return `127.0.0.1:${String(this.port)}`;
  }

  url(path: string): string {
    return `${this.tls ? 'https' : 'http'}://${this.host}${path}`;
  }

  get connections(): number {
    return this.sockets.size;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private async hear(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const count = this.heard.push({
      ...{ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') },
    });
    this.answer(this.modes[Math.min(count, this.modes.length) - 1]!, request, response);
  }

  private answer(mode: Mode, request: http.IncomingMessage, response: http.ServerResponse): void {
    switch (mode.is) {
      case 'answer':
        response.writeHead(mode.status, mode.headers).end(mode.body);
        return;
      case 'trickle':
        response.writeHead(mode.status).write('x');
        return;
      case 'huge':
        response.writeHead(mode.status);
        this.pour(response);
        return;
      case 'slow':
        setTimeout(() => response.writeHead(204).end(), mode.ms);
        return;
      case 'never':
        return;
      case 'reset':
        request.socket.resetAndDestroy();
    }
  }

  private pour(response: http.ServerResponse): void {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    const more = (): void => {
      if (response.destroyed || this.written > 1024 * 1024 * 1024) return;
      this.written += chunk.length;
      if (response.write(chunk)) setImmediate(more);
      else response.once('drain', more);
    };
    more();
  }
}

/** Self-signed, for localhost and 127.0.0.1; of no use but here. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIURikDekkC/+Z+BBJyzIfUuVHRLLMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzA3MjQxMloYDzIxMjYxMDMw
MDcyNDEyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATGLkZXN1ymUWpWB4uQ5HkD8xIDjXOIrFNXiFy5OpVF8GTJRMotnjXW
ugIh3QK+stusXZzHS0BGT8e6Mq/UFTyoo28wbTAdBgNVHQ4EFgQUG8nOVIvnIN10
FI8nWey99cgyIFMwHwYDVR0jBBgwFoAUG8nOVIvnIN10FI8nWey99cgyIFMwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgf5K4tUqlb1ZBUAmeXlIAh0oUo/DE6SHtWKDQGR+MYoICIEMA
YXHQOdl0q7iND7NFhZbG+jYVA4CSC42KXomphKSt
-----END CERTIFICATE-----`;

const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgC52GC2nWXHejNEIq
N/V3AQ5h6KwTtB/skLQSzZQl/MmhRANCAATGLkZXN1ymUWpWB4uQ5HkD8xIDjXOI
rFNXiFy5OpVF8GTJRMotnjXWugIh3QK+stusXZzHS0BGT8e6Mq/UFTyo
-----END PRIVATE KEY-----`;
