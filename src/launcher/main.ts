import fs from 'node:fs';
import net from 'node:net';
import { prepareEndpoints, readToken, tokenMatches } from '../node/endpoint.js';
import { listen, takeOwnership } from '../node/ownership.js';
import { Peer } from '../node/peer.js';
import { Failure } from '../shared/failure.js';
import type { LauncherRequests, SpawnRequest } from '../shared/launcherProtocol.js';
import { version } from '../shared/version.js';
import { CoreKeeper } from './coreKeeper.js';
import { ExitLog } from './exitLog.js';
import { Processes } from './processes.js';
import { stdinPath, writeServerStdin } from './stdinPipe.js';

/*
 * The launcher spawns the game servers at normal priority, writes their stdin, reports their exits and brings the core
 * back, and does nothing else, so that it does not crash. It outlives cores, and updates of them.
 */

const helloMs = 5000;
const leaveAfterMs = 60_000;
const startedAt = Date.now();

async function main(): Promise<void> {
  const at = process.argv.indexOf('--data-dir');
  const dataDir = at < 0 ? undefined : process.argv[at + 1];
  if (dataDir === undefined) {
    process.exitCode = 2;
    return;
  }
  const endpoints = prepareEndpoints(dataDir);
  const taken = await takeOwnership(endpoints.launcherOwner, () => ({ pid: process.pid }));
  if ('owner' in taken) {
    process.exitCode = 3;
    return;
  }
  resetOutOfMemoryScore();
  const token = readToken(endpoints.tokenFile);
  const cores = new Set<Peer>();
  const keeper = new CoreKeeper();
  const exitLog = new ExitLog(dataDir);
  const processes = new Processes(dataDir, (exit) => {
    exitLog.append(exit);
    for (const core of cores) core.notify('process/exited', exit);
    leaveWhenIdle();
  });

  let leaving: NodeJS.Timeout | undefined;
  const leaveWhenIdle = (): void => {
    clearTimeout(leaving);
    leaving = undefined;
    if (cores.size > 0 || processes.count > 0) return;
    leaving = setTimeout(() => {
      process.exit(0);
    }, leaveAfterMs);
  };

  const server = net.createServer((socket) => {
    let greeted = false;
    const peer = new Peer(socket, async (method, params) => {
      if (method === 'launcher/hello') {
        const hello = params as LauncherRequests['launcher/hello']['params'];
        if (!tokenMatches(token, hello.token)) {
          peer.end();
          throw new Failure('unauthorized');
        }
        greeted = true;
        clearTimeout(timer);
        cores.add(peer);
        keeper.connected(hello.core);
        leaveWhenIdle();
        return { protocol: 1, version, pid: process.pid, startedAt, processes: processes.list() };
      }
      if (!greeted) {
        peer.end();
        throw new Failure('unauthorized');
      }
      switch (method) {
        case 'launcher/release':
          keeper.release();
          return null;
        case 'process/spawn':
          return await processes.spawn(params as SpawnRequest);
        case 'process/write': {
          const { id, line } = params as LauncherRequests['process/write']['params'];
          writeServerStdin(stdinPath(dataDir, id), line);
          return null;
        }
        default:
          throw new Failure('unsupported', { method });
      }
    });
    const timer = setTimeout(() => {
      if (!greeted) peer.close();
    }, helloMs);
    peer.onClose(() => {
      clearTimeout(timer);
      if (!cores.delete(peer)) return;
      if (cores.size === 0) keeper.disconnected();
      leaveWhenIdle();
    });
  });
  if (process.platform !== 'win32') fs.rmSync(endpoints.launcher, { force: true });
  await listen(server, endpoints.launcher);
  leaveWhenIdle();
}

/** VS Code runs its processes as early victims of memory shortage; that must not pass on to the games. */
function resetOutOfMemoryScore(): void {
  if (process.platform !== 'linux') return;
  try {
    if (Number(fs.readFileSync('/proc/self/oom_score_adj', 'utf8')) > 0)
      fs.writeFileSync('/proc/self/oom_score_adj', '0');
  } catch {
    // Refused: the system's own policy then.
  }
}

// A terminal's or a session's end is no reason to leave: servers run on.
process.on('SIGHUP', () => undefined);
process.on('SIGINT', () => undefined);
void main();
