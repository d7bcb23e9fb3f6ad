import { setTimeout as sleep } from 'node:timers/promises';
import { hearCtrlC, joinConsole, leaveConsole, possibleGroups, sendCtrlC } from './consoles.js';
import { isWine } from './wine.js';

/** The system delivers it by threads of its own: leaving the console too early takes it back. */
const deliveryMs = 200;

/**
 * Sends Ctrl+C to the console of a process, so to everybody in it, from within this process: which must have no console of
 * its own that it needs, and is deaf to Ctrl+C from then on until `hearCtrlC`.
 */
export async function interruptFromHere(pid: number): Promise<'done' | 'notAttached' | 'notSent'> {
  // Wine takes "everybody in the console" for "the caller's own process group".
  const groups = isWine() ? possibleGroups(pid) : [0];
  if (!joinConsole(pid)) return 'notAttached';
  hearCtrlC(false);
  const isSent = groups.filter(sendCtrlC).length > 0;
  if (isSent) await sleep(deliveryMs);
  leaveConsole();
  return isSent ? 'done' : 'notSent';
}
