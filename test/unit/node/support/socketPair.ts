import net from 'node:net';
import { afterEach } from 'vitest';

export interface SocketPair {
  near: net.Socket;
  far: net.Socket;
}

/** Makes pairs of real sockets, connected to each other; all are gone after the test. */
export function useSocketPairs(): () => Promise<SocketPair> {
  const open: { destroy(): void }[] = [];
  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
  });
  return async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const arrived = new Promise<net.Socket>((resolve) => server.once('connection', resolve));
    const { port } = server.address() as net.AddressInfo;
    const near = net.connect(port, '127.0.0.1');
    const far = await arrived;
    if (near.connecting) await new Promise((resolve) => near.once('connect', resolve));
    server.close();
    open.push(near, far);
    return { near, far };
  };
}

export const sleep = async (ms: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
};

/** Waits until it is so; fails with its name when it never is. */
export async function eventually(what: string, isSo: () => boolean, ms = 10_000): Promise<void> {
  for (const end = Date.now() + ms; !isSo(); await sleep(5)) {
    if (Date.now() > end) throw new Error(`waited ${ms} ms for ${what}`);
  }
}
