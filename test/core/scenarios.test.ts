import fs from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { CoreConnection } from '../../src/node/coreConnection.js';
import { FakeTarget } from '../unit/core/alerts/webhooks/support/fakeTarget.js';
import { askedGame, joinLuanti, namesReached, oftenLooking } from './support/asked.js';
import { stateOf, until, useBench } from './support/bench.js';
import { whyMissing } from './support/games.js';
import { often } from './support/often.js';

/* What people fear at night, from the first sign to the end. */

const bench = useBench();
const targets: FakeTarget[] = [];

afterEach(async () => {
  await Promise.all(targets.splice(0).map((target) => target.close()));
});

interface Heard {
  readonly id: string;
  readonly kind: string;
  readonly alert: { readonly rule: string; readonly count: number; readonly fields: { name: string; value: string }[] };
  readonly missed: { readonly dropped: number; readonly uncertain: number };
}

async function target(): Promise<FakeTarget> {
  const one = await new FakeTarget().listen();
  targets.push(one);
  return one;
}

const heardBy = (one: FakeTarget): Heard[] => one.heard.map(({ body }) => JSON.parse(body) as Heard);
const kindsOf = (one: FakeTarget, rule: string): string[] =>
  heardBy(one).flatMap(({ kind, alert }) => (alert.rule === rule ? [kind] : []));

/** The last of them is well; all before it never answer. */
async function webhooks(connection: CoreConnection, hanging: number): Promise<FakeTarget> {
  const all: FakeTarget[] = [];
  for (let n = 0; n <= hanging; n += 1) all.push(await target());
  for (const one of all.slice(0, -1)) one.modes = [{ is: 'never' }];
  const names = all.map((_, index) => (index < hanging ? `hangs${index}` : 'well'));
  await connection.request('settings/set', {
    settings: { webhooks: names.map((name) => ({ name, kind: 'generic' })), language: 'en' },
  });
  for (const [index, name] of names.entries()) {
    const value = all[index]!.url(`/hook/secret-of-${name}`);
    await connection.request('secret/set', { id: 'alerts', key: `webhook.${name}`, value });
  }
  return all.at(-1)!;
}

const isMissing = (['luanti', 'luanti_client'] as const).some((name) => whyMissing(name) !== undefined);

describe('a server crashes', () => {
  test.skipIf(isMissing)(
    'it is seen and told at once though two targets hang, it is restarted, and who played comes back',
    async () => {
      const id = 'luanti';
      const change = { restart: { policy: 'on-crash' as const, backoffSeconds: [0.5] } };
      const { connection, place } = await askedGame(bench(), id, { change: () => change });
      const well = await webhooks(connection, 2);
      const { pid } = await connection.request('server/start', { id });
      const ann = joinLuanti(bench(), 'Ann', place.port);
      await namesReached(connection, id, ['Ann']);

      process.kill(pid!, 'SIGSEGV');
      // As the promise says: seen within five seconds; all of it follows from the end that the system tells.
      const [alert] = await until('its alert', async () => {
        const all = await connection.request('alert/list', {});
        return all.some(({ rule }) => rule === 'crash') && all.filter(({ rule }) => rule === 'crash');
      });
      expect(alert).toMatchObject({ server: id, count: 1, data: { signal: 'SIGSEGV', players: 1 } });
      await until('the message', () => kindsOf(well, 'crash').includes('raised'));
      const message = heardBy(well).find(({ alert: { rule } }) => rule === 'crash');
      expect(message?.alert.fields).toContainEqual(expect.objectContaining({ value: '1' }));
      const back = await until('it again', async () => {
        const view = await stateOf(connection, id);
        return view.state === 'running' && view.pid !== pid && view;
      });
      expect(back.restarts.used).toBe(1);
      ann.kill('SIGKILL');
      joinLuanti(bench(), 'Ann', place.port);
      await namesReached(connection, id, ['Ann']);
      expect(kindsOf(well, 'crash')).toEqual(['raised']);
      await connection.request('server/stop', { id }, { timeoutMs: 60_000 });
    },
    120_000,
  );

  test('with every target hanging, a crash loop is restarted and measured as if there were none', async () => {
    const connection = await oftenLooking(bench());
    await webhooks(connection, 5);
    targets.at(-1)!.modes = [{ is: 'never' }];
    const rounds: number[] = [];
    connection.on('server/sample', ({ at }) => rounds.push(at));
    await connection.request('client/subscribe', { samples: true, visible: true });
    await connection.request('server/add', { definition: bench().demo('steady') });
    const restart = { policy: 'on-crash' as const, backoffSeconds: [0.2], maxAttempts: 3 };
    await connection.request('server/add', { definition: bench().demo('demo', { restart }) });
    await connection.request('server/start', { id: 'steady' });
    await connection.request('server/start', { id: 'demo' });
    let pid: number | null = null;
    for (const used of [1, 2, 3]) {
      const now = await until('it running', async () => {
        const view = await stateOf(connection, 'demo');
        return view.state === 'running' && view.pid !== pid && view;
      });
      ({ pid } = now);
      process.kill(pid!, 'SIGSEGV');
      await until(`restart ${used}`, async () => (await stateOf(connection, 'demo')).restarts.used === used);
    }
    const before = rounds.length;
    await until('more rounds', () => rounds.length >= before + 4, 60_000);
    expect(targets.some(({ heard }) => heard.length > 0)).toBe(true);
    const gaps = rounds.slice(1).map((at, index) => at - rounds[index]!);
    // A round that waited for one request would be five seconds late.
    expect(gaps.filter((gap) => gap > often.baseIntervalMs + 4000)).toEqual([]);
  }, 120_000);

  test('while no window is open and the monitoring was killed: it is restarted and told all the same', async () => {
    const connection = await oftenLooking(bench());
    await connection.request('settings/set', { settings: { secrets: { remember: true } } });
    const well = await webhooks(connection, 1);
    const restart = { policy: 'on-crash' as const, backoffSeconds: [0.2] };
    await connection.request('server/add', { definition: bench().demo('demo', { restart }) });
    const { pid } = await connection.request('server/start', { id: 'demo' });
    const core = (await connection.request('core/status', {})).pid;
    connection.dispose();
    process.kill(core, 'SIGKILL');
    process.kill(pid!, 'SIGSEGV');
    await until('the message', () => kindsOf(well, 'crash').length > 0);
    await until('it again', () =>
      bench()
        .processes('demoServer.js')
        .some((one) => one !== pid),
    );
    const again = await bench().connect();
    expect((await again.request('core/status', {})).pid).not.toBe(core);
    await until('its state', async () => (await stateOf(again)).state === 'running');
    expect(kindsOf(well, 'crash')).toEqual(['raised']);
    const kept = fs.readdirSync(bench().dataDir).filter((name) => name.endsWith('.json') && name !== 'secrets.json');
    for (const name of kept) expect(fs.readFileSync(`${bench().dataDir}/${name}`, 'utf8')).not.toContain('secret-of');
  }, 120_000);
});

describe('the PC is short of memory', () => {
  test('it is told once, what is kept for speed is given back, and it is over when it is over', async () => {
    const connection = await oftenLooking(bench());
    const well = await webhooks(connection, 1);
    const memory = async (percent: number): Promise<void> => {
      const settings = { memory: { highPercent: percent, criticalPercent: percent } };
      await connection.request('settings/set', { settings });
    };
    const pressure = async (): Promise<string> => (await connection.request('core/status', {})).pressure;
    // Whatever this machine's memory is: it is not short of it by this limit, and always by the other one.
    await memory(100);
    await connection.request('server/add', { definition: bench().demo('demo') });
    await connection.request('server/start', { id: 'demo' });
    await until('numbers', async () => (await stateOf(connection)).sample);
    await memory(1);
    await until('the level', async () => (await pressure()) === 'critical');
    await until('the message', () => kindsOf(well, 'low-memory').length > 0);
    await memory(100);
    await until('its end', async () => (await pressure()) !== 'critical');
    await until('the word that it is over', () => kindsOf(well, 'low-memory').length > 1);
    expect(kindsOf(well, 'low-memory')).toEqual(['raised', 'resolved']);
    const told = await connection.request('history/events', { id: 'host', from: 0, to: Date.now() + 1000 });
    expect(told.filter(({ data }) => data.level === 'critical')).toHaveLength(1);
  }, 120_000);
});
