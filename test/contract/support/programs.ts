import { spawn, type ChildProcess } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { until } from '../../core/support/bench.js';

const script = fileURLToPath(new URL('./program.mjs', import.meta.url));

export interface Program {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<unknown>;
  /** All that it and those it has started have said. */
  said(): string;
  /** Those it has started, by their own word. */
  children(): number[];
}

/** Real programs that stand for a server, each in a group of its own; they and theirs are gone after the test. */
export function usePrograms(): { start(kinds?: string[], mark?: string): Promise<Program> } {
  const started: Program[] = [];
  afterEach(async () => {
    for (const program of started.splice(0)) {
      for (const pid of [program.pid, ...program.children()]) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // Ended in the test.
        }
      }
      await program.ended;
    }
  });
  return {
    start: async (kinds = [], mark = '') => {
      const child = spawn(process.execPath, [script, ...kinds], {
        cwd: os.tmpdir(),
        detached: true,
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { ...process.env, GSP_SERVER: mark },
      });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      const program: Program = {
        child,
        pid: child.pid!,
        ended: new Promise((resolve) => child.once('exit', resolve)),
        said: () => text,
        children: () => [...text.matchAll(/^(\d+) is a child$/gm)].map((match) => Number(match[1])),
      };
      started.push(program);
      await until('the program', () => text.includes('is up') && program.children().length === kinds.length);
      return program;
    },
  };
}
