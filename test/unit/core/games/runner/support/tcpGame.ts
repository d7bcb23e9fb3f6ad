import { once } from 'node:events';
import net from 'node:net';
import { afterEach } from 'vitest';
import type { QueryTalk } from '../../../../../../src/core/games/adapter.js';
import { Failure } from '../../../../../../src/shared/failure.js';

/** A small game of our own: a line of text per connection, and a line of JSON back. */
export interface TcpGame {
  readonly port: number;
  /** What it was asked, in order. */
  readonly asked: string[];
  /** The most conversations that it had at a time. */
  readonly mostAtOnce: number;
  /** null: it takes the line and never answers. */
  answer: (line: string) => unknown;
  close(): Promise<void>;
}

async function tcpGame(answer: TcpGame['answer']): Promise<TcpGame> {
  const sockets = new Set<net.Socket>();
  let mostAtOnce = 0;
  const server = net.createServer((socket) => {
    sockets.add(socket);
    mostAtOnce = Math.max(mostAtOnce, sockets.size);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.once('data', (data: Buffer) => {
      const line = data.toString().trim();
      game.asked.push(line);
      void Promise.resolve(game.answer(line)).then((said) => {
        if (said !== null) socket.end(`${JSON.stringify(said)}\n`);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const game = {
    port: (server.address() as net.AddressInfo).port,
    asked: [] as string[],
    get mostAtOnce() {
      return mostAtOnce;
    },
    answer,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return game;
}

/** Games that are gone after each test. */
export function useTcpGames(): (answer: TcpGame['answer']) => Promise<TcpGame> {
  const games: TcpGame[] = [];
  afterEach(async () => {
    for (const game of games.splice(0)) await game.close();
  });
  return async (answer) => {
    const game = await tcpGame(answer);
    games.push(game);
    return game;
  };
}

/** The other end of it, as an adapter's own code would have it: heeds the signal, and tells what was sent. */
export async function askTcp({ host, port, signal }: QueryTalk, line: string): Promise<unknown> {
  return await new Promise((resolve, reject) => {
    let said = '';
    let isConnected = false;
    const socket = net.connect({ host, port });
    const fail = (code: 'unreachable' | 'cancelled' | 'bad-reply'): void => {
      signal.removeEventListener('abort', cancel);
      socket.destroy();
      reject(new Failure(code, { isSent: isConnected }));
    };
    const cancel = (): void => fail('cancelled');
    signal.addEventListener('abort', cancel);
    socket.once('connect', () => {
      isConnected = true;
      socket.write(`${line}\n`);
    });
    socket.on('data', (data: Buffer) => (said += data.toString()));
    socket.on('error', () => fail('unreachable'));
    socket.on('end', () => {
      signal.removeEventListener('abort', cancel);
      socket.destroy();
      try {
        resolve(JSON.parse(said));
      } catch {
        reject(new Failure('bad-reply'));
      }
    });
  });
}
