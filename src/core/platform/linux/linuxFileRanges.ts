import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cleanEnvironment } from '../../../node/environment.js';
import type { CollapseOutcome, FileRangePort } from '../../ports.js';

const deadlineMs = 30_000;
const strayMs = 2000;

/** Complaints after which another attempt would say the same: the file system, or a program that cannot do it. */
const lasting = /not supported|unrecognized option|invalid option|usage/i;

/**
 * Node cannot make the system call; util-linux's program does it, once per rotation. Measured on ext4 while a server
 * appended 50 MB/s: its longest write took 28 ms for a head of 195 MB, no line was lost.
 */
export class LinuxFileRanges implements FileRangePort {
  readonly canCollapse = true;

  /** program: what to run instead of util-linux's, for tests. */
  constructor(private readonly program = 'fallocate') {}

  async collapseHead(file: string, bytes: number): Promise<CollapseOutcome> {
    return await this.run(['--collapse-range', '--offset', '0', '--length', String(bytes), file]);
  }

  endStray(file: string): boolean {
    const end = Date.now() + strayMs;
    for (let strays = this.strays(file); strays.length > 0; strays = this.strays(file)) {
      if (Date.now() > end) return false;
      for (const pid of strays) kill(pid);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
    return true;
  }

  private async run(args: readonly string[]): Promise<CollapseOutcome> {
    return await new Promise((resolve) => {
      const child = spawn(this.program, args, {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...cleanEnvironment(process.env), LC_ALL: 'C' },
      });
      const timer = setTimeout(() => {
        // Its end is told by `close`; one that hangs in the kernel does not even end by this, and is not waited for.
        child.kill('SIGKILL');
        setTimeout(resolve, strayMs, 'failed').unref();
      }, deadlineMs);
      let complaint = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint = (complaint + text).slice(-1000)));
      child.once('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        resolve(error.code === 'ENOENT' || error.code === 'EACCES' ? 'unsupported' : 'failed');
      });
      child.once('close', (code) => {
        clearTimeout(timer);
        resolve(code === 0 ? 'done' : lasting.test(complaint) ? 'unsupported' : 'failed');
      });
    });
  }

  private strays(file: string): number[] {
    const wanted = Buffer.from(`\0${file}\0`);
    return fs.readdirSync('/proc').flatMap((name) => {
      if (!/^[0-9]+$/.test(name)) return [];
      try {
        const command = fs.readFileSync(`/proc/${name}/cmdline`);
        const program = path.basename(command.toString('utf8', 0, Math.max(0, command.indexOf(0))));
        return program === path.basename(this.program) && command.includes(wanted) ? [Number(name)] : [];
      } catch {
        // Ended meanwhile.
        return [];
      }
    });
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Ended meanwhile.
  }
}
