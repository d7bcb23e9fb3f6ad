import { beforeEach, describe, expect, test } from 'vitest';
import { InsightTelling } from '../../../src/core/insightTelling.js';
import type { Finding } from '../../../src/core/insight/findings/finding.js';
import type { HistoryEvent } from '../../../src/core/ports.js';

const hour = 3_600_000;
const noon = 1_800_000_000_000;
let now: number;
let events: HistoryEvent[];
let alerts: string[];
let changed: number;
let telling: InsightTelling;

beforeEach(() => {
  now = noon;
  [events, alerts, changed] = [[], [], 0];
  const definition = { id: 'demo', name: 'Demo', game: 'demo', launch: { command: 'x' } };
  telling = new InsightTelling('demo', {
    sink: { add: (event) => events.push(event) },
    alertRules: {
      anomaly: (_, rule, { kind, hoursLeft }, isNews) =>
        alerts.push([rule, kind, ...(rule === 'leak' ? [hoursLeft] : []), isNews ? 'news' : 'goes on'].join(' ')),
      anomalyOver: (_, rule) => alerts.push(`${rule} over`),
    },
    server: () => ({ id: 'demo', definition }),
    changed: () => changed++,
    now: () => now,
  });
});

function finding(change: Partial<Finding> = {}): Finding {
  return {
    ...{ key: 'cpu@1', kind: 'cpu-high', metric: 'cpu', cause: 'unknown', severity: 'warning', begin: noon - 60_000 },
    ...{ end: null, endedBy: null, value: 200.123, peak: 312.456, peakAt: noon, players: 3.4, by: 'robust' },
    ...{ expected: { low: 10, mid: 20, high: 30 }, confidence: 1, excess: 3, also: [], leak: null },
    ...change,
  };
}

const leak = (hoursLeft: number | null, change: Partial<Finding> = {}): Finding =>
  finding({
    ...{ key: 'memory@1', kind: 'leak', metric: 'memory', leak: { bytesPerHour: 5e7, low: 4e7, high: 6e7, hoursLeft } },
    ...change,
  });
const turns = (): string[] => events.map(({ data }) => `${String(data.turn)} ${String(data.key)}`);

test('a finding is an event with what is told of it, rounded, and an alert', () => {
  telling.turns([{ turn: 'begin', finding: finding() }]);
  expect(events).toMatchObject([{ at: noon, id: 'demo', kind: 'anomaly' }]);
  expect(events[0]?.data).toMatchObject({ turn: 'begin', value: 200.12, peak: 312.46, low: 10, high: 30, players: 3 });
  expect(alerts).toEqual(['anomaly cpu-high news']);
  expect([telling.count, changed]).toEqual([1, 1]);
});

test('what it turns out to be is news; that it is worse is none, until it is an error', () => {
  telling.turns([{ turn: 'begin', finding: finding() }]);
  telling.turns([{ turn: 'change', finding: finding({ peak: 500 }) }]);
  telling.turns([{ turn: 'change', finding: finding({ kind: 'host-bound' }) }]);
  telling.turns([{ turn: 'change', finding: finding({ kind: 'host-bound', severity: 'error' }) }]);
  expect(alerts).toEqual([
    ...['anomaly cpu-high news', 'anomaly cpu-high goes on', 'anomaly host-bound news', 'anomaly host-bound news'],
  ]);
  expect([telling.count, changed]).toEqual([1, 1]);
});

test('the alert follows what is left when one of two is over', () => {
  const other = finding({ key: 'api@1', kind: 'memory-high', metric: 'memory' });
  telling.turns([
    { turn: 'begin', finding: finding() },
    { turn: 'begin', finding: other },
  ]);
  alerts.length = 0;
  telling.turns([{ turn: 'end', finding: { ...other, end: now, endedBy: 'ended' } }]);
  expect(alerts).toEqual(['anomaly cpu-high goes on']);
  telling.turns([{ turn: 'end', finding: finding({ end: now, endedBy: 'ended' }) }]);
  expect(alerts.at(-1)).toBe('anomaly over');
});

test('what turns out to be a leak is no anomaly any more', () => {
  telling.turns([{ turn: 'begin', finding: finding({ key: 'memory@1', kind: 'memory-high', metric: 'memory' }) }]);
  telling.turns([{ turn: 'change', finding: leak(20) }]);
  expect(alerts).toEqual(['anomaly memory-high news', 'anomaly over', 'leak leak 20 news']);
});

test('the hours that a leak leaves are followed, an hour at a time', () => {
  telling.turns([{ turn: 'begin', finding: leak(13.4) }]);
  telling.review([leak(13.2)]);
  expect(alerts).toEqual(['leak leak 13.4 news']);
  telling.review([leak(12)]);
  telling.review([leak(11.5)]);
  expect(alerts.slice(1)).toEqual(['leak leak 12 goes on']);
  telling.review([leak(null)]);
  expect(alerts.at(-1)).toBe('leak leak  goes on');
  // Of one that is over nothing is followed.
  telling.turns([{ turn: 'end', finding: leak(5, { end: now, endedBy: 'ended' }) }]);
  const count = alerts.length;
  telling.review([leak(3)]);
  expect(alerts).toHaveLength(count);
});

test('what is only remarkable is an event and no alert', () => {
  const remarkable = finding({ kind: 'disk-high', metric: 'ioWrite', severity: 'info' });
  telling.turns([{ turn: 'begin', finding: remarkable }]);
  expect(alerts).toEqual([]);
  expect(turns()).toEqual(['begin cpu@1']);
});

describe('what an earlier process has told', () => {
  const told = (turn: string, data: object = {}): HistoryEvent => ({
    ...{ at: noon - hour, id: 'demo', kind: 'anomaly' },
    data: { turn, key: 'cpu@0', kind: 'cpu-high', metric: 'cpu', ...data },
  });

  test('and ended is over', () => {
    telling.begin([told('begin'), told('end')], [], true);
    expect([telling.count, events, changed]).toEqual([0, [], 0]);
  });

  test('and found again goes on under its name', () => {
    telling.begin([told('begin')], [finding()], true);
    expect(telling.count).toBe(1);
    expect(alerts).toEqual(['anomaly cpu-high goes on']);
    telling.turns([{ turn: 'end', finding: finding({ end: now, endedBy: 'ended' }) }]);
    expect(turns()).toEqual(['end cpu@0']);
    telling.turns([{ turn: 'begin', finding: finding() }]);
    expect(turns()).toEqual(['end cpu@0', 'begin cpu@1']);
  });

  test.each([
    ['anomaly', 'cpu-high', 1],
    ['leak', 'leak', 6],
  ])('%s is waited for %s for %i h, and the alert with it', (rule, kind, hours) => {
    telling.begin([told('begin', { kind })], [], true);
    telling.turns([{ turn: 'begin', finding: finding({ key: 'x', metric: 'apiTime', kind: 'api-slow' }) }]);
    telling.turns([{ turn: 'end', finding: finding({ key: 'x', metric: 'apiTime', kind: 'api-slow', end: now }) }]);
    expect(alerts).not.toContain(`${rule} over`);
    now += hours * hour - 1;
    telling.review();
    expect(telling.count).toBe(1);
    now += 1;
    telling.review();
    expect([telling.count, alerts.at(-1)]).toEqual([0, `${rule} over`]);
    expect(events.at(-1)?.data).toMatchObject({ turn: 'end', key: 'cpu@0', end: now, endedBy: 'gone' });
  });

  test('and is over by what was found since is told as that', () => {
    const over = finding({ key: 'cpu@0', end: noon - 60_000, endedBy: 'ended' });
    telling.begin([told('begin')], [over, finding({ key: 'old', end: noon - hour, endedBy: 'ended' })], true);
    expect(events.map(({ data }) => data)).toMatchObject([{ turn: 'end', key: 'cpu@0', endedBy: 'ended' }]);
    expect([telling.count, alerts]).toEqual([0, ['anomaly over']]);
  });

  test('of a server that is down is over at once', () => {
    telling.begin([told('begin')], [], false);
    expect(turns()).toEqual(['end cpu@0']);
    expect(telling.count).toBe(0);
  });
});

test('when nobody looks any more, everything is over', () => {
  telling.turns([
    { turn: 'begin', finding: finding() },
    { turn: 'begin', finding: leak(5) },
  ]);
  telling.endAll();
  expect(turns().slice(2)).toEqual(['end cpu@1', 'end memory@1']);
  expect(alerts.slice(-2)).toEqual(['anomaly over', 'leak over']);
  expect(telling.count).toBe(0);
});
