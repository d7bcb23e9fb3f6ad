import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { findEndpoints } from '../../../src/node/endpoint.js';
import { dist, until, type Bench } from './bench.js';

export interface LauncherProcess {
  child: ChildProcess;
  exit: Promise<number | string>;
}

/** The launcher as a child of the test, which so learns how it ends. */
export async function startLauncher(bench: Bench, env: NodeJS.ProcessEnv = {}): Promise<LauncherProcess> {
  fs.mkdirSync(bench.dataDir, { recursive: true });
  const args = [path.join(dist, 'launcher.js'), '--data-dir', bench.dataDir];
  const child = spawn(process.execPath, args, { detached: true, stdio: 'ignore', env: { ...process.env, ...env } });
  const exit = new Promise<number | string>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(code ?? signal ?? 'unknown');
    });
  });
  await until('the launcher', () => {
    const endpoints = findEndpoints(bench.dataDir);
    return endpoints !== undefined && fs.existsSync(endpoints.launcher);
  });
  return { child, exit };
}

/** Waits for an exit; the message says what did not end. */
export async function ended(what: string, exit: Promise<number | string>): Promise<number | string> {
  let code: number | string | undefined;
  void exit.then((value) => (code = value));
  await until(`the end of ${what}`, () => code !== undefined, 60_000);
  return code ?? 'unknown';
}
