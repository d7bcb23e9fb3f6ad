import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { secondsOf } from '../../../node/psStartTime.js';
import type { Heir, SeenProcess } from '../../ports.js';
import { psNow, psTableNow } from './ps.js';

/** What is told of other processes on demand, and of the machine. */
export interface Surroundings {
  list(): SeenProcess[];
  heirs(mark: string): Heir[];
  /** Bytes; null where that is not told. */
  rssOf(pid: number): number | null;
  bootId(): string | null;
}

/** Where nothing tells. */
export const noSurroundings: Surroundings = {
  list: () => [],
  heirs: () => [],
  rssOf: () => null,
  bootId: () => null,
};

/** By programs that are there: each question starts one, or two. */
export class PsSurroundings implements Surroundings {
  private boot: string | null | undefined;

  constructor(private readonly platform: NodeJS.Platform) {}

  list(): SeenProcess[] {
    const programs = byPid(psNow(['-A', '-ww', '-o', 'pid=,comm=']));
    const seen: SeenProcess[] = [];
    for (const line of psNow(['-A', '-ww', '-o', 'pid=,ppid=,state=,lstart=,command=']).split('\n')) {
      const told = /^\s*(\d+)\s+(\d+)\s+[^Z\s]\S*\s+((?:\S+\s+){4}\S+)\s+(.*\S)\s*$/.exec(line);
      if (told === null) continue;
      const [pid, parent] = told.slice(1, 3).map(Number) as [number, number];
      const [lstart, command] = told.slice(3) as [string, string];
      const argv = argvOf(command, programs.get(pid));
      seen.push({ pid, parent, startTime: secondsOf(lstart), argv, cwd: null });
    }
    return seen;
  }

  /** Their environment is shown of the user's own processes only, and not of those that the system protects. */
  heirs(mark: string): Heir[] {
    const pids = markedPids(mark, this.platform);
    if (pids.length === 0) return [];
    const table = psTableNow();
    return pids.flatMap((pid) => table.get(pid) ?? []);
  }

  rssOf(pid: number): number | null {
    const kilobytes = psNow(['-p', String(pid), '-o', 'rss=']).trim();
    return /^\d+$/.test(kilobytes) ? Number(kilobytes) * 1024 : null;
  }

  bootId(): string | null {
    if (this.boot === undefined) this.boot = this.platform === 'darwin' ? bootSession() : null;
    return this.boot;
  }
}

/** The living processes of one start, by the mark in their environment; none where that is not shown. */
export function markedPids(mark: string, platform: NodeJS.Platform): number[] {
  if (mark === '') return [];
  const shown = platform === 'darwin' ? ['-A', '-E', '-ww'] : ['axeww'];
  const needle = ` GSP_SERVER=${mark}`;
  const pids: number[] = [];
  for (const [pid, text] of byPid(psNow([...shown, '-o', 'pid=,command=']))) {
    const isMarked = text.includes(`${needle} `) || text.endsWith(needle);
    if (isMarked && pid !== process.pid) pids.push(pid);
  }
  return pids;
}

/** The rest of the line behind each pid. */
function byPid(text: string): Map<number, string> {
  const found = new Map<number, string>();
  for (const line of text.split('\n')) {
    const told = /^\s*(\d+)\s+(.*\S)\s*$/.exec(line);
    if (told !== null) found.set(Number(told[1]), told[2] ?? '');
  }
  return found;
}

/** `ps` separates words by spaces that they may have themselves; of the program it is known where it ends. */
function argvOf(command: string, program: string | undefined): string[] {
  if (program === undefined || !path.isAbsolute(program) || !`${command} `.startsWith(`${program} `)) {
    return command.split(/\s+/);
  }
  return [program, ...command.slice(program.length).split(/\s+/).filter(Boolean)];
}

function bootSession(): string | null {
  const { status, stdout } = spawnSync('/usr/sbin/sysctl', ['-n', 'kern.bootsessionuuid'], {
    ...{ encoding: 'latin1', timeout: 5000 },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : null;
}
