// What the tests of a shutdown need: a D-Bus daemon, systemd's program for locks, and Python's D-Bus.
import { spawnSync } from 'node:child_process';
import { aptInstall, whyNoApt } from './apt.mjs';
import { onPath } from './run.mjs';

const packages = ['dbus-daemon', 'systemd', 'python3-dbus', 'python3-gi'];

function isThere() {
  const programs = ['dbus-daemon', 'systemd-inhibit'].every((program) => onPath(program));
  // Debian's own Python: the modules are packages of Debian.
  return programs && spawnSync('/usr/bin/python3', ['-c', 'import dbus, gi'], { timeout: 30_000 }).status === 0;
}

/** Installs what is missing where that is allowed; throws with the reason where it is not. */
export async function ensureSystemBus(progress) {
  if (isThere()) return;
  const reason = whyNoApt();
  if (reason) throw new Error(`needs ${packages.join(', ')}: ${reason}`);
  progress.say(`Installing Debian packages ${packages.join(', ')}`);
  await aptInstall(packages, progress.log);
  if (!isThere()) throw new Error(`the packages ${packages.join(', ')} do not hold what was expected`);
}
