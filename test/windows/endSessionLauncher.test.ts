import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../src/node/coreConnection.js';
import { prepareEndpoints, readToken } from '../../src/node/endpoint.js';
import { Peer } from '../../src/node/peer.js';
import type { LaunchedProcess, SpawnRequest } from '../../src/shared/launcherProtocol.js';
import { queryEndSession, send, windowsOf } from './support/windowMessages.js';

const temp = fs.mkdtempSync(path.join(process.env.GSP_WINDOWS_TEMP ?? os.tmpdir(), 'gsp-end-'));
const launcherFile = path.join(String(process.env.GSP_DIST), 'launcher.js');
/** It hears nothing but its stdin, and takes its time for a save. */
const game = `
  const say = (what) => require('node:fs').appendFileSync(process.argv[1], what + '\\n');
  say('up');
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    if (line === 'save') setTimeout(() => say('saved'), 1500);
    if (line === 'stop') setTimeout(() => { say('stopped'); process.exit(0); }, 2000);
  });
  setTimeout(() => process.exit(9), 60000);
`;
const endings: (() => void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) end();
  await sleep(100);
  fs.rmSync(temp, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (const deadline = Date.now() + 20_000; ; await sleep(50)) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    assert.ok(Date.now() < deadline, `${what}: not within 20 s`);
  }
}

interface Setup {
  launcher: ChildProcess;
  /** Its exit code. */
  left: Promise<unknown[]>;
  /** A core as the launcher knows one. */
  core: Peer;
  launched: LaunchedProcess;
  said(): string[];
}

async function setUp(name: string): Promise<Setup> {
  const dataDir = path.join(temp, name);
  fs.mkdirSync(dataDir, { recursive: true });
  const endpoints = prepareEndpoints(dataDir);
  const launcher = spawn(process.execPath, [launcherFile, '--data-dir', dataDir], { stdio: 'ignore' });
  endings.push(() => launcher.kill());
  const left = once(launcher, 'exit', { signal: AbortSignal.timeout(60_000) });
  left.catch(() => undefined);
  const socket = await until(
    'the launcher',
    async () => await connect(endpoints.launcher, 1000).catch(() => undefined),
  );
  const core = new Peer(socket, undefined);
  endings.push(() => {
    core.close();
  });
  await core.request('launcher/hello', { token: readToken(endpoints.tokenFile), protocol: 1, core: null });
  assert.deepEqual(windowsOf(launcher.pid ?? 0), []);
  const notes = path.join(dataDir, 'said.txt');
  const request: SpawnRequest = {
    id: 'game',
    nonce: name,
    command: process.execPath,
    args: ['-e', game, notes],
    cwd: dataDir,
    env: {},
    consoleFile: path.join(dataDir, 'console.log'),
    farewell: { lines: ['save', 'stop'], signal: 'SIGINT', graceSeconds: 20 },
  };
  const launched = (await core.request('process/spawn', request)) as LaunchedProcess;
  endings.push(() => {
    try {
      process.kill(launched.pid);
    } catch {
      // It has ended.
    }
  });
  const said = (): string[] => (fs.existsSync(notes) ? fs.readFileSync(notes, 'utf8').trim().split('\n') : []);
  await until('the game', () => said()[0]);
  return { launcher, left, core, launched, said };
}

const noted = (name: string): string => fs.readFileSync(path.join(temp, name, 'run', 'exits.jsonl'), 'utf8');

/** As Windows asks it. */
function ask(launcher: ChildProcess): void {
  const windows = windowsOf(launcher.pid ?? 0);
  assert.equal(windows.length, 1);
  assert.equal(send(windows[0] ?? 0, queryEndSession, 0, 0), 0);
}

void test('the session ends and no core is there: the launcher has its server saved and stopped, and leaves', async () => {
  const { launcher, left, core, said } = await setUp('alone');
  core.close();
  ask(launcher);
  assert.deepEqual(await left, [0, null]);
  assert.deepEqual(said(), ['up', 'saved', 'stopped']);
  assert.match(noted('alone'), /"nonce":"alone","hostDownAt":\d+/);
});

void test('the session ends and a core is there: it is told, and the launcher waits until it has done', async () => {
  const { launcher, left, core, said } = await setUp('together');
  const goingDown = new Promise((resolve) => core.on('host/goingDown', resolve));
  const exited = new Promise((resolve) => core.on('process/exited', resolve));
  ask(launcher);
  await goingDown;
  await core.request('host/stopping', {});
  await core.request('process/write', { id: 'game', line: 'stop' });
  await core.request('process/told', { id: 'game' });
  await exited;
  assert.deepEqual(said(), ['up', 'stopped']);
  await sleep(1000);
  assert.equal(launcher.exitCode, null);
  assert.equal(windowsOf(launcher.pid ?? 0).length, 1);
  await core.request('host/stopped', {});
  assert.deepEqual(await left, [0, null]);
});
