// The native part of koffi for one Windows architecture: of the version in the lock file, and with its checksum.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureComponent } from './cache.mjs';
import { clone } from './paths.mjs';
import { runNpm } from './run.mjs';

/** koffi.node for that architecture; fetched where it is missing. Throws where it is not the one in the lock file. */
export async function ensureKoffi(arch, progress) {
  const name = `@koromix/koffi-win32-${arch}`;
  const { packages } = JSON.parse(readFileSync(path.join(clone, 'package-lock.json'), 'utf8'));
  const locked = packages[`node_modules/${name}`];
  if (!locked) throw new Error(`koffi has no file for Windows on ${arch} (${name} is not in package-lock.json)`);
  const { version, integrity } = locked;
  const file = path.join('node_modules', name, `win32_${arch}`, 'koffi.node');
  const home = await ensureComponent({
    name: `koffi-${version}-win32-${arch}`,
    recipe: integrity,
    files: [file],
    onWait: (pid) => progress.say(`Waiting for another run (process ${pid}) that is fetching koffi`),
    async install(dir) {
      progress.say(`Fetching koffi ${version} for Windows on ${arch} (0.4 MB)`);
      writeFileSync(
        path.join(dir, 'package.json'),
        JSON.stringify({ private: true, dependencies: { [name]: version } }),
      );
      // With a lock file, whatever the user's settings say: it holds the checksum of what came.
      const options = ['--ignore-scripts', '--package-lock', '--force', '--os=win32', `--cpu=${arch}`];
      await runNpm(['install', ...options], { cwd: dir, log: progress.log });
      const installed = JSON.parse(readFileSync(path.join(dir, 'package-lock.json'), 'utf8'));
      const got = installed.packages[`node_modules/${name}`]?.integrity;
      if (got !== integrity) throw new Error(`${name} ${version} is not the one in package-lock.json (${got})`);
    },
  });
  return path.join(home, file);
}
