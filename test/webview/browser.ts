import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

export const root = join(import.meta.dirname, '..', '..');
export const bundleFile = join(root, 'dist', 'webview', 'metrics.js');

const installed = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** GSP_CHROME, as `npm test` sets it, else an installed one. */
function browserPath(): string {
  const path = process.env.GSP_CHROME ?? installed.find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error('No browser: run `npm test`, or set GSP_CHROME to a Chrome or Chromium.');
  return path;
}

/** A browser that reaches for nothing but the test's own page. GSP_KOREAN_FONT: a font file for Korean screenshots. */
export async function launchBrowser(): Promise<{ browser: Browser; close(): Promise<void> }> {
  const home = mkdtempSync(join(tmpdir(), 'gsp-webview-'));
  const font = process.env.GSP_KOREAN_FONT;
  if (font !== undefined) {
    mkdirSync(join(home, '.fonts'));
    copyFileSync(font, join(home, '.fonts', basename(font)));
  }
  const browser = await chromium.launch({
    executablePath: browserPath(),
    args: [
      ...['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', '--disable-quic'],
    ],
    env: { ...process.env, HOME: home },
  });
  const close = async () => {
    await browser.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  return { browser, close };
}

/** The tests look at what ships; an older bundle would make them lie. */
export function requireFreshBundle(): void {
  const built = existsSync(bundleFile) ? statSync(bundleFile).mtimeMs : 0;
  const views = readdirSync(join(root, 'webview'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(root, 'webview', file));
  const newest = [...views, join(root, 'src', 'shared', 'panelMessages.ts')].find(
    (file) => statSync(file).mtimeMs > built,
  );
  if (newest !== undefined) throw new Error(`dist/webview/metrics.js is older than ${newest}: run \`npm run build\`.`);
}
