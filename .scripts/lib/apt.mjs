// Debian and Ubuntu packages, for what npm does not have. Never asks for a password.
import { spawnSync } from 'node:child_process';
import { Interrupted, onPath, run } from './run.mjs';

/** The words before a command that make it root, or undefined when that takes a password or is not possible at all. */
function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  const works = onPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore', timeout: 10_000 }).status === 0;
  return works ? ['sudo', '-n'] : undefined;
}

/** Why nothing can be installed here, or undefined. */
export function whyNoApt() {
  if (process.platform !== 'linux') return `there are no Debian packages for ${process.platform}`;
  if (!onPath('apt-get')) return 'this is not a Debian or Ubuntu (no apt-get)';
  if (!rootPrefix()) return 'installing Debian packages takes root (or sudo without a password)';
  return undefined;
}

/** Runs a command as root, with its output in the log. */
export function runAsRoot(words, log) {
  const [command, ...args] = [...rootPrefix(), 'env', 'DEBIAN_FRONTEND=noninteractive', ...words];
  return run(command, args, { log, unbreakable: true });
}

/** Installs packages; the package lists are fetched only when the first attempt shows that they are needed. */
export async function aptInstall(packages, log) {
  const apt = ['apt-get', '-o', 'DPkg::Lock::Timeout=300', '-q'];
  const install = [...apt, 'install', '-y', '--no-install-recommends', ...packages];
  try {
    await runAsRoot(install, log);
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    await runAsRoot([...apt, 'update'], log);
    await runAsRoot(install, log);
  }
}
