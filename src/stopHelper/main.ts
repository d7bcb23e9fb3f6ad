import { closeWindowsOf } from '../node/windows/desktop.js';
import { interruptFromHere } from '../node/windows/interrupt.js';

/*
 * Windows only: tells game servers to stop. `ctrl-c PID` sends Ctrl+C to the console of that process, `close PID...`
 * asks the windows of these to close. A process of its own, since one can be in one console at a time, and is itself among
 * those that Ctrl+C is meant for. The exit code says what came of it.
 */

const exit = { done: 0, badUsage: 1, notAttached: 2, notSent: 3, noWindow: 4 } as const;
async function main([what, ...words]: string[]): Promise<number> {
  const pids = words.map(Number);
  const [first] = pids;
  if (first === undefined || !pids.every((pid) => Number.isInteger(pid) && pid > 0)) return exit.badUsage;
  if (what === 'ctrl-c' && pids.length === 1) return exit[await interruptFromHere(first)];
  if (what === 'close') return closeWindowsOf(pids) > 0 ? exit.done : exit.noWindow;
  return exit.badUsage;
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  () => process.exit(exit.badUsage),
);
