import fs from 'node:fs';
import { startTimeByPs } from './psStartTime.js';
import { whyNoNative } from './windows/native.js';
import { startTimeOfPid } from './windows/processes.js';

/**
 * The start time of a living process in the system's own units, which tells it from a later process with the same pid.
 * Linux: clock ticks since boot, field 22 of /proc/<pid>/stat. Windows: a FILETIME in hexadecimal digits. macOS: Unix
 * seconds, by starting `ps`: nothing to ask every few seconds there. Null where the process is gone or nothing tells.
 */
export function processStartTime(pid: number): string | null {
  if (canAskWindows()) return startTimeOfPid(pid);
  if (process.platform === 'darwin') return startTimeByPs(pid) ?? null;
  if (process.platform !== 'linux') return null;
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie has ended; only its parent has not asked for the exit code yet.
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

/** True while this very process lives. Without a start time it can only be asked whether the pid is taken. */
export function isAlive(pid: number, startTime: string | null): boolean {
  if (process.platform === 'linux' || canAskWindows()) {
    const now = processStartTime(pid);
    return now !== null && (startTime === null || now === startTime);
  }
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'darwin' || startTime === null) return true;
  const now = startTimeByPs(pid);
  // Where `ps` does not answer, that the pid is taken is all that is known.
  return now === undefined || now === startTime;
}

function canAskWindows(): boolean {
  return process.platform === 'win32' && whyNoNative() === undefined;
}
