import fs from 'node:fs/promises';
import path from 'node:path';

/** A live owner touches its lock this often … */
const touchMs = 5_000;
/** … so that one left untouched this long has no owner, even if its process id has been given to another program. */
const untouchedMs = 60_000;
const pollMs = 500;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Writes the file only if it is not there; its content appears together with its name. */
async function createWhole(file, text) {
  const draft = `${file}.${process.pid}`;
  await fs.writeFile(draft, text);
  try {
    await fs.link(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await fs.rm(draft, { force: true });
  }
}

/** Undefined when there is no lock. */
async function readOwner(file) {
  try {
    const [text, { mtimeMs }] = [await fs.readFile(file, 'utf8'), await fs.stat(file)];
    return { pid: Number(text), mtimeMs };
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Removes the lock of an owner that is gone. Two waiters may see the same dead owner; without a lock around the removal
 * the slower one would remove the new lock of the faster one.
 */
async function removeStale(file, isStale) {
  const guard = `${file}.takeover`;
  if (!(await createWhole(guard, String(process.pid)))) {
    const { mtimeMs } = (await readOwner(guard)) ?? { mtimeMs: Date.now() };
    if (Date.now() - mtimeMs > untouchedMs) await fs.rm(guard, { force: true });
    return;
  }
  try {
    const owner = await readOwner(file);
    if (owner && isStale(owner)) await fs.rm(file, { force: true });
  } finally {
    await fs.rm(guard, { force: true });
  }
}

/** Runs `work` while holding the lock file. `onWait(pid)` is called once if another process holds it. */
export async function withLock(file, work, onWait = () => {}) {
  await fs.mkdir(path.dirname(file), { recursive: true });
  let seen;
  let told = false;
  while (!(await createWhole(file, String(process.pid)))) {
    const owner = await readOwner(file);
    if (!owner) continue;
    // Measured by our own clock since we saw the last touch: a suspended machine does not make a lock look old.
    if (seen?.mtimeMs !== owner.mtimeMs || seen.pid !== owner.pid) seen = { ...owner, since: performance.now() };
    const untouched = performance.now() - seen.since > untouchedMs;
    if (!isAlive(owner.pid) || untouched) {
      await removeStale(file, (now) => now.pid === owner.pid && now.mtimeMs === owner.mtimeMs);
      continue;
    }
    if (!told) onWait(owner.pid);
    told = true;
    await pause(pollMs);
  }
  const touching = setInterval(() => void fs.utimes(file, new Date(), new Date()).catch(() => {}), touchMs);
  touching.unref();
  try {
    return await work();
  } finally {
    clearInterval(touching);
    const owner = await readOwner(file);
    if (owner?.pid === process.pid) await fs.rm(file, { force: true });
  }
}
