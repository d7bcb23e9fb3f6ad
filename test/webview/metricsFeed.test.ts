import { beforeEach, describe, expect, test } from 'vitest';
import { MetricsFeed, type FeedSource } from '../../src/extension/panels/metricsFeed.js';
import type { ServerView } from '../../src/shared/contract.js';
import {
  liveRangeMs,
  PanelSeries,
  type PanelMonitoring,
  type PanelTexts,
  type ToPanel,
} from '../../src/shared/panelMessages.js';
import { pointOf, sampleOf, serverView } from './views.js';

let connection: 'connecting' | 'connected' | 'down';
let view: ServerView | undefined;
let monitoring: PanelMonitoring | null;
let sent: ToPanel[];
let feed: MetricsFeed;

beforeEach(() => {
  [connection, view, monitoring, sent] = ['connected', serverView(), null, []];
  const source: FeedSource = {
    serverId: 'valley',
    connection: () => connection,
    view: () => view,
    describe: ({ id, name, game, state, since }) => ({
      ...{ id, name, game, state, since, stateText: state, isAlive: true, isUnwell: false, hasRun: true },
      ...{ players: null, lastSaveAt: null, isSaving: false, loads: {}, limit: null, actions: [] },
    }),
    monitoring: () => monitoring,
    cpuScale: () => 'pc',
    cpuCount: 4,
    texts: () => ({}) as PanelTexts,
    locale: 'en',
    now: () => 0,
  };
  feed = new MetricsFeed(source, (message) => sent.push(message));
});

function tick(at: number, part: Partial<ServerView> = {}): void {
  view = { ...serverView(part), sample: sampleOf(at, 10, 100) };
  feed.update();
}
const kinds = () => sent.map(({ type }) => type);
const points = () => sent.flatMap((message) => (message.type === 'sample' ? [message.sample.cpu] : []));

describe('feed', () => {
  test('tells nothing before the view is ready, then everything at once', () => {
    tick(1000);
    tick(4000);
    expect(sent).toEqual([]);
    feed.ready();
    expect(kinds()).toEqual(['snapshot']);
    expect(sent[0]).toMatchObject({ columns: { at: Float64Array.of(1000, 4000), cpu: Float64Array.of(10, 10) } });
  });

  test('sends a sample once, and no change where there is none', () => {
    feed.ready();
    tick(1000);
    feed.update();
    feed.update();
    expect(kinds()).toEqual(['snapshot', 'sample']);
  });

  test('what the monitoring costs is told when it is another', () => {
    feed.ready();
    monitoring = { cost: 'little', budget: 'enough', isOver: false };
    feed.update();
    feed.update();
    expect(kinds()).toEqual(['snapshot', 'changed']);
    expect(sent[1]).toMatchObject({ status: { monitoring } });
  });

  test('a snapshot makes everything told before old: the same change is not told twice', () => {
    feed.ready();
    tick(1000, { name: 'Other' });
    feed.hidden();
    tick(4000, { name: 'Third' });
    feed.ready();
    feed.update();
    expect(kinds()).toEqual(['snapshot', 'changed', 'sample', 'snapshot']);
  });

  test('another process is another line, even without a pause', () => {
    feed.ready();
    tick(1000);
    tick(4000, { pid: 99 });
    expect(points()).toEqual([10, null, 10]);
  });

  test('an old sample that a stopped server still carries is not a measurement', () => {
    feed.ready();
    tick(1000);
    tick(1000, { state: 'stopped', pid: null });
    tick(4000, { state: 'stopped', pid: null });
    expect(points()).toEqual([10, null]);
  });

  test('without a connection the server stays, its line ends', () => {
    feed.ready();
    tick(1000);
    [connection, view] = ['down', undefined];
    feed.update();
    expect(sent.at(-2)).toMatchObject({ type: 'changed', status: { connection: 'down', server: { id: 'valley' } } });
    expect(points()).toEqual([10, null]);
    connection = 'connected';
    feed.update();
    expect(sent.at(-1)).toMatchObject({ type: 'changed', status: { connection: 'connected', server: null } });
  });
});

describe('series', () => {
  test('keeps the longest range and no more', () => {
    const series = new PanelSeries();
    for (let at = 0; at <= 2 * liveRangeMs; at += 1000) series.push(pointOf(at, { cpu: 1, memory: 1 }));
    expect(series.at[0]).toBe(liveRangeMs);
    expect(series.at).toHaveLength(liveRangeMs / 1000 + 1);
    expect(series.values.cpu).toHaveLength(series.at.length);
  });

  test('what is not newer is not taken; a clock set back begins anew', () => {
    const series = new PanelSeries();
    series.push(pointOf(1_000_000, { cpu: 1, memory: 1 }));
    expect(series.push(pointOf(1_000_000, { cpu: 2, memory: 2 }))).toBe(false);
    expect(series.push(pointOf(999_000, { cpu: 2, memory: 2 }))).toBe(false);
    expect(series.push(pointOf(900_000, { cpu: 3, memory: 3 }))).toBe(true);
    expect(series.at).toEqual([900_000]);
  });

  test('a gap is made once, and both ends stay the same through columns', () => {
    const series = new PanelSeries();
    expect(series.break()).toBeUndefined();
    series.push(pointOf(1000, { cpu: 1 }));
    expect(series.break()).toEqual(pointOf(1001));
    expect(series.break()).toBeUndefined();
    expect(new PanelSeries(series.columns())).toEqual(series);
  });
});
