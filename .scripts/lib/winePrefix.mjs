// A Windows of Wine's own for each run of the tests, and its end.
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { killAll } from './processes.mjs';

const copyMs = 180_000;
const endMs = 20_000;
const ofRun = /\.run-(\d+)$/;

/**
 * Where Wine keeps its Windows, without its chatter unless that is asked for, without a window, and without what it would
 * do beyond it: entries in the user's menus, and downloads of what runs .NET and HTML.
 */
export function wineEnvironment(prefix) {
  return {
    WINEPREFIX: prefix,
    WINEARCH: 'win64',
    WINEDEBUG: process.env.WINEDEBUG ?? '-all',
    WINEDLLOVERRIDES: 'winemenubuilder.exe=d;mscoree=;mshtml=',
    DISPLAY: '',
    WAYLAND_DISPLAY: '',
  };
}

/** Ends everything that runs in it, by Wine's own means and then by force, and returns when it is gone. */
export async function endWine(server, prefix) {
  for (const word of ['-k', '-w']) {
    try {
      const env = { ...process.env, ...wineEnvironment(prefix) };
      execFileSync(server, [word], { env, stdio: 'ignore', timeout: endMs });
    } catch {
      // None was running, or it does not end by itself.
    }
  }
  await killAll('WINEPREFIX', prefix);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

const remove = (folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });

/** Copies of runs that were killed. Another run may be removing the same one. */
async function removeForgotten(prefix, server) {
  const parent = path.dirname(prefix);
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith('w') ? Number(ofRun.exec(name)?.[1]) : NaN;
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    const folder = path.join(parent, name);
    await endWine(server, folder);
    try {
      remove(folder);
    } catch {
      // It is tried again by the next one.
    }
  }
}

/** Links where the file system has them: that takes no time and no room. */
function copyTree(from, to) {
  const options = { stdio: ['ignore', 'ignore', 'pipe'], timeout: copyMs };
  try {
    execFileSync('cp', ['-al', from, to], options);
    // The registry is written into where it has more than one link.
    for (const name of readdirSync(from).filter((file) => file.endsWith('.reg'))) {
      rmSync(path.join(to, name));
      copyFileSync(path.join(from, name), path.join(to, name));
    }
  } catch {
    remove(to);
    execFileSync('cp', ['-a', from, to], options);
  }
}

/**
 * A Windows for one run, beside the one that it is made of.
 *
 * @param {string} prefix
 * @param {string} server Wine's
 * @returns {Promise<{env: Record<string, string>, end(): Promise<void>, remove(): Promise<void>}>} `end` ends all that runs
 *   in it, and it can be used on
 */
export async function copyPrefix(prefix, server) {
  await removeForgotten(prefix, server);
  const folder = `${prefix}.run-${process.pid}`;
  remove(folder);
  try {
    copyTree(prefix, folder);
    // Windows that nobody sees need no screen either.
    appendFileSync(path.join(folder, 'user.reg'), '\n[Software\\\\Wine\\\\Drivers]\n"Graphics"="null"\n');
  } catch (error) {
    remove(folder);
    throw error;
  }
  const end = () => endWine(server, folder);
  return {
    env: wineEnvironment(folder),
    end,
    async remove() {
      await end();
      remove(folder);
    },
  };
}
