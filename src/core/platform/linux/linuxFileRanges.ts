import { spawn, type ChildProcessByStdio } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { cleanEnvironment } from '../../../node/environment.js';
import type { CollapseOutcome, FileRangePort } from '../../ports.js';

const deadlineMs = 30_000;
const strayMs = 2000;

/** Complaints after which another attempt would say the same: the file system, or a program that cannot do it. */
const lasting = /not supported|unrecognized option|invalid option|usage|not found|permission denied/i;
/** Reads a length and a file, and says how it went; the last line of each answer is `end` and the exit code. */
const script =
  'while IFS= read -r bytes && IFS= read -r file; do ' +
  '"$0" --collapse-range --offset 0 --length "$bytes" "$file" 2>&1 </dev/null; echo "end $?"; done';

type Helper = ChildProcessByStdio<Writable, Readable, null>;

/**
 * Node cannot make the system call; util-linux's program does it, once per cut. While it works the file is locked, and a
 * server that prints waits: so it must not stand behind every other program of a busy machine, as this process does. A
 * shell that was started before this process lowered itself starts it at normal priority. Measured with every core busy and
 * 50 MB/s being printed: a server's longest write took 0.7 to 1.1 s with the program at our standing.
 */
export class LinuxFileRanges implements FileRangePort {
  readonly canCollapse = true;
  private helper: Helper | undefined;
  private heard = '';
  private answer: ((text: string) => void) | undefined;

  /** program: what to run instead of util-linux's, for tests. */
  constructor(private readonly program = 'fallocate') {}

  prepare(): void {
    // It ends with its input, which is to say with this process.
    this.helper = this.start();
  }

  async collapseHead(file: string, bytes: number): Promise<CollapseOutcome> {
    if (file.includes('\n')) return 'unsupported';
    const { helper: kept } = this;
    const helper = kept?.exitCode === null && kept.signalCode === null ? kept : this.start();
    const said = await this.ask(helper, file, bytes);
    if (helper !== kept) helper.stdin.end();
    if (said === undefined) {
      this.endStray(file, strayMs);
      return 'failed';
    }
    if (said.endsWith('end 0\n')) return 'done';
    return lasting.test(said) ? 'unsupported' : 'failed';
  }

  endStray(file: string, waitMs: number): boolean {
    const end = Date.now() + waitMs;
    for (let strays = this.strays(file); strays.length > 0; strays = this.strays(file)) {
      for (const pid of strays) kill(pid);
      if (Date.now() > end) return false;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
    return true;
  }

  private start(): Helper {
    const helper = spawn('/bin/sh', ['-c', script, this.program], {
      detached: true,
      env: { ...cleanEnvironment(process.env), LC_ALL: 'C' },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    helper.on('error', () => undefined);
    helper.stdin.on('error', () => undefined);
    helper.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.heard = (this.heard + text).slice(-2000);
      if (/^end \d+\n$/m.test(this.heard)) this.answer?.(this.heard);
    });
    return helper;
  }

  /** What the program said; undefined when the shell has gone or the deadline is over. One at a time. */
  private async ask(helper: Helper, file: string, bytes: number): Promise<string | undefined> {
    return await new Promise((resolve) => {
      const finish = (said?: string): void => {
        clearTimeout(timer);
        this.answer = undefined;
        helper.off('close', gone);
        resolve(said);
      };
      const gone = (): void => {
        finish();
      };
      const timer = setTimeout(gone, deadlineMs);
      this.heard = '';
      this.answer = finish;
      helper.once('close', gone);
      helper.stdin.write(`${bytes}\n${file}\n`);
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
