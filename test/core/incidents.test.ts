import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import { Failure } from '../../src/shared/failure.js';
import type { ServerView } from '../../src/shared/contract.js';
import { isAlive, sleep, stateOf, until, useBench, type Bench } from './support/bench.js';

const bench = useBench();

interface Recorded {
  name: string;
  exit: { code: number | null; signal: string | null; cause: string; at: number };
  wasUp: boolean;
  isWatched: boolean;
  players: string[] | null;
  next: { is: string; at: number | null; used: number; max: number };
  samples: { at: number; cpu: number | null; memory: number | null; hostCpu: number | null }[] | null;
  lines: string[];
  said: string | null;
  report: { kind: string; file: string; type: string | null; message: string | null; lines: string[] } | null;
}

const folderOf = (at: Bench, id = 'demo'): string => path.join(at.dataDir, 'incidents', id);

function recorded(at: Bench, id = 'demo'): Recorded[] {
  const folder = folderOf(at, id);
  const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
  return names.sort().map((name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as Recorded);
}

async function endOf(connection: CoreConnection, id = 'demo'): Promise<NonNullable<ServerView['exit']>> {
  return await until('the end', async () => (await stateOf(connection, id)).exit);
}

const get = async (connection: CoreConnection, at: number, language?: 'en' | 'ko', id = 'demo'): Promise<string> =>
  (await connection.request('incident/get', { id, at, ...(language === undefined ? {} : { language }) })).markdown;

test('a crash: how it ended, its last lines, numbers, players, and what follows, in both languages', async () => {
  await bench().core();
  const connection = await bench().connect();
  const restart = { policy: 'on-crash' as const, backoffSeconds: [60] };
  await connection.request('server/add', { definition: bench().demo('demo', { restart }) });
  // An earlier start: none of its lines may come back in the report.
  await connection.request('server/start', { id: 'demo' });
  await connection.request('server/send', { id: 'demo', line: 'say of yesterday' });
  await connection.request('server/stop', { id: 'demo' });
  expect(recorded(bench())).toEqual([]);
  await connection.request('server/start', { id: 'demo' });
  await connection.request('server/send', { id: 'demo', line: 'players 2' });
  await until('players in the numbers', async () => (await stateOf(connection)).sample?.players === 2);
  const online = (await connection.request('server/players', { id: 'demo' })).map(({ name }) => name);
  await connection.request('server/send', { id: 'demo', line: 'crash' });
  const exit = await endOf(connection);
  const shown = await get(connection, exit.at + 1500);

  const [incident, ...more] = recorded(bench());
  expect(more).toEqual([]);
  expect(incident).toMatchObject({
    name: 'Demo demo',
    exit: { signal: 'SIGSEGV', cause: 'crash', at: exit.at },
    wasUp: true,
    isWatched: true,
    next: { is: 'restart', used: 0, max: 3 },
  });
  expect(incident!.said).toContain('Fatal error: segmentation fault');
  expect(incident!.players).toEqual(online);
  expect(incident!.samples!.length).toBeGreaterThan(0);
  expect(incident!.samples!.at(-1)!.memory).toBeGreaterThan(20_000_000);
  expect(incident!.lines.join('\n')).toContain('World.tick (world.ts:133)');
  expect(incident!.lines.join('\n')).not.toContain('of yesterday');
  expect(fs.statSync(path.join(folderOf(bench()), `${exit.at}.json`)).mode & 0o777).toBe(0o600);
  expect(fs.statSync(folderOf(bench())).mode & 0o777).toBe(0o700);

  expect(shown).toMatch(/^# Crash of Demo demo\n/);
  for (const words of ['signal SIGSEGV (invalid memory access)', `2: ${online.join(', ')}`, 'comes back by itself']) {
    expect(shown).toContain(words);
  }
  for (const heading of ['What happened', 'What the game says', 'Last lines', 'The last five minutes', 'Files']) {
    expect(shown).toContain(`\n## ${heading}\n`);
  }
  expect(shown).toContain(path.join(folderOf(bench()), `${exit.at}.json`));
  const korean = await get(connection, exit.at, 'ko');
  expect(korean).toMatch(/^# Demo demo 크래시 보고서\n/);
  expect(korean).toContain('SIGSEGV 신호, 잘못된 메모리 접근');

  await expect(get(connection, exit.at + 2500)).rejects.toSatisfy((error) => Failure.is(error, 'io'));
  expect(await connection.request('incident/list', { id: 'demo' })).toEqual([
    { at: exit.at, cause: 'crash', code: null, signal: 'SIGSEGV' },
  ]);
});

test('an exit code, a kill from outside, a failed start: each is on record, newest first; a stop is not', async () => {
  await bench().core();
  const connection = await bench().connect();
  await connection.request('server/add', { definition: bench().demo() });
  await connection.request('server/start', { id: 'demo' });
  await connection.request('server/send', { id: 'demo', line: 'crash 3' });
  await endOf(connection);
  const { pid } = await connection.request('server/start', { id: 'demo' });
  process.kill(pid!, 'SIGKILL');
  await until('the end', async () => (await stateOf(connection)).exit?.signal === 'SIGKILL');
  const command = bench().file('broken.sh');
  fs.writeFileSync(command, '#!/bin/sh\necho "no world here"\nexit 9\n', { mode: 0o755 });
  await connection.request('server/update', { definition: { ...bench().demo(), launch: { command } } });
  await expect(connection.request('server/start', { id: 'demo' })).rejects.toSatisfy((error) =>
    Failure.is(error, 'start-failed'),
  );
  await connection.request('server/update', { definition: bench().demo() });
  await connection.request('server/start', { id: 'demo' });
  await connection.request('server/stop', { id: 'demo' });
  const list = await connection.request('incident/list', { id: 'demo' });
  expect(list.map(({ cause, code, signal }) => [cause, code, signal])).toEqual([
    ['start-failed', 9, null],
    ['killed-outside', null, 'SIGKILL'],
    ['crash', 3, null],
  ]);
  const [failed, killed, crashed] = await Promise.all(list.map(({ at }) => get(connection, at)));
  expect(failed).toContain('It ended before it was ready: exit code 9.');
  expect(failed).toContain('```text\nno world here\n```');
  expect(killed).toContain('ended by force, and not by this panel');
  expect(crashed).toContain('exit code 3.');
  expect(crashed).toContain('It stays off until somebody starts it.');
});

test('a crash while no core lived: what is known of it, and that nobody watched', async () => {
  const { line, exit } = await bench().core();
  const connection = await bench().connect();
  const seen = { patterns: { ready: 'Ready for players', crash: 'Ready for' } };
  await connection.request('server/add', { definition: bench().demo('demo', seen) });
  const { pid } = await connection.request('server/start', { id: 'demo' });
  process.kill(line.pid, 'SIGTERM');
  await exit;
  process.kill(pid!, 'SIGSEGV');
  await until('its end', () => !isAlive(pid!));
  await bench().core();
  const again = await bench().connect();
  const { at } = await endOf(again);
  const shown = await get(again, at);
  expect(recorded(bench())).toMatchObject([
    { exit: { signal: 'SIGSEGV', cause: 'crash' }, isWatched: false, wasUp: true, players: null, samples: null },
  ]);
  expect(recorded(bench())[0]!.said).toContain('Ready for players');
  expect(shown).toContain('Monitoring was not running at that time.');
  expect(shown).toContain('## The last five minutes\n\nnot known: nobody watched\n');
  expect(shown).toContain('**Memory:** not known: nobody watched');
});

test('Unreal: the report that the game writes after its end is found; one of an earlier start is not', async () => {
  await bench().core();
  const connection = await bench().connect();
  const crashes = bench().file('palworld', 'Pal', 'Saved', 'Crashes');
  const binaries = bench().file('palworld', 'Pal', 'Binaries', 'Linux');
  const context = (message: string): string =>
    `<?xml version="1.0"?><FGenericCrashContext><RuntimeProperties><CrashType>Assert</CrashType>` +
    `<ErrorMessage>${message}</ErrorMessage><CallStack>Pal!UPal::Tick()\nPal!main()</CallStack>` +
    `</RuntimeProperties></FGenericCrashContext>`;
  fs.mkdirSync(path.join(crashes, 'UECC-old'), { recursive: true });
  fs.mkdirSync(binaries, { recursive: true });
  const old = path.join(crashes, 'UECC-old', 'CrashContext.runtime-xml');
  fs.writeFileSync(old, context('an old story'));
  fs.utimesSync(old, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000));
  const command = path.join(binaries, 'PalServer.sh');
  const late = path.join(crashes, 'UECC-new');
  const word = path.join(binaries, 'now');
  // The game reads no stdin.
  const wait = `until [ -e '${word}' ]; do sleep 0.1; done`;
  const script = ['#!/bin/sh', 'echo "Running Palworld dedicated server on :8211"', wait, 'exit 3'];
  fs.writeFileSync(command, script.join('\n'), { mode: 0o755 });
  const definition = { id: 'pal', name: 'Pal', game: 'palworld', launch: { command } };
  await connection.request('server/add', { definition });
  await connection.request('server/start', { id: 'pal' });
  fs.writeFileSync(word, '');
  const { at } = await endOf(connection, 'pal');
  const asked = get(connection, at, 'en', 'pal');
  // The first look for it is over by then, and the last is far.
  await sleep(200);
  fs.mkdirSync(late);
  fs.writeFileSync(path.join(late, 'CrashContext.runtime-xml'), context('Assertion failed: Index &lt; Num'));
  const shown = await asked;
  expect(recorded(bench(), 'pal')).toMatchObject([
    { exit: { code: 3 }, report: { kind: 'unreal', type: 'Assert', message: 'Assertion failed: Index < Num' } },
  ]);
  expect(shown).toContain('exit code 3 (fatal error of the Unreal engine)');
  expect(shown).toContain('Assertion failed: Index < Num\nPal!UPal::Tick()');
  expect(shown).toContain(path.join(late, 'CrashContext.runtime-xml'));
});

test('each crash of a series has its own report, with what followed from it', async () => {
  await bench().core();
  const connection = await bench().connect();
  const restart = { policy: 'on-crash' as const, backoffSeconds: [0], maxAttempts: 1 };
  await connection.request('server/add', { definition: bench().demo('demo', { restart }) });
  const { pid } = await connection.request('server/start', { id: 'demo' });
  await connection.request('server/send', { id: 'demo', line: 'crash' });
  await until('its return', async () => {
    const now = await stateOf(connection);
    return now.state === 'running' && now.pid !== pid;
  });
  await connection.request('server/send', { id: 'demo', line: 'crash 4' });
  await until('the giving up', async () => (await stateOf(connection)).state === 'failed');
  const [last, first, ...more] = await connection.request('incident/list', { id: 'demo' });
  expect(more).toEqual([]);
  expect(await get(connection, last!.at)).toContain('It stays off: restarting did not help (1 tried).');
  expect(await get(connection, first!.at)).toContain('It comes back by itself at');
  // The second start's lines begin right behind the first one's.
  expect(recorded(bench())[1]!.lines.filter((line) => line.includes('Fatal error'))).toHaveLength(1);
});

test('a place that cannot be written to: said in the log, and the restart happens all the same', async () => {
  await bench().core();
  const connection = await bench().connect();
  fs.writeFileSync(path.join(bench().dataDir, 'incidents'), 'in the way');
  const restart = { policy: 'on-crash' as const, backoffSeconds: [0.1] };
  await connection.request('server/add', { definition: bench().demo('demo', { restart }) });
  const { pid } = await connection.request('server/start', { id: 'demo' });
  await connection.request('server/send', { id: 'demo', line: 'crash' });
  await until('its return', async () => {
    const now = await stateOf(connection);
    return now.state === 'running' && now.pid !== pid;
  });
  await until('the warning', () =>
    fs.readFileSync(path.join(bench().dataDir, 'logs', 'core.log'), 'utf8').includes('not recorded'),
  );
  await connection.request('server/stop', { id: 'demo' });
});
