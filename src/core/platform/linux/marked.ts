import fs from 'node:fs';
import path from 'node:path';
import type { Heir } from '../../ports.js';
import { pageBytes } from './linuxTree.js';
import { parseStat } from './processEntry.js';

/**
 * The living processes that carry this start's mark in their environment, whoever their parent is by now. One pass over
 * all processes: for moments when something has ended, never for every round.
 */
export function markedProcesses(mark: string): Heir[] {
  if (mark === '') return [];
  const needle = Buffer.from(`GSP_SERVER=${mark}\0`);
  const found: Heir[] = [];
  for (const entry of fs.readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      const environment = fs.readFileSync(`/proc/${pid}/environ`);
      const at = environment.indexOf(needle);
      // Its own variable, not the end of another one's name.
      if (at < 0 || (at > 0 && environment[at - 1] !== 0)) continue;
      const stat = parseStat(fs.readFileSync(`/proc/${pid}/stat`));
      if (stat.isZombie) continue;
      const name = executableName(pid) ?? '';
      const rssBytes = stat.rssPages * pageBytes;
      found.push({ pid, startTime: String(stat.startTime), parent: stat.parent, name, rssBytes });
    } catch {
      // Another user's, or gone.
    }
  }
  return found;
}

/** The program that a process runs, without its folder; null where that is not told. */
export function executableName(pid: number): string | null {
  try {
    // The kernel says so of a program that was replaced by an update meanwhile.
    return path.basename(fs.readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''));
  } catch {
    return null;
  }
}
