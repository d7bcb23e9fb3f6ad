import { spawn } from 'node:child_process';
import fs from 'node:fs';
import type { Definition, Requests } from '../../../src/shared/contract.js';
import { isAlive, until, type Bench } from '../../core/support/bench.js';
import type { RawClient } from './rawClient.js';

export interface Setting {
  bench: Bench;
  client: RawClient;
  token: string;
}

interface Case<M extends keyof Requests> {
  params: (setting: Setting) => Requests[M]['params'];
  /** What has to be so for it to work. */
  before?: (setting: Setting) => Promise<void>;
  /** Params that must be refused. */
  wrong: unknown[];
}

const byId = [{}, { id: 5 }, { id: null }, { ID: 'demo' }];
const stops = [
  ...byId,
  ...[
    { mode: 'now' },
    { countdownSeconds: -1 },
    { countdownSeconds: '5' },
    { countdownSeconds: 86_401 },
    { reason: 5 },
  ].map((more) => ({ id: 'demo', ...more })),
];
const demo = { id: 'demo' };
const spare = (name: string): Definition => ({ id: 'spare', name, game: 'other', launch: { command: '/bin/true' } });
const definitions = [{}, { definition: null }, { definition: {} }, { definition: { ...spare('x'), id: 'NO' } }];
const span = { from: Date.now() - 60_000, to: Date.now() };

async function running({ client }: Setting): Promise<void> {
  await until('a running server', async () => {
    const { error } = await client.request('server/start', demo);
    // A stop that was called off takes a moment to be over.
    return error === undefined || error.data?.code === 'already-running';
  });
}

/** A program under the name of a game's, with the bench's folder on its command line. */
async function gameOf(bench: Bench): Promise<number> {
  const file = bench.file('bedrock_server');
  fs.copyFileSync('/bin/sleep', file);
  const child = spawn(file, ['600'], { cwd: bench.root, detached: true, stdio: 'ignore' });
  child.unref();
  await until('the program', () => isAlive(child.pid!));
  return child.pid!;
}

let found = 0;
let crashedAt = 0;

/** In the order in which they are made; each leaves the server `demo` defined. */
export const cases: { [M in keyof Requests]: Case<M> } = {
  'core/hello': {
    params: ({ token }) => ({ token, protocol: 1, client: { name: 'again', version: '1' } }),
    wrong: [],
  },
  'core/status': { params: () => ({}), wrong: [] },
  'client/subscribe': {
    params: () => ({ samples: true, consoles: ['demo'], visible: true, panel: false }),
    wrong: [{ samples: 'yes' }, { consoles: 'demo' }, { consoles: [5] }, { visible: 1 }, { panel: 'yes' }],
  },
  'server/add': {
    params: ({ bench }) => ({ definition: bench.demo('demo', {}, ['--players', '2']) }),
    wrong: definitions,
  },
  'server/update': {
    before: async ({ client }) => {
      await client.request('server/add', { definition: spare('Spare') });
    },
    params: () => ({ definition: spare('Renamed') }),
    wrong: definitions,
  },
  'server/remove': { params: () => ({ id: 'spare' }), wrong: byId },
  'server/list': { params: () => ({}), wrong: [] },
  'server/get': { params: () => demo, wrong: byId },
  'server/openFiles': { params: () => demo, wrong: byId },
  'server/start': { params: () => demo, wrong: byId },
  'server/send': {
    params: () => ({ id: 'demo', line: 'list' }),
    wrong: [
      ...byId,
      demo,
      { id: 'demo', line: 5 },
      { id: 'demo', line: 'a\nb' },
      { id: 'demo', line: 'x'.repeat(2001) },
    ],
  },
  'server/save': { params: () => demo, wrong: byId },
  'server/announce': {
    params: () => ({ id: 'demo', text: 'Hello' }),
    wrong: [...byId, demo, { id: 'demo', text: 'a\rstop' }],
  },
  'server/players': { params: () => demo, wrong: byId },
  'server/action': { params: () => ({ id: 'demo', name: 'kick', args: {} }), wrong: [{}, { id: 'demo', name: 5 }] },
  'server/test': { params: () => demo, wrong: byId },
  'server/detect': {
    before: async ({ bench }) => {
      found = await gameOf(bench);
    },
    params: () => ({}),
    wrong: [],
  },
  'server/attach': {
    before: async ({ client }) => {
      const definition = { ...spare('Found'), id: 'found', game: 'minecraft-bedrock' };
      await client.request('server/add', { definition });
    },
    params: () => ({ id: 'found', pid: found }),
    wrong: [...byId, { id: 'found' }, ...['1', 0, -1, 1.5, null].map((pid) => ({ id: 'found', pid }))],
  },
  'server/maintenance': {
    params: () => ({ id: 'demo', on: true, until: Date.now() + 60_000 }),
    wrong: [
      ...[...byId, demo, { id: 'demo', on: 'yes' }],
      ...['tomorrow', null, 5, Date.now() - 1].map((until) => ({ id: 'demo', on: true, until })),
    ],
  },
  'server/playerStats': {
    params: () => ({ id: 'demo', ...span }),
    wrong: [...byId, demo, { id: 'demo', from: 5, to: 5 }, { id: 'demo', from: 'then', to: 5 }],
  },
  'server/setup': { params: () => demo, wrong: byId },
  'game/list': { params: () => ({}), wrong: [] },
  'server/problems': { params: () => ({}), wrong: [] },
  'console/tail': {
    params: () => ({ id: 'demo', lines: 50 }),
    wrong: [...byId, demo, ...['5', 0, -1, 1.5, 10_001].map((lines) => ({ id: 'demo', lines }))],
  },
  'settings/set': {
    params: () => ({ settings: { sampling: { baseIntervalMs: 2000 } } }),
    wrong: [
      {},
      { settings: 5 },
      { settings: { sampling: { baseIntervalMs: 1 } } },
      { settings: { sampling: 'often' } },
    ],
  },
  'history/query': {
    params: () => ({ id: 'demo', metrics: ['cpu'], buckets: 10, ...span }),
    wrong: [
      ...[{}, { id: 'demo', metrics: 'cpu', buckets: 10, ...span }],
      ...[
        { metrics: [] },
        { metrics: ['moonlight'] },
        { metrics: ['memoryUsed'] },
        { buckets: 0 },
        { buckets: 1e6 },
      ].map((more) => ({ id: 'demo', metrics: ['cpu'], buckets: 10, ...span, ...more })),
      { id: 'demo', metrics: ['cpu'], buckets: 10, from: 5, to: 5 },
    ],
  },
  'history/events': {
    params: () => ({ id: 'demo', from: span.from, to: Date.now(), kinds: ['started', 'stopped', 'added'] }),
    wrong: [
      ...[{}, { from: 1 }, { from: 'yesterday', to: 5 }, { from: 5, to: 4 }, { from: null, to: null }],
      ...[{ id: 5 }, { kinds: 'started' }, { kinds: [5] }].map((more) => ({ ...span, ...more })),
    ],
  },
  'history/export': {
    params: ({ bench }) => ({ id: 'demo', path: bench.file('history.csv'), ...span }),
    wrong: [{}, { id: 'demo', path: 5, ...span }, { id: 'demo', path: 'history.csv', ...span }],
  },
  'incident/get': {
    before: async (setting) => {
      await running(setting);
      await setting.client.request('server/send', { id: 'demo', line: 'crash 3' });
      const newest = async (): Promise<number | undefined> =>
        ((await setting.client.request('incident/list', demo)).result as { at: number }[])[0]?.at;
      crashedAt = await until('the record of the crash', newest);
    },
    params: () => ({ id: 'demo', at: crashedAt, language: 'ko' }),
    wrong: [
      ...byId,
      demo,
      { id: 'demo', at: 'now' },
      { id: 'demo', at: 1, language: 'xx' },
      { id: 'demo', at: 1, language: 5 },
    ],
  },
  'incident/list': { params: () => demo, wrong: byId },
  'baseline/get': { params: () => demo, wrong: byId },
  'baseline/relearn': {
    params: () => ({ id: 'demo', from: Date.now() - 60_000 }),
    wrong: [...byId, ...['then', null, Date.now() + 3_600_000].map((from) => ({ id: 'demo', from }))],
  },
  'anomaly/feedback': {
    params: () => ({ id: 'demo', at: Date.now(), metric: 'cpu', verdict: 'normal' }),
    wrong: [
      ...[...byId, demo, { id: 'demo', at: 1, metric: 'cpu', verdict: 'maybe' }],
      ...['moonlight', 5, ''].map((metric) => ({ id: 'demo', at: 1, metric, verdict: 'normal' })),
      { id: 'demo', at: 'then', metric: 'cpu', verdict: 'normal' },
    ],
  },
  'metric/mute': {
    params: () => ({ id: 'demo', metric: 'cpu', until: null }),
    wrong: [
      ...[...byId, { id: 'demo', metric: 5 }, { id: 'demo', metric: 'cpu' }],
      ...[{ metric: 'moonlight' }, { until: 'never' }].map((more) => ({
        id: 'demo',
        metric: 'cpu',
        until: null,
        ...more,
      })),
    ],
  },
  'alert/list': { params: () => ({}), wrong: [] },
  'alert/acknowledge': { params: () => ({ alert: 'none' }), wrong: [{}, { alert: 5 }] },
  'alert/claim': { params: () => ({ alert: 'none' }), wrong: [{}, { alert: 5 }] },
  'alert/mute': {
    params: () => ({ alert: 'none', until: null }),
    wrong: [{}, { alert: 'none' }, { alert: 5, until: null }, { alert: 'none', until: 'never' }],
  },
  'alert/unmute': { params: () => ({ alert: 'none' }), wrong: [{}, { alert: 5 }] },
  'alert/away': { params: () => ({}), wrong: [] },
  'alert/test': {
    // Nobody listens there.
    before: async ({ client }) => {
      await client.request('settings/set', { settings: { webhooks: [{ name: 'probe', kind: 'generic' }] } });
      await client.request('secret/set', { id: 'alerts', key: 'webhook.probe', value: 'http://127.0.0.1:9/hook' });
    },
    params: () => ({ target: 'probe' }),
    wrong: [{}, { target: 5 }, { target: 'nobody' }],
  },
  'webhook/list': { params: () => ({}), wrong: [] },
  'secret/set': {
    params: () => ({ id: 'demo', key: 'rconPassword', value: null }),
    wrong: [
      ...[{}, { id: 'demo' }, { id: 'demo', key: 'rconPassword' }],
      ...[5, '', 'a\nb', 'a\0b', 'x'.repeat(1025), {}].map((value) => ({ id: 'demo', key: 'rconPassword', value })),
      ...['password', 'webhook.', 'webhook.a b', '__proto__', 5].map((key) => ({ id: 'demo', key, value: 'x' })),
    ],
  },
  'core/profile': {
    params: ({ bench }) => ({ seconds: 1, path: bench.file('core.cpuprofile') }),
    wrong: [{}, { seconds: 'long', path: 'x' }],
  },
  'server/restart': { before: running, params: () => ({ id: 'demo', mode: 'stop' }), wrong: stops },
  'server/cancelStop': {
    before: async (setting) => {
      await running(setting);
      void setting.client.request('server/stop', { id: 'demo', mode: 'graceful', countdownSeconds: 60 });
    },
    params: () => demo,
    wrong: byId,
  },
  'server/stop': {
    before: running,
    params: () => ({ id: 'demo', mode: 'graceful', countdownSeconds: 0.1, reason: 'update' }),
    wrong: stops,
  },
  'server/kill': { before: running, params: () => demo, wrong: byId },
  'core/retire': { params: () => ({}), wrong: [] },
};
