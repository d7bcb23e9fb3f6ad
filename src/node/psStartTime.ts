import { spawnSync } from 'node:child_process';

export const psProgram = '/bin/ps';
/** Times in one spelling, whatever the user's language is and wherever the PC has travelled since. */
export const psEnvironment = { ...process.env, LC_ALL: 'C', TZ: 'UTC0' };
const deadlineMs = 5000;
const lstartForm = /^[A-Z][a-z]{2}\s+[A-Z][a-z]{2}\s+\d+\s+\d\d:\d\d:\d\d\s+\d{4}$/;

/** What `ps` calls lstart, as Unix seconds in digits; null where that cannot be read. */
export function secondsOf(lstart: string): string | null {
  const at = lstartForm.test(lstart) ? Date.parse(`${lstart} UTC`) : NaN;
  return Number.isNaN(at) ? null : String(at / 1000);
}

/**
 * When a living process began, Unix seconds in digits, by starting `ps`: not for anything that happens every few seconds.
 * Null: it is gone. Undefined: that could not be found out.
 */
export function startTimeByPs(pid: number): string | null | undefined {
  const { error, status, stdout } = spawnSync(psProgram, ['-p', String(pid), '-o', 'state=,lstart='], {
    ...{ encoding: 'latin1', env: psEnvironment, timeout: deadlineMs },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (error !== undefined) return undefined;
  const told = /^\s*(\S+)\s+(\S.*?)\s*$/.exec(stdout);
  if (told === null) return status === 1 ? null : undefined;
  const [, state = '', lstart = ''] = told;
  // It has ended; only its parent has not asked for the exit code yet.
  return state.startsWith('Z') ? null : (secondsOf(lstart) ?? undefined);
}
