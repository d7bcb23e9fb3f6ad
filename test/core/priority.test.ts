import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import type { Definition } from '../../src/shared/contract.js';
import { Bench, dist, sleep, until, type StartOptions } from './support/bench.js';

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups'];
const hasAutogroup = fs.existsSync('/proc/self/autogroup');

let bench: Bench | undefined;
afterEach(async () => {
  await bench?.dispose();
  bench = undefined;
});

/** Fields behind the name: 13 utime.. as in proc(5) minus 3. */
function stat(file: string): string[] {
  return fs
    .readFileSync(file, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
}
const outOfMemoryScore = (pid: number): number => Number(fs.readFileSync(`/proc/${pid}/oom_score_adj`, 'latin1'));
const niceOf = (file: string): number => Number(stat(file)[16]);
const cpuTicks = (pid: number): number => Number(stat(`/proc/${pid}/stat`)[11]) + Number(stat(`/proc/${pid}/stat`)[12]);

async function withDemo(
  options: StartOptions,
  change: Partial<Definition> = {},
): Promise<{ connection: CoreConnection; corePid: number; gamePid: number }> {
  if (bench === undefined) throw new Error('no bench');
  const { line } = await bench.core(options);
  const connection = await bench.connect();
  await connection.request('server/add', { definition: bench.demo('demo', change) });
  const { pid } = await connection.request('server/start', { id: 'demo' });
  return { connection, corePid: line.pid, gamePid: pid ?? 0 };
}

function asOrdinaryUser(): StartOptions {
  // Where the tests run as root, everything has to be where another user can reach it.
  bench = isRoot ? new Bench('data', '/tmp') : new Bench();
  const bundles = bench.file('dist');
  fs.cpSync(dist, bundles, { recursive: true });
  if (isRoot) execFileSync('chown', ['-R', `${nobody}:${nobody}`, bench.root]);
  return { dist: bundles, ...(isRoot ? { prefix: asNobody } : {}) };
}

function expectStanding(corePid: number, gamePid: number): void {
  const threads = fs.readdirSync(`/proc/${corePid}/task`);
  expect(threads.length).toBeGreaterThan(5);
  for (const thread of threads) expect(niceOf(`/proc/${corePid}/task/${thread}/stat`)).toBe(10);
  for (const thread of fs.readdirSync(`/proc/${gamePid}/task`))
    expect(niceOf(`/proc/${gamePid}/task/${thread}/stat`)).toBe(0);
  expect(outOfMemoryScore(corePid)).toBe(500);
  expect(outOfMemoryScore(gamePid)).toBe(0);
  if (!hasAutogroup) return;
  const group = (pid: number): string => fs.readFileSync(`/proc/${pid}/autogroup`, 'utf8');
  expect(group(corePid)).toMatch(/ nice 10$/m);
  expect(group(gamePid)).toMatch(/ nice 0$/m);
  expect(group(corePid)).not.toBe(group(gamePid));
}

describe('standing', () => {
  test('every thread of the core is at nice 10 in a group of its own, the game at nice 0', async () => {
    bench = new Bench();
    const { connection, corePid, gamePid } = await withDemo({});
    expectStanding(corePid, gamePid);
    const status = await connection.request('core/status', {});
    expect(status.self).toMatchObject({ nice: 10, ioClass: 'idle', oomScoreAdj: 500 });
    expect(status.launcher?.nice).toBe(0);
    expect(outOfMemoryScore(status.launcher?.pid ?? 0)).toBe(0);
    for (const thread of fs.readdirSync(`/proc/${corePid}/task`)) {
      expect(execFileSync('ionice', ['-p', thread], { encoding: 'utf8' }).trim()).toBe('idle');
    }
    expect(execFileSync('ionice', ['-p', String(gamePid)], { encoding: 'utf8' })).not.toContain('idle');
  });

  test('the same for an ordinary user, also for a game that a replaced launcher starts', async () => {
    const { connection, corePid, gamePid } = await withDemo(asOrdinaryUser());
    expect(fs.statSync(`/proc/${corePid}`).uid).toBe(isRoot ? nobody : process.getuid?.());
    expectStanding(corePid, gamePid);
    const old = (await connection.request('core/status', {})).launcher?.pid ?? 0;
    process.kill(old, 'SIGKILL');
    await until('another launcher', async () => {
      const { launcher } = await connection.request('core/status', {});
      return launcher !== null && launcher.pid !== old;
    });
    await connection.request('server/stop', { id: 'demo' });
    const { pid } = await connection.request('server/start', { id: 'demo' });
    expectStanding(corePid, pid ?? 0);
    await connection.request('server/stop', { id: 'demo' });
  });

  test('a game that is to stand above the others does where the system allows it', async () => {
    bench = new Bench();
    const { connection, gamePid } = await withDemo({}, { priority: 'above-normal' });
    expect(niceOf(`/proc/${gamePid}/stat`)).toBe(isRoot ? -5 : 0);
    expect((await connection.request('core/status', {})).canRaise).toBe(isRoot);
    const [view] = await connection.request('server/list', {});
    expect(view?.priority).toBe(isRoot ? undefined : 'refused');
    if (hasAutogroup && isRoot) expect(fs.readFileSync(`/proc/${gamePid}/autogroup`, 'utf8')).toMatch(/ nice -5$/m);
  });

  test('and starts as any other where it does not, which is told', async () => {
    const { connection, corePid, gamePid } = await withDemo(asOrdinaryUser(), { priority: 'above-normal' });
    expectStanding(corePid, gamePid);
    expect((await connection.request('core/status', {})).canRaise).toBe(false);
    const [view] = await connection.request('server/list', {});
    expect(view?.priority).toBe('refused');
  });

  test('a core that shares its session with another program lowers itself, and leaves that one alone', async () => {
    if (!hasAutogroup) return;
    bench = new Bench();
    const script = `sleep 600 '${bench.root}' 2>/dev/null & sleep 601 & exec "$@"`;
    const { corePid } = await withDemo({ prefix: ['sh', '-c', script, 'sh'] });
    expect(niceOf(`/proc/${corePid}/stat`)).toBe(10);
    expect(fs.readFileSync(`/proc/${corePid}/autogroup`, 'utf8')).toMatch(/ nice 0$/m);
    execFileSync('pkill', ['-s', String(stat(`/proc/${corePid}/stat`)[3]), '-x', 'sleep']);
  });
});

describe('one saturated CPU', () => {
  /** CPU of the core per CPU of the game while both want all of the same processor. */
  async function share(args: string[]): Promise<number> {
    bench = new Bench();
    // The launcher and the game inherit the processor that the core was given.
    const { connection, corePid, gamePid } = await withDemo({ args, prefix: ['taskset', '-c', '0'] });
    await connection.request('server/send', { id: 'demo', line: 'spike 60' });
    let flooding = true;
    const flood = Array.from({ length: 20 }, async () => {
      while (flooding) await connection.request('server/list', {}, { timeoutMs: null });
    });
    await sleep(1500);
    const [core, game] = [cpuTicks(corePid), cpuTicks(gamePid)];
    await sleep(6000);
    const ratio = (cpuTicks(corePid) - core) / (cpuTicks(gamePid) - game);
    flooding = false;
    await Promise.all(flood);
    await bench.dispose();
    bench = undefined;
    return ratio;
  }

  test('the core gets at most a fifth of what the game gets, and far more if it did not lower itself', async () => {
    const lowered = await share([]);
    const level = await share(['--no-priority']);
    console.log(`core per game on one CPU: ${lowered.toFixed(3)} lowered, ${level.toFixed(3)} not lowered`);
    expect(lowered).toBeLessThan(0.2);
    expect(level).toBeGreaterThan(2 * lowered);
    expect(fs.existsSync(path.join(dist, 'core.js'))).toBe(true);
  });
});
