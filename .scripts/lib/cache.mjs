// What is too big to fetch for every clone (VS Code, a browser) lives in one folder per user, outside any clone.
import { existsSync, readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withLock } from './lock.mjs';

const stampName = 'complete.json';
const renameAttempts = 10;

/** $GSP_DEV_CACHE, else the place this operating system has for caches. */
export function cacheRoot(env = process.env) {
  if (env.GSP_DEV_CACHE) return path.resolve(env.GSP_DEV_CACHE);
  return path.join(userCaches(env), 'game-server-panel-dev');
}

function userCaches(env) {
  if (process.platform === 'win32') return env.LOCALAPPDATA || path.join(os.homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches');
  return env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache');
}

/** The stamp of a complete component, or undefined when it is missing, half-finished, damaged or of another recipe. */
function readStamp(dir, { recipe, files }) {
  try {
    const stamp = JSON.parse(readFileSync(path.join(dir, stampName), 'utf8'));
    return stamp.recipe === recipe && files.every((file) => existsSync(path.join(dir, file))) ? stamp : undefined;
  } catch {
    return undefined;
  }
}

/** Whoever holds the lock may remove them all: none but its own is in use. */
async function removeDrafts(root, name) {
  for (const entry of await fs.readdir(root)) {
    if (!entry.startsWith(`${name}.tmp-`)) continue;
    await fs.rm(path.join(root, entry), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** On Windows, what is looking through the new files (a virus scanner) holds the folder for a while. */
async function renameFolder(from, to) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fs.rename(from, to);
    } catch (error) {
      const isHeld = process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(error.code);
      if (!isHeld || attempt === renameAttempts) throw error;
      await pause(attempt * 200);
    }
  }
}

/**
 * The folder of a component, installed if need be. `install(dir)` fills a temporary folder beside it, which takes the
 * final name only when it is complete: whatever is killed half-way is recognised by its missing stamp, and rebuilt.
 *
 * @param component `name` (with its version), `recipe` (changes when the way of installing does), `files` that prove it
 *   whole, `install(dir)`, and `onWait(pid)`, called when another process is installing it right now
 */
export async function ensureComponent({ name, recipe, files, install, onWait }) {
  const root = cacheRoot();
  const dir = path.join(root, name);
  if (readStamp(dir, { recipe, files })) return dir;
  await withLock(
    path.join(root, `${name}.lock`),
    async () => {
      if (readStamp(dir, { recipe, files })) return;
      await removeDrafts(root, name);
      await fs.rm(dir, { recursive: true, force: true, maxRetries: 3 });
      const draft = `${dir}.tmp-${process.pid}`;
      await fs.mkdir(draft, { recursive: true });
      try {
        await install(draft);
        await fs.writeFile(path.join(draft, stampName), JSON.stringify({ recipe }));
        if (!readStamp(draft, { recipe, files })) throw new Error(`${name}: files are missing after its installation`);
        await renameFolder(draft, dir);
      } finally {
        // Its own after a failure, and that of a killed run whose npm went on writing for a while.
        await removeDrafts(root, name).catch(() => {});
      }
    },
    onWait,
  );
  return dir;
}
