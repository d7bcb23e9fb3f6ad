import net from 'node:net';
import { Failure } from '../../../shared/failure.js';
import type { QueryTalk } from '../adapter.js';
import { counted } from '../traffic.js';
import { StatusReader, statusRequest } from './statusReader.js';

/** The deadline's signal may come this much before our own clock says so. */
const nearlyMs = 100;

/**
 * Asks a server for what players see in their list, over a connection of its own, as JSON text. It does not wait for the
 * ping that a player's own program sends behind it. Rejects unreachable, timeout, bad-reply, cancelled.
 */
export async function serverListPing({ host, port, signal, ms }: QueryTalk): Promise<string> {
  return await new Promise<string>((resolve, reject) => {
    const begun = performance.now();
    const reader = new StatusReader();
    let isConnected = false;
    let isOver = false;
    const over = (settle: () => void): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      settle();
    };
    const fail = (code: 'unreachable' | 'timeout' | 'bad-reply' | 'cancelled'): void => {
      over(() => {
        reject(new Failure(code, code === 'timeout' ? { port, ms } : { port }));
      });
    };
    const late = (): void => fail(isConnected ? 'timeout' : 'unreachable');
    const onAbort = (): void => (performance.now() - begun < ms - nearlyMs ? fail('cancelled') : late());
    const gone = (): void => fail(reader.hasBegun ? 'bad-reply' : 'unreachable');
    const timer = setTimeout(late, ms);
    const socket = counted(new net.Socket());
    socket.setNoDelay(true);
    socket.on('connect', () => {
      isConnected = true;
      socket.write(statusRequest(host, port));
    });
    socket.on('data', (chunk: Buffer) => {
      try {
        const status = reader.push(chunk);
        if (status !== undefined) over(() => resolve(status));
      } catch {
        fail('bad-reply');
      }
    });
    for (const event of ['error', 'end', 'close'] as const) socket.on(event, gone);
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) return onAbort();
    try {
      socket.connect({ host, port });
    } catch {
      // A port that is none.
      fail('unreachable');
    }
  });
}
