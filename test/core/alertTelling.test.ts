import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { connectCore, type CoreConnection } from '../../src/node/coreConnection.js';
import type { Alert, Definition, ServerView } from '../../src/shared/contract.js';
import { stateOf, until, useBench } from './support/bench.js';
import { reaches, Witness } from './support/witness.js';

const bench = useBench();

async function running(change: Partial<Definition> = {}): Promise<{ connection: CoreConnection; told: Alert[] }> {
  await bench().core();
  const connection = await bench().connect();
  const { alerts } = await Witness.of(connection);
  await connection.request('server/add', { definition: bench().demo('demo', change) });
  await connection.request('server/start', { id: 'demo' });
  return { connection, told: alerts };
}

/** A connection as the extension makes it. */
async function asWindow(): Promise<CoreConnection> {
  const client = { name: 'vscode', version: '0', language: 'ko' as const };
  return await until('an answering core', async () => {
    try {
      return await connectCore({ dataDir: bench().dataDir, client, timeoutMs: 5000 });
    } catch {
      return undefined;
    }
  });
}

/** Kills the core, and answers a connection to the one that comes in its place. */
async function killed(connection: CoreConnection): Promise<CoreConnection> {
  const { pid } = await connection.request('core/status', {});
  process.kill(pid, 'SIGKILL');
  const again = await bench().connect();
  expect((await again.request('core/status', {})).pid).not.toBe(pid);
  return again;
}

const list = (connection: CoreConnection): Promise<Alert[]> => connection.request('alert/list', {});
const set = (connection: CoreConnection, settings: Record<string, unknown>): Promise<unknown> =>
  connection.request('settings/set', { settings });
const claims = async (connection: CoreConnection, alert: string): Promise<boolean> =>
  (await connection.request('alert/claim', { alert })).yours;
const read = (name: string): string => {
  const file = path.join(bench().dataDir, name);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
};

async function crash(connection: CoreConnection): Promise<void> {
  await connection.request('server/send', { id: 'demo', line: 'crash' });
}

test('a rule that is switched off raises nothing, and what is open of it is over', async () => {
  const { connection, told } = await running();
  await set(connection, { alerts: { rules: { crash: { enabled: false } } } });
  await crash(connection);
  await reaches(connection, 'demo', 'crashed');
  expect(await list(connection)).toEqual([]);
  await set(connection, { alerts: { rules: { crash: { enabled: true, severity: 'warning' } } } });
  await connection.request('server/start', { id: 'demo' });
  await crash(connection);
  expect(await until('its alert', () => told[0])).toMatchObject({ rule: 'crash', severity: 'warning', count: 1 });
  await set(connection, { alerts: { rules: { crash: { enabled: false } } } });
  expect(await list(connection)).toMatchObject([{ rule: 'crash', state: 'resolved' }]);
});

test('what is muted stays muted when the core dies, also when it is over and comes back', async () => {
  const { connection, told } = await running();
  await crash(connection);
  const { id } = await until('its alert', () => told[0]);
  await connection.request('alert/mute', { alert: id, until: null });
  expect(told.at(-1)).toMatchObject({ id, state: 'muted', mutedUntil: null });
  expect(await claims(connection, id)).toBe(false);
  await until('the note', () => read('alerts.json').includes('"muted"'));
  const again = await killed(connection);
  expect(await list(again)).toMatchObject([{ id, state: 'muted', mutedUntil: null }]);
  await again.request('server/start', { id: 'demo' });
  const heard = (await Witness.of(again)).alerts;
  await crash(again);
  const back = await until('its alert', () => heard.find((alert) => alert.id !== id));
  expect(back).toMatchObject({ rule: 'crash', state: 'muted', mutedUntil: null, count: 1 });
  expect(await claims(again, back.id)).toBe(false);
  expect(await stateOf(again)).toMatchObject({ state: 'crashed', alerts: 0 });
  await again.request('alert/unmute', { alert: back.id });
  expect(await stateOf(again)).toMatchObject({ alerts: 1 });
});

test('nobody is told of a server that somebody works on, also by another core, until that is over', async () => {
  const { connection, told } = await running();
  await set(connection, { alerts: { rules: { crash: { cooldownSeconds: 0 } } } });
  const hour = Date.now() + 3_600_000;
  const maintenance = { id: 'demo', on: true, until: hour };
  expect((await connection.request('server/maintenance', maintenance)).maintenance).toEqual({ until: hour });
  await crash(connection);
  const { id } = await until('its alert', () => told[0]);
  expect(await claims(connection, id)).toBe(false);
  await until('the notes', () => read('alerts.json').includes(id));
  const again = await killed(connection);
  expect((await stateOf(again)).maintenance).toEqual({ until: hour });

  const views: ServerView[] = [];
  again.on('server/changed', (view) => views.push(view));
  await again.request('client/subscribe', {});
  const soon = Date.now() + 1500;
  await again.request('server/maintenance', { id: 'demo', on: true, until: soon });
  await until('its end', () => views.some((view) => view.maintenance === undefined));
  expect(views[0]?.maintenance).toEqual({ until: soon });
  expect(Date.now()).toBeGreaterThanOrEqual(soon);
  expect(read('settings.json')).not.toContain('demo');
  await again.request('server/start', { id: 'demo' });
  const heard = (await Witness.of(again)).alerts;
  await crash(again);
  const next = await until('its alert', () => heard.find((alert) => alert.id !== id));
  expect(await claims(again, next.id)).toBe(true);

  await again.request('server/maintenance', { id: 'demo', on: true });
  expect((await stateOf(again)).maintenance).toEqual({ until: null });
  expect(await again.request('server/maintenance', { id: 'demo', on: false })).not.toHaveProperty('maintenance');
});

test('the first window after a while is told what happened meanwhile; a tool and a second window are not', async () => {
  const { connection } = await running({ restart: { policy: 'on-crash', backoffSeconds: [0.2] } });
  const before = await asWindow();
  expect(await before.request('alert/away', {})).toBeNull();
  before.dispose();
  await crash(connection);
  await until('its restart', async () => (await stateOf(connection)).restarts.used === 1);
  const { since } = await reaches(connection, 'demo', 'running');
  const isSafe = async (): Promise<boolean> =>
    ((await connection.request('core/status', {})).store.lastFlushAt ?? 0) > since;
  await until('the events on the disk', isSafe);
  await until(
    'the note',
    () => read('attention.json').includes('crash demo') && /"lastAt": \d/.test(read('attention.json')),
  );
  // The window has left long ago.
  const state = JSON.parse(read('attention.json')) as { away: { lastAt: number } };
  state.away.lastAt -= 2 * 3_600_000;
  fs.writeFileSync(path.join(bench().dataDir, 'attention.json'), JSON.stringify(state));
  const tool = await killed(connection);
  const [first, second] = [await asWindow(), await asWindow()];
  expect(await tool.request('alert/away', {})).toBeNull();
  expect(await first.request('alert/away', {})).toMatchObject({
    from: state.away.lastAt,
    counts: { crashes: 1, restarts: 1, gaveUp: 0, servers: ['demo'] },
  });
  expect(await second.request('alert/away', {})).toBeNull();
  expect(await first.request('alert/away', {})).toBeNull();
  expect(JSON.parse(read('attention.json'))).toMatchObject({ language: 'ko' });
  for (const window of [first, second]) window.dispose();
  await tool.request('server/kill', { id: 'demo' });
});
