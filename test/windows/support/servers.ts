import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jobPids, terminateJob } from '../../../src/node/windows/jobs.js';
import type { SpawnRequest } from '../../../src/shared/launcherProtocol.js';

export const dist = process.env.GSP_DIST ?? path.resolve('dist');
export const stopHelper = path.join(dist, 'stopHelper.js');

/**
 * A server: tells what it was started with, then what it reads, as hexadecimal digits; `exit N` and `heir FILE` are
 * commands. Saves on Ctrl+C, slowly, and ends with 42.
 */
const source = `
const fs = require('node:fs');
const say = (text) => fs.writeSync(1, text + '\\n');
if (process.argv[2] !== 'deaf') {
  process.stdin.on('data', (data) => {
    say('got ' + data.toString('hex'));
    const exit = /^exit (-?\\d+)/m.exec(data.toString('latin1'));
    if (exit) process.exit(Number(exit[1]));
    if (/^heir/m.test(data.toString('latin1'))) {
      const heir = require('node:child_process').spawn(process.execPath, [__filename, 'heir'], {
        detached: true, windowsHide: true, stdio: ['ignore', 1, 1],
      });
      heir.unref();
      setTimeout(() => process.exit(7), 300);
    }
  });
  process.stdin.on('end', () => say('EOF'));
}
process.on('SIGINT', () => {
  say('interrupted');
  setTimeout(() => {
    fs.writeFileSync('saved.txt', 'saved');
    process.exit(42);
  }, 300);
});
setInterval(() => say('tick'), 200);
say('up ' + JSON.stringify({ pid: process.pid, args: process.argv.slice(2), cwd: process.cwd(), env: process.env }));
`;

export interface Said {
  pid: number;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

export interface Servers {
  readonly folder: string;
  readonly script: string;
  request(id: string, changes?: Partial<SpawnRequest>): SpawnRequest;
  log(id: string): string;
  said(id: string): Promise<Said>;
  /** Ends all that was started, and removes all files. */
  remove(): Promise<void>;
}

/** Servers in a folder of their own. */
export function makeServers(): Servers {
  const base = process.env.GSP_WINDOWS_TEMP;
  const folder = fs.mkdtempSync(path.join(base === undefined || base === '' ? os.tmpdir() : base, '게임 서버 '));
  const script = path.join(folder, 'server.js');
  fs.writeFileSync(script, source);
  const marks: string[] = [];
  const file = (id: string): string => path.join(folder, 'logs', id, 'console.log');
  const log = (id: string): string => (fs.existsSync(file(id)) ? fs.readFileSync(file(id), 'utf8') : '');
  return {
    folder,
    script,
    request(id, changes = {}) {
      const nonce = Math.random().toString(16).slice(2);
      marks.push(`${id}:${nonce}`);
      const cwd = path.join(folder, `cwd ${id}`);
      fs.mkdirSync(cwd, { recursive: true });
      const base = { id, nonce, cwd, command: process.execPath, args: [script], env: {}, consoleFile: file(id) };
      return { ...base, ...changes };
    },
    log,
    async said(id) {
      await until(
        `${id} to be up`,
        () => /^up [^\n]*\n/m.test(log(id)),
        () => log(id),
      );
      return JSON.parse(/^up (.*)$/m.exec(log(id))?.[1] ?? '') as Said;
    },
    async remove() {
      for (const mark of marks) terminateJob(mark);
      for (const mark of marks) await until(`the end of ${mark}`, () => jobPids(mark).length === 0);
      fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

export async function until(what: string, isTrue: () => boolean, detail?: () => string, ms = 15_000): Promise<void> {
  for (const deadline = Date.now() + ms; !isTrue();) {
    if (Date.now() > deadline) assert.fail(`waited in vain for ${what}${detail === undefined ? '' : `: ${detail()}`}`);
    await sleep(30);
  }
}
