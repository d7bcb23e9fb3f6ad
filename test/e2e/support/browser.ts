import fs from 'node:fs';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { given } from './machine.js';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the browser with a home folder below `root` that holds nothing but a font with Korean letters. */
export async function launchBrowser(root: string, mark: Record<string, string>): Promise<Browser> {
  const home = path.join(root, 'browser');
  const fonts = path.join(home, '.fonts');
  fs.mkdirSync(fonts, { recursive: true });
  const font = given('GSP_KOREAN_FONT');
  fs.copyFileSync(font, path.join(fonts, path.basename(font)));
  return chromium.launch({
    executablePath: given('GSP_CHROME'),
    headless: true,
    args,
    env: { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', HOME: home, TMPDIR: root, ...mark },
  });
}
