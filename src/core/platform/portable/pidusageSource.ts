import type { NumbersSource, ToldProcess, ToldProcesses } from './numbers.js';

/** It starts a second program for a process that it has forgotten: longer than any interval. */
const maxage = 15 * 60_000;
/** An ended one; the second where its file was still open. */
const endedCodes = new Set(['ENOENT', 'ESRCH']);

/** Asks the package of that name, which starts a program per question on Windows. It tells of single processes only. */
export const pidusageSource: NumbersSource = {
  isRootsOnly: true,
  ask: async (pids) => {
    // Loaded where it is needed: on most PCs never.
    const { default: pidusage } = await import('pidusage');
    try {
      return told(await pidusage([...pids], { maxage }));
    } catch (error) {
      // All have ended, or the one that was asked for.
      if (error instanceof Error && 'code' in error && endedCodes.has(String(error.code))) return new Map();
      throw error;
    }
  },
};

function told(
  stats: Readonly<
    Record<
      string,
      { pid: number; ctime: number; memory: number; elapsed: number; timestamp: number } | null | undefined
    >
  >,
): ToldProcesses {
  const processes = new Map<number, ToldProcess>();
  for (const stat of Object.values(stats)) {
    // One that has ended is there without numbers; what could not be understood is no number.
    if (stat == null || !Number.isFinite(stat.ctime) || !Number.isFinite(stat.memory)) continue;
    const { pid, ctime: cpuMs, memory: rssBytes, elapsed, timestamp } = stat;
    const unknown = { parent: null, startTime: null, isSuspended: false, name: null };
    processes.set(pid, { ...unknown, cpuMs, rssBytes, startedAt: timestamp - elapsed });
  }
  return processes;
}
