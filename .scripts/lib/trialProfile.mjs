// The VS Code profile and the data that `npm start` uses: kept between starts, one per clone, away from the user's own.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { cacheRoot } from './cache.mjs';
import { withLock } from './lock.mjs';
import { clone } from './paths.mjs';
import { killAll, processesWith, waitUntilGone } from './processes.mjs';

/** Marks every process of this profile in its environment. */
const markName = 'GSP_START';

const shortHash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 8);

export function trialProfile() {
  const root = path.join(cacheRoot(), 'start', shortHash(clone));
  const folder = path.join(root, 'game-servers');
  mkdirSync(folder, { recursive: true });
  return {
    root,
    folder,
    mark: shortHash(root),
    /** Away from the user's own servers and history; the profile's settings and the environment both name it. */
    dataHome: path.join(root, 'data'),
    dataDir: path.join(root, 'data', 'game-server-panel'),
    log: path.join(root, 'start.log'),
    record: path.join(root, 'running.json'),
  };
}

/** What belongs to an outer npm or VS Code, or would steer this one, stays out of the environment. */
const foreign = /^(npm_|VSCODE_|ELECTRON_|CODE_SERVER_|GSP_|NODE_OPTIONS$|INIT_CWD$|PORT$|(HASHED_)?PASSWORD$)/i;

/** `marked`: what runs in it ends with this start. A window on the desktop is the user's own to close. */
export function trialEnvironment(profile, { marked }) {
  const kept = Object.entries(process.env).filter(([key]) => !foreign.test(key));
  const mark = marked ? { [markName]: profile.mark } : {};
  // Whoever tries this out has come to see the panel: the extension brings its view to the front.
  return { ...Object.fromEntries(kept), XDG_DATA_HOME: profile.dataHome, GSP_SHOW_PANEL: '1', ...mark };
}

/** Runs `work` unless another `npm start` of this clone is running; then says where that one is. */
export async function whileOnlyOne(profile, work) {
  const lock = path.join(profile.root, 'start.lock');
  await withLock(
    lock,
    async () => {
      endForgotten(profile);
      await work();
      rmSync(profile.record, { force: true });
    },
    (pid) => {
      const where = readRecord(profile)?.url;
      throw new Error(`npm start is running already (process ${pid})${where ? `: open ${where}` : ''}`);
    },
  );
}

/** A VS Code left over by a start that was killed. Its core and servers are found and used again. */
function endForgotten(profile) {
  const pid = readRecord(profile)?.server;
  if (pid === undefined || !processesWith(markName, profile.mark).some((found) => found.pid === pid)) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // Ended meanwhile.
  }
}

/** Ends by force what is left of the profile's processes after the grace; returns what they were. */
export async function endLeft(profile, graceMs) {
  const left = await waitUntilGone(markName, profile.mark, graceMs);
  await killAll(markName, profile.mark);
  return left;
}

function readRecord(profile) {
  try {
    return JSON.parse(readFileSync(profile.record, 'utf8'));
  } catch {
    return undefined;
  }
}

export function writeRecord(profile, record) {
  writeFileSync(profile.record, JSON.stringify(record));
}

/**
 * The port to listen on: the one asked for, else the one of last time if it is free, because the browser keeps what VS Code
 * remembers under its address; else any free one.
 */
export async function choosePort(profile, asked) {
  if (asked !== undefined) {
    if (!(await isFree(asked))) throw new Error(`Port ${asked} is in use; choose another with --port`);
    return asked;
  }
  const file = path.join(profile.root, 'port');
  const last = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const port = (last > 0 && (await isFree(last))) || (await isFree(0));
  writeFileSync(file, String(port));
  return port;
}

/** The port, or the one that was given for 0; undefined if it is taken. */
function isFree(port) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const { port: given } = server.address();
      server.close(() => resolve(given));
    });
  });
}
