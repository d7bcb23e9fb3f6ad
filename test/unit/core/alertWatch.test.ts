import { beforeEach, describe, expect, test } from 'vitest';
import { AlertRules } from '../../../src/core/alerts/alertRules.js';
import { Alerts } from '../../../src/core/alerts/alerts.js';
import { alertPolicy, type AlertSettings } from '../../../src/core/alerts/policy.js';
import { AlertWatch } from '../../../src/core/alertWatch.js';
import type { GameFacts } from '../../../src/core/ports.js';
import { alertRules } from '../../../src/shared/alert.js';
import { noon, sample, view } from '../extension/fixtures.js';
import { Shelf } from './alerts/support/shelf.js';

const second = 1000;
const minute = 60_000;
const gigabyte = 1024 ** 3;

type Watched = Parameters<AlertWatch['round']>[2][number];
type Api = GameFacts['api'];

/** One server as it is now; what it is asked for is counted. */
class Server {
  nonce = 'first';
  at: 'running' | 'starting' | 'stopping' | 'stopped' = 'running';
  since = noon - 60 * minute;
  isSaving = false;
  tickRate: number | null = 20;
  players: number | null = 2;
  usual: number | undefined = 20;
  api: Api = { is: 'ok', since: noon, via: 'rest', hasAnswered: true };
  disk: { freeBytes: number; totalBytes: number } | undefined;
  apiAsked = 0;
  disksAsked = 0;

  constructor(readonly id = 'demo') {}

  get face(): Watched {
    const { id, at, nonce, since, isSaving, tickRate, players, usual } = this;
    const process = at === 'stopped' ? null : { nonce, startedAt: since };
    return {
      ...{ id, process, lines: { isSaving }, sample: process === null ? null : sample({ tickRate, players }) },
      definition: { id, name: 'Demo Server', game: 'demo', launch: { command: 'x' } },
      settings: { game: { tickRate: usual } },
      state: { at, since, process, isReady: true },
    } as unknown as Watched;
  }

  is(api: Api['is'], hasAnswered = true): void {
    this.api = { is: api, since: noon, via: 'rest', hasAnswered };
  }
}

let shelf: Shelf;
let alerts: Alerts;
let rules: AlertRules;
let watch: AlertWatch;
let server: Server;
let servers: Server[];
let cpu: number | null;
let now: number;
let settings: NonNullable<AlertSettings['rules']>;

beforeEach(() => {
  shelf = new Shelf();
  server = new Server();
  servers = [server];
  cpu = 10;
  now = noon;
  // All at their usual limits: 5 minutes, 10 for the CPU.
  settings = Object.fromEntries(alertRules.map((rule) => [rule, { enabled: true }]));
  again();
});

/** As after the death of the core. */
function again(): void {
  alerts = new Alerts({ keeper: shelf, changed: () => undefined, now: () => now });
  const policy = (): ReturnType<typeof alertPolicy> => alertPolicy({ rules: settings });
  rules = new AlertRules(alerts);
  const of = (id: string): Server => servers.find((one) => one.id === id) ?? server;
  watch = new AlertWatch({
    ...{ alertRules: rules, policy },
    api: (id) => {
      of(id).apiAsked += 1;
      return of(id).api;
    },
    disk: (id) => {
      of(id).disksAsked += 1;
      return of(id).disk;
    },
  });
}

/** Rounds, every few seconds. */
function run(ms: number, everyMs = 3 * second): void {
  for (const end = now + ms; now < end; now += everyMs) {
    const faces = servers.map(({ face }) => face);
    watch.round(now, { cpuPercent: cpu }, faces);
  }
}

const told = (): string[] => alerts.list().map(({ rule, state, count }) => `${rule} ${state} ${count}`);

describe('the CPU of the PC', () => {
  test('that is full for its minutes is told, with how full, and over when it is clearly not', () => {
    cpu = 99;
    run(9.5 * minute);
    expect(told()).toEqual([]);
    run(minute);
    expect(alerts.list()).toMatchObject([{ rule: 'host-cpu-saturated', server: 'monitor', count: 1 }]);
    expect(alerts.list()[0]?.data).toEqual({ percent: 99, minutes: 10 });
    cpu = 90;
    run(30 * minute);
    expect(told()).toEqual(['host-cpu-saturated active 1']);
    cpu = 50;
    run(4 * minute);
    expect(told()).toEqual(['host-cpu-saturated resolved 1']);
  });

  test('is told to nobody while no server runs; what was told is over all the same', () => {
    cpu = 99;
    server.at = 'stopped';
    run(30 * minute);
    expect(told()).toEqual([]);
    server.at = 'running';
    run(11 * minute);
    server.at = 'stopped';
    cpu = 5;
    run(4 * minute);
    expect(told()).toEqual(['host-cpu-saturated resolved 1']);
  });

  test('that is not known says nothing', () => {
    cpu = null;
    run(30 * minute);
    expect(told()).toEqual([]);
  });

  test('goes on where an earlier process has told of it', () => {
    cpu = 99;
    run(11 * minute);
    again();
    run(11 * minute);
    expect(told()).toEqual(['host-cpu-saturated active 1']);
    again();
    cpu = 10;
    run(minute);
    expect(told()).toEqual(['host-cpu-saturated active 1']);
    run(2 * minute);
    expect(told()).toEqual(['host-cpu-saturated resolved 1']);
  });
});

describe('a game that runs slowly', () => {
  test('is told after its minutes, and over when it keeps its pace', () => {
    server.tickRate = 12;
    run(4.5 * minute);
    expect(told()).toEqual([]);
    run(minute);
    expect(alerts.list()).toMatchObject([{ rule: 'tick-rate-low', server: 'demo', serverName: 'Demo Server' }]);
    expect(alerts.list()[0]?.data).toEqual({ rate: 12, usual: 20, players: 2 });
    server.tickRate = 20;
    run(2 * minute);
    expect(told()).toEqual(['tick-rate-low resolved 1']);
  });

  test.each<[string, () => void]>([
    ['nobody plays', () => (server.players = 0)],
    ['nobody knows its usual rate', () => (server.usual = undefined)],
    ['it only starts', () => (server.at = 'starting')],
    ['it stops', () => (server.at = 'stopping')],
  ])('is none where %s', (_, so) => {
    server.tickRate = 5;
    so();
    run(30 * minute);
    expect(told()).toEqual([]);
  });

  test('that comes and goes is told once', () => {
    for (let n = 0; n < 20; n += 1) {
      server.tickRate = n % 2 === 0 ? 10 : 20;
      run(n % 2 === 0 ? 6 * minute : 0.5 * minute);
    }
    expect(told()).toEqual(['tick-rate-low active 1']);
  });

  test('of another start begins anew', () => {
    server.tickRate = 10;
    run(4 * minute);
    server.nonce = 'second';
    run(4 * minute);
    expect(told()).toEqual([]);
  });
});

describe('an interface of the game', () => {
  test.each(['silent', 'refused'] as const)('that is %s for its minutes is told; a minute of answers ends it', (is) => {
    server.is(is);
    run(4.5 * minute);
    expect(told()).toEqual([]);
    run(minute);
    expect(alerts.list()).toMatchObject([
      { rule: 'api-degraded', server: 'demo', serverName: 'Demo Server', count: 1 },
    ]);
    expect(alerts.list()[0]?.data).toEqual({ via: 'rest', is, since: noon });
    server.is('ok');
    run(0.5 * minute);
    expect(told()).toEqual(['api-degraded active 1']);
    run(minute);
    expect(told()).toEqual(['api-degraded resolved 1']);
  });

  test.each(['none', 'locked', 'waiting'] as const)('that is %s is none', (is) => {
    server.is(is);
    run(30 * minute);
    expect(told()).toEqual([]);
  });

  test.each<[string, () => void]>([
    ['it saves', () => (server.isSaving = true)],
    ['it stops', () => (server.at = 'stopping')],
    [
      'it does not respond at all, which is told',
      () => rules.hung({ ...server.face, view: () => view() }, 'counters-flat'),
    ],
  ])('that is silent is none where %s', (_, so) => {
    server.is('silent');
    so();
    run(30 * minute);
    expect(told().filter((text) => text.startsWith('api-degraded'))).toEqual([]);
  });

  test('that has not answered yet may be loading', () => {
    settings['api-degraded'] = { enabled: true, minutes: 0.5 };
    server.since = now;
    server.is('silent', false);
    run(2 * minute);
    expect(told()).toEqual([]);
    run(minute);
    expect(told()).toEqual(['api-degraded active 1']);
  });

  test('can be told after a moment, and is over as soon', () => {
    settings['api-degraded'] = { enabled: true, minutes: 0.05 };
    server.is('silent');
    run(20 * second);
    expect(told()).toEqual(['api-degraded active 1']);
    server.is('ok');
    run(20 * second);
    expect(told()).toEqual(['api-degraded resolved 1']);
  });

  test('that was told by an earlier process is over when it answers, and told once while it does not', () => {
    server.is('silent');
    run(6 * minute);
    again();
    run(10 * minute);
    expect(told()).toEqual(['api-degraded active 1']);
    again();
    server.is('ok');
    run(2 * minute);
    expect(told()).toEqual(['api-degraded resolved 1']);
  });

  test('is over with the process; the next start begins anew', () => {
    server.is('silent');
    run(6 * minute);
    server.at = 'stopped';
    const exit = { code: 0, signal: null, cause: 'asked', at: now } as const;
    rules.ended({ ...server.face, view: () => view() }, { exit, players: null });
    watch.forget('demo');
    expect(told()).toEqual(['api-degraded resolved 1']);
    server.at = 'running';
    server.nonce = 'second';
    run(4 * minute);
    expect(told()).toEqual(['api-degraded resolved 1']);
    run(2 * minute);
    expect(told()).toEqual(['api-degraded active 1', 'api-degraded resolved 1']);
  });
});

test('a disk that fills up is told of one of those that save there', () => {
  const other = new Server('another');
  servers.push(other);
  server.disk = other.disk = { freeBytes: gigabyte, totalBytes: 100 * gigabyte };
  run(5 * minute);
  expect(alerts.list()).toMatchObject([{ rule: 'disk-nearly-full', server: 'another', count: 1 }]);
  server.disk = other.disk = { freeBytes: 50 * gigabyte, totalBytes: 100 * gigabyte };
  run(10 * minute);
  expect(told()).toEqual(['disk-nearly-full resolved 1']);
});

describe('what it costs', () => {
  test('is little: games are looked at every ten seconds, disks every minute, stopped servers never', () => {
    const stopped = new Server('other');
    stopped.at = 'stopped';
    servers.push(stopped);
    run(10 * minute, 2 * second);
    expect(server.apiAsked).toBe(60);
    expect(server.disksAsked).toBe(10);
    expect([stopped.apiAsked, stopped.disksAsked]).toEqual([0, 0]);
  });

  test('is nothing for rules that are switched off, and on again they begin anew', () => {
    const off = Object.fromEntries(alertRules.map((rule) => [rule, { enabled: false }]));
    const on = settings;
    settings = off;
    cpu = 100;
    server.is('silent');
    server.tickRate = 1;
    server.disk = { freeBytes: 0, totalBytes: gigabyte };
    run(30 * minute);
    expect(told()).toEqual([]);
    expect([server.apiAsked, server.disksAsked]).toEqual([0, 0]);
    settings = on;
    run(4 * minute);
    expect(told()).toEqual(['disk-nearly-full active 1']);
    settings = off;
    run(minute);
    settings = on;
    run(4 * minute);
    expect(told()).toEqual(['disk-nearly-full active 1']);
    run(2 * minute);
    expect(told().sort()).toEqual(['api-degraded active 1', 'disk-nearly-full active 1', 'tick-rate-low active 1']);
  });
});

test('a clock that is set back keeps it from nothing', () => {
  server.is('silent');
  run(minute);
  now -= 60 * minute;
  run(6 * minute);
  expect(told()).toEqual(['api-degraded active 1']);
});
