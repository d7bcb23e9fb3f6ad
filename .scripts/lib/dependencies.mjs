import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheRoot } from './cache.mjs';
import { withLock } from './lock.mjs';
import { clone, out } from './paths.mjs';
import { run, runNpm } from './run.mjs';

const stamp = path.join(clone, 'node_modules', '.gsp-stamp');
const shortHash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** What node_modules was installed for: another lock file, platform or Node major means installing again. */
function wantedStamp() {
  const lockFile = readFileSync(path.join(clone, 'package-lock.json'));
  return `${shortHash(lockFile)} ${process.platform}-${process.arch} node${process.versions.node.split('.')[0]}`;
}

function readJson(...parts) {
  return JSON.parse(readFileSync(path.join(clone, ...parts), 'utf8'));
}

/** True when someone ran `npm ci` by hand: npm's own record, written last, agrees with the lock file. */
function installedByHand() {
  if (existsSync(stamp) || !existsSync(path.join(clone, 'node_modules', '.package-lock.json'))) return false;
  const installed = readJson('node_modules', '.package-lock.json').packages;
  return Object.entries(readJson('package-lock.json').packages).every(
    ([place, wanted]) =>
      place === '' || wanted.optional || wanted.devOptional || installed[place]?.version === wanted.version,
  );
}

/** Runs `npm ci` in the clone when node_modules is missing, half-installed or not of this lock file. */
export async function ensureDependencies(progress) {
  const wanted = wantedStamp();
  const isReady = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (isReady()) return 'up to date';
  if (installedByHand()) {
    writeFileSync(stamp, wanted);
    return 'up to date';
  }
  const lock = path.join(cacheRoot(), 'locks', `clone-${shortHash(clone)}.lock`);
  return withLock(
    lock,
    async () => {
      if (isReady()) return 'installed by another run';
      progress.say('Installing packages (npm ci, about half a minute)');
      // A production setting of the user's would leave out the build tools.
      await runNpm(['ci', '--include=dev'], { cwd: clone, log: progress.log });
      writeFileSync(stamp, wanted);
      return undefined;
    },
    (pid) => progress.say(`Waiting for another run (process ${pid}) that is installing packages`),
  );
}

/** Builds every bundle. It takes less than a second, so it is never skipped. */
export async function build(progress) {
  await run(process.execPath, ['esbuild.mjs'], { cwd: clone, log: progress.log, timeoutMs: 120_000 });
  const bundles = path.join(out, 'bundles.json');
  return existsSync(bundles) ? `${Object.keys(readJson('out', 'bundles.json')).length} bundles` : undefined;
}
