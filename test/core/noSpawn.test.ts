import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { startLauncher } from './support/launcherProcess.js';
import { palworldIn } from './support/palworld.js';
import { sleep, stateOf, until, useBench } from './support/bench.js';
import { often, oftenAsked } from './support/often.js';

const bench = useBench();

interface Entry {
  readonly is: 'watched' | 'spawn';
  readonly pid: number;
  readonly thread: number;
  readonly at: number;
  readonly command?: string[];
}

const settleMs = 10_000;
const watchMs = 40_000;

/**
 * What a process's children that have ended have cost, page faults and CPU time: any that was waited for has added to it.
 * The same of its children that live, with who they are: the core keeps a shell or two for what it may have to start.
 */
function endedChildren(pid: number): string {
  const fields = fs
    .readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  const living = fs.readdirSync(`/proc/${pid}/task`).flatMap((task) => {
    const children = fs.readFileSync(`/proc/${pid}/task/${task}/children`, 'latin1');
    return children.split(' ').filter(Boolean).map(Number);
  });
  return [pid, ...[8, 10, 13, 14].map((field) => fields[field]), `[${living.map(endedChildren).join(', ')}]`].join(' ');
}

/** Seen by Node's own means; what a shell or native code would start, by the second witness once it has ended. */
test(
  'nothing is started while servers are watched and asked, but for a server itself',
  { timeout: 120_000 },
  async () => {
    const file = bench().file('spawns.txt');
    const preload = path.resolve(import.meta.dirname, 'support/noteSpawns.cjs');
    const env = { NODE_OPTIONS: `--require=${preload}`, GSP_SPAWNS: file };
    const entries = (): Entry[] =>
      fs
        .readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Entry);

    const launcher = await startLauncher(bench(), env);
    const { line: core } = await bench().core({ env });
    const connection = await bench().connect();
    await connection.request('settings/set', { settings: { sampling: often, games: oftenAsked } });
    await connection.request('client/subscribe', { samples: true, visible: true, consoles: ['one', 'two'] });
    const game = await palworldIn(bench(), 'asked');
    const definitions = [bench().demo('one'), bench().demo('two'), bench().demo('three'), game.definition];
    for (const definition of definitions) {
      await connection.request('server/add', { definition });
      await connection.request('server/start', { id: definition.id }, { timeoutMs: 60_000 });
    }
    await until('an answer of the game', async () => (await stateOf(connection, 'asked')).api.is === 'ok');
    const launcherPid = (await connection.request('core/status', {})).launcher?.pid;
    expect(launcherPid).toBe(launcher.child.pid);
    // The witness sees what there is to be seen: both processes, the core's shells, and each server's start.
    const watched = entries().filter(({ is }) => is === 'watched');
    expect(new Set(watched.filter(({ thread }) => thread === 0).map(({ pid }) => pid))).toEqual(
      new Set([core.pid, launcherPid]),
    );
    const programsOf = (pid: number | undefined, since = 0): string[] =>
      entries().flatMap((entry) =>
        entry.is === 'spawn' && entry.pid === pid && entry.at >= since
          ? [entry.command?.slice(0, 3).join(' ') ?? '']
          : [],
      );
    const serversOf = (programs: string[]): string[] => programs.filter((program) => !program.startsWith('mkfifo '));
    expect(serversOf(programsOf(launcherPid))).toHaveLength(definitions.length);

    // What it needs for its own standing, and shells that wait.
    for (const program of programsOf(core.pid)) expect(program).toMatch(/^(\/bin\/sh -c|ionice) /);
    expect(programsOf(core.pid).length).toBeGreaterThan(0);

    await sleep(settleMs);
    const from = Date.now();
    const ended = [endedChildren(core.pid), endedChildren(launcherPid ?? 0)];
    for (let half = 0; half < 2; half++) {
      for (const end = Date.now() + watchMs / 2; Date.now() < end; await sleep(1000)) {
        await connection.request('core/status', {});
        await connection.request('server/list', {});
      }
      if (half === 1) break;
      expect([endedChildren(core.pid), endedChildren(launcherPid ?? 0)]).toEqual(ended);
      await connection.request('server/restart', { id: 'three', mode: 'stop' }, { timeoutMs: 60_000 });
    }
    // A server's start takes two programs: one that makes its input, and itself.
    const [node, script, world] = [process.execPath, ...(bench().demo('three').launch.args ?? [])];
    const since = programsOf(launcherPid, from);
    expect(serversOf(since)).toEqual([[node, script, world].join(' ')]);
    expect(since.length).toBeLessThanOrEqual(2);
    expect(programsOf(core.pid, from)).toEqual([]);
    expect(endedChildren(core.pid)).toBe(ended[0]);
    for (const { id } of definitions) expect((await stateOf(connection, id)).state).toBe('running');
  },
);
