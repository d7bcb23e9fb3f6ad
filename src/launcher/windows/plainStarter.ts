import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ensurePrivateDirectory } from '../../node/files.js';
import { Failure, messageOf } from '../../shared/failure.js';
import type { SpawnRequest } from '../../shared/launcherProtocol.js';
import type { End, Started, Starter } from '../starter.js';
import { programFor } from './program.js';

/**
 * Windows where its own calls cannot be made: games run all the same. Their stdin ends with us, they cannot be found
 * again, and have no console that Ctrl+C could be sent to.
 */
export class PlainStarter implements Starter {
  private readonly children = new Map<string, ChildProcess>();

  async start(request: SpawnRequest, onEnd: (end: End) => void): Promise<Started> {
    const { application, batch, env } = programFor(request);
    ensurePrivateDirectory(path.dirname(request.consoleFile));
    const output = fs.openSync(request.consoleFile, 'a', 0o600);
    try {
      const child = spawn(application, batch === undefined ? request.args : [batch], {
        cwd: request.cwd,
        detached: true,
        windowsHide: true,
        windowsVerbatimArguments: batch !== undefined,
        env,
        stdio: ['pipe', output, output],
      });
      const { pid } = child;
      if (pid === undefined) {
        const error = await new Promise<Error>((resolve) => child.once('error', resolve));
        throw new Failure('start-failed', { detail: messageOf(error) }, messageOf(error));
      }
      child.on('error', () => undefined);
      child.stdin?.on('error', () => undefined);
      this.children.set(request.id, child);
      child.once('exit', (code, signal) => {
        this.children.delete(request.id);
        onEnd({ code, signal });
      });
      return { pid, startTime: null };
    } finally {
      fs.closeSync(output);
    }
  }

  /** UTF-8, whatever the encoding. */
  write(id: string, line: string): void {
    const stdin = this.children.get(id)?.stdin;
    if (stdin?.writable !== true) throw new Failure('no-channel', { detail: 'EPIPE' }, 'nobody reads there');
    if (stdin.writableLength > 0) throw new Failure('busy', { what: 'stdin' }, 'stdin is full');
    stdin.write(`${line}\r\n`);
  }

  interrupt(): void {
    // There is no way but to kill it, which is nobody's wish here.
  }
}
