// Debian and Ubuntu packages, for what npm does not have. Never asks for a password.
import { spawnSync } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Interrupted, onPath, run } from './run.mjs';

/** The words before a command that make it root, or undefined when that takes a password or is not possible at all. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  const works = onPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore', timeout: 10_000 }).status === 0;
  return works ? ['sudo', '-n'] : undefined;
}

/** Why there are no packages to be had here, or undefined. */
export function whyNoPackages() {
  if (process.platform !== 'linux') return `there are no Debian packages for ${process.platform}`;
  if (!onPath('apt-get')) return 'this is not a Debian or Ubuntu (no apt-get)';
  return undefined;
}

/** Why nothing can be installed here, or undefined. */
export function whyNoApt() {
  const reason = whyNoPackages();
  if (reason) return reason;
  if (!rootPrefix()) return 'installing Debian packages takes root (or sudo without a password)';
  return undefined;
}

/** Runs a command as root, with its output in the log. */
export function runAsRoot(words, log) {
  const [command, ...args] = [...rootPrefix(), 'env', 'DEBIAN_FRONTEND=noninteractive', ...words];
  return run(command, args, { log, unbreakable: true });
}

const apt = ['apt-get', '-o', 'DPkg::Lock::Timeout=300', '-q'];

/** Runs it; once more with new package lists where the first attempt shows that they are needed. */
async function withLists(work, log) {
  try {
    await work();
  } catch (error) {
    if (error instanceof Interrupted || whyNoApt()) throw error;
    await runAsRoot([...apt, 'update'], log);
    await work();
  }
}

/** Installs packages. */
export async function aptInstall(packages, log) {
  const words = [...apt, 'install', '-y', '--no-install-recommends', ...packages];
  await withLists(() => runAsRoot(words, log), log);
}

/** Unpacks packages into a folder, without what they depend on and without installing anything. */
export async function aptUnpack(packages, folder, log) {
  await withLists(() => run(apt[0], [...apt.slice(1), 'download', ...packages], { log, cwd: folder }), log);
  for (const name of await readdir(folder)) {
    if (!name.endsWith('.deb')) continue;
    const file = path.join(folder, name);
    await run('dpkg-deb', ['-x', file, folder], { log });
    await rm(file);
  }
}
