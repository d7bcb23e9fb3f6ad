import { createServer, type Server } from 'node:net';

export interface Status {
  readonly name: string;
  readonly players: number;
  readonly max: number;
  readonly tps: number;
}

/** Answers each connection with one line of JSON, and closes it. Rejects when the port cannot be had. */
export function listen(port: number, status: () => Status): Promise<Server> {
  const server = createServer((socket) => {
    // Who connects and goes away, or stays and says nothing, must not matter.
    socket.on('error', () => undefined);
    socket.setTimeout(5_000, () => socket.destroy());
    socket.resume();
    socket.end(`${JSON.stringify(status())}\n`);
    // An open connection must not keep a stopped server alive.
    socket.unref();
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      resolve(server);
    });
  });
}
