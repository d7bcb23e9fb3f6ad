import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AnomalyCommands } from '../../../../src/extension/insight/anomalyCommands.js';
import {
  anomalyRow,
  knownOf,
  metricRows,
  timeExample,
  timeFault,
  timeIn,
} from '../../../../src/extension/insight/anomalyRows.js';
import { anomalyOf, type Anomaly } from '../../../../src/shared/anomaly.js';
import { Failure } from '../../../../src/shared/failure.js';
import { alert, noon, reader, t, view } from '../fixtures.js';
import { forgetAll, user } from '../games/fakeWindow.js';

vi.mock('vscode', async () => (await import('../games/fakeWindow.js')).fakeVscode);

const minute = 60_000;
const hour = 60 * minute;
const busy = {
  ...{ key: 'cpu@1', kind: 'cpu-without-players', metric: 'cpu', cause: 'bug', severity: 'warning', end: null },
  ...{ begin: noon - 90_000, peak: 312, peakAt: noon - 1000, low: 120, high: 170, players: 5, by: 'robust' },
};
const ended = { ...busy, key: 'cpu@0', begin: noon - 3 * hour, end: noon - 2 * hour, endedBy: 'normal' };
const of = (data: Record<string, unknown>): Anomaly => {
  const anomaly = anomalyOf(data);
  if (anomaly === undefined) throw new Error('it is none');
  return anomaly;
};

let known: Record<string, unknown>;
let asked: unknown[][];
let failed: unknown[];
const commands = new AnomalyCommands({
  client: {
    request: async (method: string, params: unknown) => {
      if (method === 'baseline/get') return known;
      if ((params as { id: string }).id === 'bad') throw new Failure('unsupported', { what: 'insight' });
      asked.push([method, params]);
      return null;
    },
  } as never,
  reporter: {
    failure: async (error) => {
      failed.push(error);
      return undefined;
    },
  },
  reader,
});

beforeEach(() => {
  vi.useFakeTimers({ now: noon, toFake: ['Date'] });
  forgetAll();
  [asked, failed] = [[], []];
  known = { findings: [busy, ended], muted: { memory: null }, confidence: { days: 2.4, of: 7 } };
});
afterEach(() => vi.useRealTimers());

describe('what was found', () => {
  test('is listed with its reason, the open ones by how bad they are', async () => {
    await commands.show([view()]);
    const [list] = user.lists;
    expect(list?.options.title).toBe('Anomalies of Demo Server');
    expect(list?.items.map(({ label }) => label)).toEqual([
      '$(warning) CPU usage anomaly',
      '$(check) CPU usage anomaly',
    ]);
    expect(anomalyRow(of(busy), noon, reader).detail).toBe(
      'CPU 312 %, expected 120 to 170 % for 5 players at this hour, for 1 min 30 s. No more players than usual: a bug or a runaway script?',
    );
    expect(anomalyRow(of(busy), noon, reader).description).toMatch(/ · lasts$/);
    expect(anomalyRow(of(ended), noon, reader).description).toMatch(/ · called normal$/);
    expect(anomalyRow(of({ ...ended, endedBy: 'ended' }), noon, reader).description).toMatch(
      / · over after 1 h 0 min$/,
    );
  });

  test('can be called normal', async () => {
    user.picks = ['$(warning) CPU usage anomaly', 'This Was Normal'];
    await commands.show([view()]);
    expect(asked).toEqual([['anomaly/feedback', { id: 'demo', at: noon - 1000, metric: 'cpu', verdict: 'normal' }]]);
    expect(user.status).toEqual(['It is learned as normal.']);
  });

  test('and called so already is not asked for again', async () => {
    user.picks = ['$(check) CPU usage anomaly'];
    await commands.show([view()]);
    expect(user.lists[1]?.items.map(({ label }) => label)).toEqual(['Mute This Metric…', 'Open Metrics', 'Copy Text']);
  });

  test('where there is none, it is said how far the learning is', async () => {
    known.findings = [];
    await commands.show([view()]);
    known.confidence = { days: 7, of: 7 };
    await commands.show([view()]);
    expect(user.lists).toEqual([]);
    expect(user.said).toEqual([
      ['information', expect.stringContaining('2 of 7 days')],
      ['information', expect.stringContaining('nothing out of the ordinary')],
    ]);
  });
});

describe('of alerts', () => {
  const found = [alert({ rule: 'anomaly', data: busy }), alert({ id: 'b', server: 'two', rule: 'leak', data: busy })];

  test('each is called normal at its own server; what tells no anomaly is left alone', async () => {
    await commands.normal([...found, alert()]);
    expect(asked.map(([method, params]) => [method, (params as { id: string }).id])).toEqual([
      ['anomaly/feedback', 'demo'],
      ['anomaly/feedback', 'two'],
    ]);
  });

  test('their metrics are muted with one question', async () => {
    user.picks = ['For 1 day'];
    await commands.muteOf(found);
    expect(user.lists).toHaveLength(1);
    expect(user.lists[0]?.options.title).toBe('Mute: CPU');
    expect(asked).toEqual([
      ['metric/mute', { id: 'demo', metric: 'cpu', until: noon + 24 * hour }],
      ['metric/mute', { id: 'two', metric: 'cpu', until: noon + 24 * hour }],
    ]);
  });

  test('one that fails is told under its server and keeps none from the others', async () => {
    await commands.normal([alert({ server: 'bad', rule: 'anomaly', data: busy }), ...found]);
    expect(asked).toHaveLength(2);
    expect(failed).toHaveLength(1);
  });
});

describe('a metric', () => {
  test.each<[string, number | null]>([
    ['For 1 hour', noon + hour],
    ['For 1 week', noon + 168 * hour],
    ['Until I Unmute It', null],
  ])('is muted %s', async (label, until) => {
    user.picks = ['CPU', label];
    await commands.mute([view()]);
    expect(asked).toEqual([['metric/mute', { id: 'demo', metric: 'cpu', until }]]);
    expect(user.lists[1]?.items.map((item) => item.label)).not.toContain('Unmute');
  });

  test('that is muted can be heard of again', async () => {
    user.picks = ['Memory', 'Unmute'];
    await commands.mute([view()]);
    expect(asked).toEqual([['metric/mute', { id: 'demo', metric: 'memory', until: noon }]]);
  });

  test('says until when it is muted', () => {
    const rows = metricRows(
      new Map([
        ['cpu', null],
        ['tickRate', noon + hour],
      ]),
      noon,
      reader,
    );
    const of = (metric: string): string | undefined => rows.find((row) => row.metric === metric)?.description;
    expect(of('cpu')).toBe('Muted');
    expect(of('tickRate')).toMatch(/^Muted until /);
    expect(of('memory')).toBe('');
    expect(of('players')).toBeUndefined();
  });
});

describe('learning anew', () => {
  test('from now on', async () => {
    user.picks = ['From Now On'];
    await commands.relearn([view()]);
    expect(asked).toEqual([['baseline/relearn', { id: 'demo', from: noon }]]);
  });

  test('from a time that is written down, of each of them', async () => {
    user.picks = ['From a Date and Time…'];
    user.types = ['2026-11-20 18:30'];
    await commands.relearn([view(), view({ id: 'two' })]);
    const from = new Date(2026, 10, 20, 18, 30).getTime();
    expect(asked).toEqual(['demo', 'two'].map((id) => ['baseline/relearn', { id, from }]));
    expect(user.lists[0]?.options.title).toBe('Learn anew: 2 servers');
    expect(user.boxes[0]?.validateInput('then')).toBeDefined();
    expect(user.status).toHaveLength(1);
  });

  test('Escape does nothing', async () => {
    await commands.relearn([view()]);
    user.picks = ['From a Date and Time…'];
    await commands.relearn([view()]);
    await commands.mute([view()]);
    await commands.show([view()]);
    expect(asked).toEqual([]);
  });
});

describe('a time that was written down', () => {
  const at = (...given: [number, number, number, number?, number?]): number => new Date(...given).getTime();

  test.each<[string, number | undefined]>([
    ['2026-11-20 18:30', at(2026, 10, 20, 18, 30)],
    [' 2026-1-2 8:05 ', at(2026, 0, 2, 8, 5)],
    ['2026-11-20T18:30', at(2026, 10, 20, 18, 30)],
    ['2026-11-20', at(2026, 10, 20)],
    ['07:15', at(2026, 10, 22, 7, 15)],
    ['', undefined],
    ['yesterday', undefined],
    ['2026-13-01', undefined],
    ['2026-02-30 10:00', undefined],
    ['2026-11-20 25:00', undefined],
    ['2026-11-20 10:75', undefined],
  ])('%j', (text, expected) => {
    expect(timeIn(text, noon)).toBe(expected);
  });

  test('has a fault where it is none, or is to come', () => {
    expect(timeFault('soon', noon, t)).toContain('2026-11-22 18:30');
    expect(timeFault('2026-11-23', noon, t)).toBe('That is still to come.');
    expect(timeFault(timeExample(noon), noon, t)).toBeUndefined();
    expect(timeIn(timeExample(noon), noon)).toBe(noon);
  });
});

test.each([[{}], [{ findings: 5, muted: [], confidence: null }], [{ findings: [null, 7, {}], muted: { moon: null } }]])(
  'an answer that says little is read: %j',
  (answer) => {
    expect(knownOf(answer, noon)).toEqual({ anomalies: [], muted: new Map(), days: 0, of: 7 });
  },
);
