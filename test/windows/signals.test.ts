import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { WindowsSignals } from '../../src/core/platform/windows/windowsSignals.js';
import { WindowsStarter } from '../../src/launcher/windows/windowsStarter.js';
import { descendants, terminateTree } from '../../src/node/windows/processTree.js';
import { interruptConsole } from '../../src/node/windows/stopHelper.js';
import { startTimeOfPid } from '../../src/node/windows/processes.js';

const waitMs = 20_000;
const folder = fs.mkdtempSync(path.join(process.env.GSP_WINDOWS_TEMP ?? os.tmpdir(), 'signals-'));
const stopHelper = path.join(process.env.GSP_DIST ?? '', 'stopHelper.js');
const signals = new WindowsSignals(stopHelper);

const started: ChildProcess[] = [];
const deeper: Game['ref'][] = [];
after(() => {
  for (const child of started) child.kill();
  for (const { pid, startTime } of deeper) terminateTree(pid, startTime);
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

interface Game {
  readonly child: ChildProcess;
  readonly ref: { pid: number; startTime: string };
  said(): string;
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const deadline = Date.now() + waitMs; !isSo(); await sleep(50)) {
    assert.ok(Date.now() < deadline, `not so in time: ${what}`);
  }
}

const saving = `
  process.on('SIGINT', () => { console.log('saved'); setTimeout(() => process.exit(42), 100); });
  setInterval(() => undefined, 1000);
  console.log('up');`;
const stubborn = `
  process.on('SIGINT', () => { console.log('heard'); });
  setInterval(() => undefined, 1000);
  console.log('up');`;

async function game(script: string, options: { detached?: boolean } = {}): Promise<Game> {
  // In a console of its own that nobody sees, as the launcher starts them.
  const child = spawn(process.execPath, ['-e', script], {
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
    ...options,
  });
  started.push(child);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await until('up', () => said.includes('up'));
  const pid = child.pid ?? 0;
  return { child, ref: { pid, startTime: startTimeOfPid(pid) ?? '' }, said: () => said };
}

const hasEnded = ({ child }: Game): boolean => child.exitCode !== null || child.signalCode !== null;

test('Ctrl+C makes a game save and end, and no other', async () => {
  const [one, sibling] = [await game(saving), await game(saving)];
  assert.equal(signals.isAlive(one.ref), true);
  assert.equal(await signals.stop(one.ref, 'SIGINT', ''), true);
  await until('its end', () => hasEnded(one));
  assert.equal(one.child.exitCode, 42);
  assert.equal(one.said(), 'up\nsaved\n');
  assert.equal(signals.isAlive(one.ref), false);
  assert.equal(await signals.stop(one.ref, 'SIGINT', ''), false);
  assert.equal(signals.isAlive(sibling.ref), true);
  assert.equal(sibling.said(), 'up\n');
});

test('where Windows starts no program any more, Ctrl+C is sent from here', async () => {
  const [one, sibling] = [await game(saving), await game(saving)];
  assert.equal(await interruptConsole(path.join(folder, 'no such helper.js'), one.child.pid ?? 0), true);
  await until('its end', () => hasEnded(one));
  assert.equal(one.said(), 'up\nsaved\n');
  assert.equal(sibling.said(), 'up\n');
  // Whoever is started from here on hears Ctrl+C as before.
  const later = await game(saving);
  assert.equal(await signals.stop(later.ref, 'SIGINT', ''), true);
  await until('its end', () => hasEnded(later));
  assert.equal(later.said(), 'up\nsaved\n');
});

test('without a window, SIGTERM is Ctrl+C where that was not heard before, and nothing where it was', async () => {
  const one = await game(stubborn);
  assert.equal(await signals.stop(one.ref, 'SIGTERM', ''), true);
  await until('it heard', () => one.said().includes('heard'));
  assert.equal(await signals.stop(one.ref, 'SIGTERM', ''), false);
  await sleep(500);
  assert.equal(one.said(), 'up\nheard\n');
  assert.equal(hasEnded(one), false);
});

test('one without a console is not reached, which is told, and not ended', async () => {
  const one = await game(saving, { detached: true });
  assert.equal(await signals.stop(one.ref, 'SIGINT', ''), false);
  assert.equal(await signals.stop(one.ref, 'SIGTERM', ''), false);
  assert.equal(signals.isAlive(one.ref), true);
  assert.equal(one.said(), 'up\n');
});

/** Starts itself so many levels deep; each writes down its pid. Detached: Node ends its own children with itself otherwise. */
const deep = path.join(folder, 'deep.js');
fs.writeFileSync(
  deep,
  `const [, self, folder, level] = process.argv;
   require('fs').writeFileSync(folder + '/pid' + level, String(process.pid));
   if (Number(level) > 1)
     require('child_process').spawn(process.execPath, [self, folder, String(level - 1)], { detached: true, stdio: 'ignore' });
   setInterval(() => undefined, 1000);`,
);

function pidAt(level: number): number {
  try {
    return Number(fs.readFileSync(path.join(folder, `pid${level}`), 'utf8'));
  } catch {
    return 0;
  }
}

test('a kill ends a tree of three levels, and nobody else', async () => {
  const sibling = await game(saving);
  const root = spawn(process.execPath, [deep, folder, '3'], { stdio: 'ignore', windowsHide: true });
  started.push(root);
  const levels = [3, 2, 1];
  await until('three levels', () => levels.every((level) => pidAt(level) > 0));
  const refs = levels.map((level) => ({ pid: pidAt(level), startTime: startTimeOfPid(pidAt(level)) ?? '' }));
  deeper.push(...refs);
  const [top] = refs;
  assert.ok(top !== undefined && top.pid === root.pid);
  // The host of its console is one as well.
  const below = descendants(top.pid, top.startTime);
  for (const { pid } of refs) assert.equal(below.includes(pid), pid !== top.pid);
  assert.ok(!below.includes(sibling.ref.pid));
  // A later process with the same pid.
  assert.equal(signals.killTree({ pid: top.pid, startTime: '0000000000000001' }, ''), false);
  assert.equal(terminateTree(top.pid, '0000000000000001'), false);
  assert.deepEqual(
    refs.map((ref) => signals.isAlive(ref)),
    [true, true, true],
  );
  assert.equal(signals.killTree(top, ''), true);
  await until('all are gone', () => refs.every((ref) => !signals.isAlive(ref)));
  assert.equal(signals.isAlive(sibling.ref), true);
  assert.equal(signals.killTree(top, ''), false);
});

test('one that the launcher has started is reached in its console and, with all that it has started, by its job', async () => {
  const starter = new WindowsStarter(folder, stopHelper);
  const ends: (number | null)[] = [];
  const start = async (id: string, args: string[]): Promise<Game['ref']> => {
    const consoleFile = path.join(folder, `${id}.log`);
    const request = { id, nonce: 'n', command: process.execPath, args, cwd: folder, env: {}, consoleFile };
    const { pid, startTime } = await starter.start(request, ({ code }) => ends.push(code));
    deeper.push({ pid, startTime: startTime ?? '' });
    return { pid, startTime: startTime ?? '' };
  };
  const one = await start('one', ['-e', saving]);
  const log = (): string => fs.readFileSync(path.join(folder, 'one.log'), 'utf8');
  await until('up', () => log().includes('up'));
  assert.equal(await signals.stop(one, 'SIGINT', 'one:n'), true);
  assert.equal(signals.hasHeardCtrlC(one), true);
  await until('its end', () => ends.length === 1);
  assert.deepEqual([ends, log()], [[42], 'up\nsaved\n']);

  for (const level of [3, 2, 1]) fs.rmSync(path.join(folder, `pid${level}`), { force: true });
  const top = await start('two', [deep, folder, '3']);
  await until('three levels', () => [3, 2, 1].every((level) => pidAt(level) > 0));
  const refs = [3, 2, 1].map((level) => ({ pid: pidAt(level), startTime: startTimeOfPid(pidAt(level)) ?? '' }));
  deeper.push(...refs);
  // Without the one in the middle, the last can only be found by the job.
  process.kill(pidAt(2));
  await until('the middle is gone', () => refs.filter((ref) => signals.isAlive(ref)).length === 2);
  assert.equal(signals.killTree(top, 'two:n'), true);
  await until('all are gone', () => refs.every((ref) => !signals.isAlive(ref)) && ends.length === 2);
});
