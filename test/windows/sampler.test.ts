import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { splitCommandLine } from '../../src/core/platform/windows/commandLine.js';
import { platformFor } from '../../src/core/platform/platform.js';
import { WindowsProcesses } from '../../src/core/platform/windows/windowsProcesses.js';
import type { ProcessRef, TreeReader, TreeSample } from '../../src/core/ports.js';
import { jobName } from '../../src/node/windows/jobs.js';
import { native, windowsFunction } from '../../src/node/windows/native.js';
import { ownWrittenBytes } from '../../src/node/windows/ownProcess.js';
import { processParameters } from '../../src/node/windows/processParameters.js';
import { access, closeHandle, openProcess, startTimeOfPid } from '../../src/node/windows/processes.js';
import { identityCases, readerCases, type Kind } from '../contract/support/readerCases.js';
import { Actor, idleScript, killAll, temp, toBeKilled } from './support/actor.js';

const port = new WindowsProcesses();
const mb = 1024 * 1024;
const isWine = fs.existsSync('Z:\\proc\\self\\stat');
const refOf = (pid: number): ProcessRef => ({ pid, startTime: startTimeOfPid(pid) });
const trees: TreeReader[] = [];
const closing: (() => void)[] = [];

function treeOf(pid: number, mark = ''): TreeReader {
  const tree = port.tree(refOf(pid), mark);
  trees.push(tree);
  return tree;
}

type Measured = TreeSample & { readonly rssBytes: number; readonly threads: number };

function isMeasured(sample: TreeSample | undefined): sample is Measured {
  return typeof sample?.rssBytes === 'number' && typeof sample.threads === 'number';
}

function round(tree: TreeReader): Measured {
  port.host();
  port.beginRound();
  const sample = tree.read();
  assert.ok(isMeasured(sample));
  return sample;
}

afterEach(async () => {
  for (const tree of trees.splice(0)) tree.dispose();
  await killAll();
  for (const close of closing.splice(0)) close();
});

async function start(children = 0): Promise<{ pid: number; kill(): Promise<void> }> {
  const actor = await Actor.start();
  for (let n = 0; n < children; n++) await grandchild(actor);
  return { pid: actor.pid, kill: () => actor.kill() };
}

async function grandchild(actor: Actor, ...args: string[]): Promise<number> {
  const { pid } = await actor.tell('child', { script: idleScript, args });
  return toBeKilled(pid ?? 0);
}

test('it is what the core measures with here', () => {
  const { processes } = platformFor(process.platform);
  assert.ok(processes instanceof WindowsProcesses);
  assert.deepEqual(processes.means, { leastIntervalMs: 0, shortfall: null });
});

const kind: Kind = { startTimeOf: startTimeOfPid, knowsThreads: true, knowsFolders: true };
for (const { name, run } of [...readerCases, ...identityCases]) test(name, () => run({ port, kind, start }));

test('what is measured is what the processes have used: busy, half, idle', async () => {
  const parts = [1, 0.5, 0];
  const actors = await Promise.all(parts.map(() => Actor.start()));
  const measured = actors.map((actor) => treeOf(actor.pid));
  const before = await Promise.all(actors.map((actor) => actor.tell('work', { ms: 0, part: 0 })));
  const began = performance.now();
  measured.forEach(round);
  const after = await Promise.all(actors.map((actor, n) => actor.tell('work', { ms: 3000, part: parts[n] })));
  const samples = measured.map(round);
  const elapsed = performance.now() - began;
  const percents = samples.map(({ cpuMs }) => (100 * (cpuMs ?? NaN)) / elapsed);
  const truths = after.map(({ cpuMs = NaN }, n) => (100 * (cpuMs - (before[n]?.cpuMs ?? NaN))) / elapsed);
  console.log(
    `measured ${String(percents.map((one) => one.toFixed(1)))}, true ${String(truths.map((one) => one.toFixed(1)))}`,
  );
  percents.forEach((percent, n) =>
    assert.ok(Math.abs(percent - (truths[n] ?? NaN)) < 2, `${percent} of ${String(truths[n])}`),
  );
  // However many others want the processors.
  assert.ok((percents[0] ?? 0) > (percents[2] ?? 100) + 2);
  assert.ok((percents[2] ?? 100) < 10);
});

test('memory that a program has taken is seen', async () => {
  const actor = await Actor.start();
  const tree = treeOf(actor.pid);
  const before = round(tree).rssBytes;
  await actor.tell('allocate', { bytes: 200 * mb });
  const taken = round(tree).rssBytes - before;
  assert.ok(taken > 190 * mb && taken < 260 * mb, String(taken));
});

test('what it holds open is counted', async () => {
  const actor = await Actor.start();
  const tree = treeOf(actor.pid);
  round(tree);
  const { files, handles } = port.openCounts({ pid: actor.pid, startTime: null });
  assert.equal(files, null);
  assert.ok((handles ?? 0) > 10 && (handles ?? 0) < 10_000, String(handles));
});

test('a grandchild belongs to the tree, also when the one between has ended', async () => {
  const root = await Actor.start();
  const tree = treeOf(root.pid);
  const alone = round(tree).threads;
  const actorScript = `
    const { spawn } = require('node:child_process');
    spawn(process.execPath, ['-e', ${JSON.stringify(idleScript)}, 'below'], { detached: true, stdio: 'ignore' }).unref();
    setTimeout(() => undefined, 120_000);`;
  const { pid: middle = 0 } = await root.tell('child', { script: actorScript, args: ['between'] });
  toBeKilled(middle);
  const below = toBeKilled((await until(() => port.list().find(({ parent }) => parent === middle))).pid);
  const three = await until(() => (round(tree).threads > 2 * alone ? round(tree) : undefined));
  process.kill(middle, 'SIGKILL');
  await until(() => startTimeOfPid(middle) === null || undefined);
  const two = round(tree);
  assert.ok(two.threads > alone && two.threads < three.threads);
  process.kill(below, 'SIGKILL');
  await until(() => (round(tree).threads < two.threads ? true : undefined));
});

test('one that came and went between two rounds leaves its child to the tree, by the job of the start', async () => {
  const root = await Actor.start({ detached: true });
  const mark = `sampler:${process.pid}`;
  const handle = putIntoJob(root.pid, mark);
  const tree = treeOf(root.pid, mark);
  const alone = round(tree).threads;
  const script = `
    const { spawn } = require('node:child_process');
    spawn(process.execPath, ['-e', ${JSON.stringify(idleScript)}], { detached: true, stdio: 'ignore' }).unref();`;
  const { pid: middle = 0 } = await root.tell('child', { script, args: [] });
  await until(() => startTimeOfPid(middle) === null || undefined);
  const left = await until(() => port.heirs(mark).find(({ pid }) => pid !== root.pid && pid !== middle));
  toBeKilled(left.pid);
  assert.equal(left.parent, middle);
  assert.match(left.name, /^node\.exe$/i);
  assert.equal(left.startTime, startTimeOfPid(left.pid));
  assert.ok(left.rssBytes > 10 * mb);
  // Its own threads, and those of another program of Node.
  await until(() => (round(tree).threads > 1.5 * alone ? true : undefined));
  // What it leaves is followed as another tree; of this one nothing is told.
  await root.kill();
  port.beginRound();
  assert.equal(tree.read(), undefined);
  assert.deepEqual(
    port.heirs(mark).map(({ pid }) => pid),
    [left.pid],
  );
  assert.ok(round(treeOf(left.pid, mark)).threads > 0);
  process.kill(left.pid, 'SIGKILL');
  await until(() => port.heirs(mark).length === 0 || undefined);
  closeHandle(handle);
  assert.deepEqual(port.heirs(mark), []);
});

test('how it ended is told to others than its parent, once it was followed', async () => {
  const root = await Actor.start();
  const pid = await (async () => {
    const script = 'process.stdin.resume(); setTimeout(() => process.exit(42), 1500)';
    return (await root.tell('child', { script, args: [] })).pid ?? 0;
  })();
  const ref = refOf(pid);
  treeOf(pid);
  assert.equal(port.exitCode(ref), null);
  assert.equal(await until(() => port.exitCode(ref) ?? undefined), 42);
  assert.equal(port.exitCode({ pid, startTime: '0000000000000001' }), null);
  for (const tree of trees.splice(0)) tree.dispose();
  assert.equal(port.exitCode(ref), 42);
});

test('the list tells arguments and folder, of whatever letters', async () => {
  const folder = path.join(temp, '게임 서버');
  fs.mkdirSync(folder, { recursive: true });
  closing.push(() => {
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  const args = ['한글 이름', '', 'a "quoted" one', 'C:\\ends in one\\', '-port=8211'];
  const actor = await Actor.start({ args, cwd: folder });
  const seen = port.list().find(({ pid }) => pid === actor.pid);
  assert.deepEqual(seen?.argv.slice(2), args);
  assert.equal(seen.cwd, folder);
  assert.equal(seen.startTime, startTimeOfPid(actor.pid));
  assert.match(port.executable(actor.pid) ?? '', /^node\.exe$/i);
  assert.deepEqual(processParameters(actor.pid, '0000000000000001'), { commandLine: null, image: null, cwd: null });
});

test('a command line is split as Windows does it', () => {
  const split = windowsFunction<(line: string, count: Buffer) => unknown>(
    'shell32.dll',
    'void *CommandLineToArgvW(str16, void*)',
  );
  const letters = ['"', '"', '\\', ' ', '\t', 'a', '가'];
  let seed = 20_261_123;
  const next = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  for (let n = 0; n < 3000; n++) {
    const line = Array.from({ length: 1 + next(14) }, () => letters[next(letters.length)]).join('');
    const count = Buffer.alloc(4);
    const list = split(line, count);
    const told = native().decode(list, 'str16', count.readInt32LE(0)) as string[];
    assert.deepEqual(splitCommandLine(line), told, JSON.stringify(line));
  }
});

test('what this process writes is counted, where Windows counts', () => {
  const before = ownWrittenBytes();
  const file = path.join(temp, `written-${process.pid}`);
  fs.writeFileSync(file, Buffer.alloc(mb));
  fs.rmSync(file);
  const written = ownWrittenBytes() - before;
  // Wine counts nothing.
  assert.ok(written >= mb || (written === 0 && isWine), String(written));
});

/** As the launcher does with a server. */
function putIntoJob(pid: number, mark: string): number {
  const create = windowsFunction<(security: null, name: string) => number>(
    'kernel32.dll',
    'intptr_t CreateJobObjectW(void*, str16)',
  );
  const assign = windowsFunction<(job: number, process: number) => number>(
    'kernel32.dll',
    'int AssignProcessToJobObject(intptr_t, intptr_t)',
  );
  const job = create(null, jobName(mark));
  const handle = openProcess(pid, 0x0100 | access.terminate);
  assert.notEqual(assign(job, handle), 0);
  closeHandle(handle);
  return job;
}

async function until<T>(look: () => T | undefined): Promise<T> {
  const end = performance.now() + 30_000;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    assert.ok(performance.now() < end, 'it does not come to that');
    await sleep(200);
  }
}
