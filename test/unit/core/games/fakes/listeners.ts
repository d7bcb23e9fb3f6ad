import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import type { FakeMode } from './fakeGame.js';

/* What fakes stand on: listening on a port of their own, and answering as badly as they are told to. */

const nonsense = Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 151 + 7) % 256));
const tenMegabytes = 10 * 1024 * 1024;
const slowMs = 400;

interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** A connection as a fake sees it: what it says is said as the mode of that moment wants it. */
export interface Caller {
  readonly socket: net.Socket;
  answer(bytes: Buffer): void;
}

function badly(socket: net.Socket, mode: FakeMode, bytes: Buffer): void {
  if (mode === 'well') socket.write(bytes);
  if (mode === 'halfClosed') socket.end(bytes.subarray(0, Math.ceil(bytes.length / 2)));
  if (mode === 'reset') socket.resetAndDestroy();
  if (mode === 'garbage') socket.write(nonsense);
  if (mode === 'huge') socket.write(Buffer.concat([bytes, Buffer.alloc(tenMegabytes, bytes)]));
  if (mode === 'slow') {
    let at = 0;
    const timer = setInterval(() => {
      if (at < bytes.length) socket.write(bytes.subarray(at, (at += 1)));
    }, slowMs);
    socket.on('close', () => {
      clearInterval(timer);
    });
  }
}

/** For games that are spoken to over TCP. Whoever hangs up is let go. */
export async function listenTcp(mode: () => FakeMode, meet: (caller: Caller) => void): Promise<Listener> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    meet({
      socket,
      answer: (bytes) => {
        if (socket.writable) badly(socket, mode(), bytes);
      },
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * For games that are asked by datagrams: what is answered to each, null for nothing. Such an answer cannot be slow or broken
 * off; half of it is what comes of halfClosed.
 */
export async function listenUdp(mode: () => FakeMode, answer: (asked: Buffer) => Buffer | null): Promise<Listener> {
  const socket = dgram.createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('error', () => undefined);
  socket.on('message', (asked, { port, address }) => {
    const bytes = answer(asked);
    if (bytes === null) return;
    const how = mode();
    const send = (datagram: Buffer): void => {
      socket.send(datagram, port, address, () => undefined);
    };
    if (how === 'well') send(bytes);
    if (how === 'halfClosed') send(bytes.subarray(0, Math.ceil(bytes.length / 2)));
    if (how === 'garbage') send(nonsense);
    if (how === 'huge') {
      for (let sent = 0; sent < tenMegabytes; sent += 60_000) send(Buffer.concat([bytes, Buffer.alloc(50_000)]));
    }
  });
  return {
    port: socket.address().port,
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** Calls `take` with each line that a caller says. */
export function linesOf({ socket }: Caller, take: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
}
