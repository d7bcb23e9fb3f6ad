// Finds processes by a variable in their environment: the one mark that children inherit and keep when they are detached.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** False where the system does not show the environment of processes; then nothing is ever found. */
export const canFindProcesses = process.platform === 'linux';

function readProcess(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // ended meanwhile, or of another user
  }
}

/** Processes started with `variable=value` in their environment, this one excepted. One pass over /proc. */
export function processesWith(variable, value) {
  if (!canFindProcesses) return [];
  const wanted = `${variable}=${value}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => readProcess(pid, 'environ').split('\0').includes(wanted))
    .map((pid) => ({ pid: Number(pid), command: readProcess(pid, 'cmdline').replaceAll('\0', ' ').trim() }));
}

/** Waits until none is left that counts or the time is over, and returns those that are left. */
export async function waitUntilGone(variable, value, graceMs, counts = () => true) {
  const deadline = performance.now() + graceMs;
  for (;;) {
    const left = processesWith(variable, value).filter(counts);
    if (left.length === 0 || performance.now() > deadline) return left;
    await pause(100);
  }
}

/** Kills what is left, again and again, because one that dies may have started another meanwhile. */
export async function killAll(variable, value, limitMs = 5_000) {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const left = processesWith(variable, value);
    if (left.length === 0 || performance.now() > deadline) return left;
    for (const { pid } of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Ended meanwhile.
      }
    }
    await pause(100);
  }
}
