import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { processStartTime } from '../../../../../src/node/processIdentity.js';

export interface Answer {
  /** By its own count, milliseconds of CPU since it began. */
  cpuMs: number;
  /** The same of those that it has started and waited for. */
  others?: number;
}

export interface Worker {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ref: { pid: number; startTime: string | null };
  ask(command: string): Promise<Answer>;
  ended: Promise<unknown>;
}

export const workerScript = fileURLToPath(new URL('./worker.mjs', import.meta.url));

async function start(command: string, args: string[], options: { cwd?: string } = {}): Promise<Worker> {
  const child = spawn(command, args, { ...options, detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<Answer> => {
    const next = await lines.next();
    if (next.done ?? false) throw new Error('the worker has ended');
    return JSON.parse(next.value) as Answer;
  };
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await answer();
  const pid = child.pid!;
  return {
    child,
    pid,
    ref: { pid, startTime: processStartTime(pid) },
    ask: async (line) => {
      child.stdin.write(`${line}\n`);
      return await answer();
    },
    ended,
  };
}

/** Real processes that count for themselves; they and all they have started are gone after the test. */
export function useWorkers(): {
  worker(): Promise<Worker>;
  /** A shell script that prints a line of JSON when it is set up. */
  shell(script: string, options?: { cwd?: string }): Promise<Worker>;
} {
  const started: Worker[] = [];
  afterEach(async () => {
    for (const { child, pid, ended } of started.splice(0)) {
      try {
        // Each leads a group of its own.
        process.kill(-pid, 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
      await ended;
    }
  });
  const keep = async (starting: Promise<Worker>): Promise<Worker> => {
    const worker = await starting;
    started.push(worker);
    return worker;
  };
  return {
    worker: async () => await keep(start(process.execPath, [workerScript])),
    shell: async (script, options) => await keep(start('/bin/sh', ['-c', script], options)),
  };
}
