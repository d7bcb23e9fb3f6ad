import net from 'node:net';
import fs from 'node:fs';
import path from 'node:path';
import { ensurePrivateDirectory, errorCode } from './files.js';

export interface Owned {
  release(): void;
}

/**
 * Takes a name that only one living process can hold, and answers everyone who asks there with one line of JSON. Where
 * another holds it, answers what that one says about itself (null if it said nothing in time).
 */
export async function takeOwnership(
  name: string,
  describe: () => object,
  timeoutMs = 5000,
): Promise<{ owned: Owned } | { owner: unknown }> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(JSON.stringify(describe()) + '\n');
    });
    try {
      await listen(server, name);
      // Whoever holds a name need not be kept alive by it.
      server.unref();
      return { owned: { release: () => void server.close() } };
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE') throw error;
    }
    const answer = await ask(name, Math.max(200, Math.min(2000, deadline - Date.now())));
    if (answer !== undefined) return { owner: answer };
    // Nobody answers at a path: its owner is gone and left it behind. Names that vanish by themselves are just free now.
    if (isPath(name)) fs.rmSync(name, { force: true });
    if (Date.now() >= deadline) return { owner: null };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function isPath(name: string): boolean {
  return !name.startsWith('\0') && !name.startsWith('\\\\');
}

export async function listen(server: net.Server, name: string): Promise<void> {
  if (isPath(name)) ensurePrivateDirectory(path.dirname(name));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(name, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** What the holder says, null when it says nothing useful in time, undefined when nobody is there. */
async function ask(name: string, timeoutMs: number): Promise<unknown> {
  return await new Promise((resolve) => {
    let said = '';
    const socket = net.connect(name);
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(null);
    }, timeoutMs);
    const finish = (answer: unknown): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      said = (said + chunk).slice(0, 4096);
    });
    socket.on('error', (error) => {
      const code = errorCode(error);
      // A full backlog or a holder dying under us is somebody; a refusal or a missing name is nobody.
      finish(code === 'ECONNREFUSED' || code === 'ENOENT' ? undefined : null);
    });
    socket.on('end', () => {
      try {
        finish(JSON.parse(said));
      } catch {
        finish(null);
      }
    });
  });
}
