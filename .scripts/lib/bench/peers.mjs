// What the product is measured beside and does not ship: in the cache, never in package.json.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { aptInstall, whyNoApt } from '../apt.mjs';
import { ensureComponent } from '../cache.mjs';
import { Interrupted, runNpm } from '../run.mjs';

const versions = { systeminformation: '5.33.23', pm2: '7.0.4', pidusage: '4.1.0' };
const python = '/usr/bin/python3';

/** A folder with these packages of npm in its node_modules. */
function ensurePackages(names, progress) {
  const wanted = names.map((name) => `${name}@${versions[name]}`);
  return ensureComponent({
    name: `bench-${wanted.join('-')}`,
    recipe: '1',
    files: names.map((name) => path.join('node_modules', name, 'package.json')),
    install: (dir) => {
      progress.say(`Installing ${wanted.join(' and ')}`);
      const words = ['install', '--ignore-scripts', '--no-package-lock', '--no-save', ...wanted];
      return runNpm([...words, '--prefix', dir], { cwd: dir, log: progress.log });
    },
    onWait: (pid) => progress.say(`Waiting for another run (process ${pid}) that is installing them`),
  });
}

const hasPsutil = () => spawnSync(python, ['-c', 'import psutil'], { stdio: 'ignore', timeout: 20_000 }).status === 0;

async function ensurePsutil(progress) {
  if (!hasPsutil()) {
    const reason = whyNoApt();
    if (reason) throw new Error(reason);
    progress.say('Installing psutil (Debian package python3-psutil)');
    await aptInstall(['python3-psutil'], progress.log);
    if (!hasPsutil()) throw new Error(`${python} does not find psutil after its installation`);
  }
  return python;
}

/**
 * Everything the others take: `packages` and `pm2` are folders, `python` a program; each undefined where it cannot be had,
 * and `notes` says why.
 */
export async function ensurePeers(progress, { pm2 = false } = {}) {
  const peers = { notes: [] };
  const take = async (name, work) => {
    try {
      peers[name] = await work();
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      peers.notes.push(`${name}: left out: ${error.message}`);
    }
  };
  await take('packages', () => ensurePackages(['pidusage', 'systeminformation'], progress));
  await take('python', () => ensurePsutil(progress));
  if (pm2) await take('pm2', () => ensurePackages(['pm2'], progress));
  return peers;
}
