import fs from 'node:fs';
import { prepareEndpoints, readToken } from '../node/endpoint.js';
import { listen, takeOwnership } from '../node/ownership.js';
import { Failure } from '../shared/failure.js';
import { version } from '../shared/version.js';
import { CoreKeeper } from './coreKeeper.js';
import { Cores } from './cores.js';
import { ExitLog } from './exitLog.js';
import { Processes } from './processes.js';
import { stdinPath, writeServerStdin } from './stdinPipe.js';

/*
 * The launcher spawns the game servers at normal priority, writes their stdin, reports their exits and brings the core
 * back, and does nothing else, so that it does not crash. It outlives cores, and updates of them.
 */

const leaveAfterMs = 60_000;

async function main(dataDir: string): Promise<void> {
  const endpoints = prepareEndpoints(dataDir);
  const taken = await takeOwnership(endpoints.launcherOwner, () => ({ pid: process.pid }));
  if ('owner' in taken) {
    process.exitCode = 3;
    return;
  }
  resetOutOfMemoryScore();
  const startedAt = Date.now();
  const keeper = new CoreKeeper();
  const exitLog = new ExitLog(dataDir);
  const processes = new Processes(dataDir, (exit) => {
    exitLog.append(exit);
    cores.notify('process/exited', exit);
    review();
  });
  const cores = new Cores({
    token: readToken(endpoints.tokenFile),
    hello: () => ({ protocol: 1, version, pid: process.pid, startedAt, processes: processes.list() }),
    handlers: {
      'launcher/release': () => {
        keeper.release();
      },
      'launcher/leave': () => {
        if (processes.count > 0) throw new Failure('busy', { servers: processes.count });
        taken.owned.release();
        setTimeout(() => process.exit(0), 50);
      },
      'process/spawn': async (request) => await processes.spawn(request),
      'process/write': ({ id, line }) => {
        writeServerStdin(stdinPath(dataDir, id), line);
      },
    },
    onConnected: (command) => {
      keeper.connected(command);
      review();
    },
    onAlone: () => {
      keeper.disconnected();
      review();
    },
  });
  let leaving: NodeJS.Timeout | undefined;
  const review = (): void => {
    clearTimeout(leaving);
    if (cores.count === 0 && processes.count === 0) leaving = setTimeout(() => process.exit(0), leaveAfterMs);
  };
  if (process.platform !== 'win32') fs.rmSync(endpoints.launcher, { force: true });
  await listen(cores.server, endpoints.launcher);
  review();
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

// A terminal's or a session's end is no reason to leave: servers run on.
process.on('SIGHUP', () => undefined);
process.on('SIGINT', () => undefined);

const given = process.argv[process.argv.indexOf('--data-dir') + 1];
if (process.argv.includes('--data-dir') && given !== undefined) void main(given);
else process.exitCode = 2;
