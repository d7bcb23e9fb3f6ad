import type { LogWatch } from './logWatch.js';
import { within } from './stopRun.js';

/** Where there is no line to wait for, a program that lives this long counts as running. */
const aliveMs = 2000;
/** Some print their ready line and die at once, as of a port already in use. */
const survivalMs = 500;

/**
 * Waits until a started program is up. `gone` resolves when it has ended or is being stopped. False when it is gone, or
 * when its ready line did not come in time: then it runs, but whether it is well is not known.
 */
export async function isReadyInTime(lines: LogWatch, readySeconds: number, gone: Promise<void>): Promise<boolean> {
  if (!lines.has('ready')) return !(await within(gone, aliveMs));
  const calledOff = new AbortController();
  void gone.then(() => {
    calledOff.abort();
  });
  const line = await lines.next('ready', readySeconds * 1000, calledOff.signal);
  return line !== undefined && !(await within(gone, survivalMs));
}
