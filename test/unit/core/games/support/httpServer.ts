import { once } from 'node:events';
import net from 'node:net';

/** One request as it came over the wire. */
export interface HeardRequest {
  /** Its first line and its headers. */
  readonly head: string;
  readonly body: string;
  readonly socket: net.Socket;
  /** Which connection it came over, from 1. */
  readonly connection: number;
}

export interface RawServer {
  readonly port: number;
  readonly heard: HeardRequest[];
  readonly connections: net.Socket[];
  close(): Promise<void>;
}

/** A port that answers requests with any bytes. It reads HTTP by itself, so that no library mends what a client writes. */
export async function rawServer(answer: (request: HeardRequest, count: number) => void): Promise<RawServer> {
  const server = net.createServer((socket) => {
    const connection = raw.connections.push(socket);
    let held = '';
    socket
      .on('error', () => undefined)
      .on('data', (chunk: Buffer) => {
        held += chunk.toString('latin1');
        for (;;) {
          const end = held.indexOf('\r\n\r\n');
          const length = Number(/\r\ncontent-length: (\d+)/i.exec(held.slice(0, end))?.[1] ?? 0);
          if (end < 0 || held.length < end + 4 + length) return;
          const request = { head: held.slice(0, end), body: held.slice(end + 4, end + 4 + length), socket, connection };
          held = held.slice(end + 4 + length);
          answer(request, raw.heard.push(request));
        }
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const raw: RawServer = {
    port: (server.address() as net.AddressInfo).port,
    ...{ heard: [], connections: [] },
    async close() {
      for (const socket of this.connections) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
  return raw;
}

/** The bytes of an answer. */
export function httpAnswer(
  status: number,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Buffer {
  const bytes = Buffer.from(body);
  const all = { 'content-type': 'application/json', 'content-length': `${bytes.length}`, ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n`), bytes]);
}
