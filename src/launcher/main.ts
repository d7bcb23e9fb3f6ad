import fs from 'node:fs';
import os from 'node:os';
import { prepareEndpoints, readToken } from '../node/endpoint.js';
import { listen, takeOwnership } from '../node/ownership.js';
import { ioPriority, setOwnIoPriority } from '../node/windows/ioPriority.js';
import { Launcher } from './launcher.js';

/*
 * The launcher spawns the game servers at normal priority, writes their stdin, reports their exits and brings the core
 * back, and does nothing else, so that it does not crash. It outlives cores, and updates of them.
 */

async function main(dataDir: string): Promise<void> {
  const endpoints = prepareEndpoints(dataDir);
  const taken = await takeOwnership(endpoints.launcherOwner, () => ({ pid: process.pid }));
  if ('owner' in taken) {
    process.exitCode = 3;
    return;
  }
  resetOutOfMemoryScore();
  raisePriority();
  const launcher = new Launcher(dataDir, readToken(endpoints.tokenFile), taken.owned);
  if (process.platform !== 'win32') fs.rmSync(endpoints.launcher, { force: true });
  await listen(launcher.cores.server, endpoints.launcher);
  process.on('SIGTERM', () => {
    launcher.goingDown.begin();
  });
  launcher.review();
}

/** VS Code runs its processes as early victims of memory shortage; that must not pass on to the games. */
function resetOutOfMemoryScore(): void {
  if (process.platform !== 'linux') return;
  const file = '/proc/self/oom_score_adj';
  try {
    if (Number(fs.readFileSync(file, 'utf8')) > 0) fs.writeFileSync(file, '0');
  } catch {
    // Refused: the system's own policy then.
  }
}

/** On Windows a child of a process below normal is below normal, and anybody may raise himself again. */
function raisePriority(): void {
  if (process.platform !== 'win32') return;
  try {
    os.setPriority(0);
    setOwnIoPriority(ioPriority.normal);
  } catch {
    // Servers get their own at their start.
  }
}

// A terminal's or a session's end is no reason to leave: servers run on.
process.on('SIGHUP', () => undefined);
process.on('SIGINT', () => undefined);

const given = process.argv[process.argv.indexOf('--data-dir') + 1];
if (process.argv.includes('--data-dir') && given !== undefined) void main(given);
else process.exitCode = 2;
