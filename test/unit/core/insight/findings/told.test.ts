import { beforeAll, describe, expect, test } from 'vitest';
import {
  ServerInsight,
  type InsightSample,
  type InsightState,
} from '../../../../../src/core/insight/findings/serverInsight.js';
import { dayMs, fourDays, hourMs, mb, minuteMs, more, origin, Server, type Change } from './playedServer.js';

let learned = '';

beforeAll(() => {
  learned = fourDays();
});

describe('what people say', () => {
  test('normal: at about that time of the day it is not told again, at another time it is', () => {
    const server = new Server(learned);
    server.runs(20 * minuteMs, more(150));
    expect(server.insight.normal(server.at, 'cpu')).toBe(true);
    expect(server.insight.findings()[0]?.endedBy).toBe('normal');
    server.runs(dayMs - 20 * minuteMs);
    server.turns.length = 0;
    server.runs(20 * minuteMs, more(150));
    expect(server.told()).toEqual([]);
    server.runs(8 * hourMs);
    server.runs(20 * minuteMs, more(150));
    expect(server.told()).toEqual(['begin cpu-without-players']);
  });

  test('normal: of a time when nothing was told', () => {
    expect(new Server().insight.normal(origin, 'cpu')).toBe(false);
  });

  test('mute: nothing of that metric until then', () => {
    const server = new Server(learned);
    server.insight.mute('cpu', server.at + hourMs);
    server.runs(30 * minuteMs, more(150));
    expect(server.told()).toEqual([]);
    server.runs(2 * hourMs);
    server.runs(20 * minuteMs, more(150));
    expect(server.told()).toEqual(['begin cpu-without-players']);
  });

  test('normal: what is open meanwhile is learned, and over', () => {
    const server = new Server(learned);
    server.runs(20 * minuteMs, more(150));
    expect(server.insight.normal(server.at, 'cpu')).toBe(true);
    server.runs(2 * hourMs, more(150));
    expect(server.told()).toEqual(['begin cpu-without-players', 'end cpu-without-players']);
  });

  test('mute: for good, until it is told again', () => {
    const server = new Server(learned);
    server.insight.mute('cpu', null);
    server.runs(30 * minuteMs, more(150));
    expect(server.told()).toEqual([]);
    expect(server.insight.view(server.at, 5).muted).toEqual({ cpu: null });
    server.insight.mute('cpu', server.at);
    expect(server.insight.view(server.at, 5).muted).toEqual({});
    server.runs(30 * minuteMs);
    server.runs(20 * minuteMs, more(150));
    expect(server.told()).toEqual(['begin cpu-without-players']);
  });

  test('relearn: what was found is over, and what comes from then on is what is known', () => {
    const server = new Server(learned);
    server.runs(30 * minuteMs, more(150));
    server.insight.relearn(server.at);
    expect(server.insight.findings()[0]?.endedBy).toBe('normal');
    expect(server.insight.expected('cpu', server.at, 5)).toBeUndefined();
    server.runs(dayMs, more(150));
    expect(server.told()).toEqual(['begin cpu-without-players', 'end cpu-without-players']);
    expect(server.insight.expected('cpu', server.at, 5)?.mid).toBeCloseTo(230, -1.3);
  });

  test('plain three sigma: by the mean and three deviations, whatever plays', () => {
    const server = new Server(learned);
    server.insight.use('three-sigma');
    server.runs(20 * minuteMs, more(150));
    expect(server.turns[0]?.finding).toMatchObject({ by: 'three-sigma', kind: 'cpu-without-players' });
    const { metrics } = server.insight.view(server.at, 5);
    const { mean, standardDeviation } = metrics.cpu ?? {};
    const high = (mean ?? NaN) + 3 * (standardDeviation ?? NaN);
    expect(server.turns[0]?.finding.expected.high).toBeCloseTo(high, 0);
    expect(metrics.cpu?.now?.limitHigh).toBeCloseTo(high, 6);
    server.insight.use('robust');
    expect(server.insight.view(server.at, 5).metrics.cpu?.now?.limitHigh).not.toBeCloseTo(high, 0);
  });
});

describe('a state', () => {
  const restored = (server: Server): Server => {
    const text = JSON.stringify(server.insight.state(true));
    expect(text.length).toBeLessThan(200 * 1024);
    const again = new Server(undefined, { state: text, at: server.at });
    expect(again.insight.findings()).toEqual(server.insight.findings());
    return again;
  };

  test('knows what was found and muted, and judges as the one that it was taken of', () => {
    const server = new Server(learned);
    server.runs(20 * minuteMs, more(150));
    server.runs(20 * minuteMs);
    server.insight.mute('apiTime', null);
    const again = restored(server);
    for (const one of [server, again]) {
      one.turns.length = 0;
      one.runs(hourMs);
      one.runs(20 * minuteMs, more(150));
      one.runs(20 * minuteMs, () => ({ apiTime: 5000 }));
      one.runs(20 * minuteMs, () => ({ tickRate: 9, frameTime: 110 }));
      one.runs(20 * minuteMs);
    }
    expect(server.told()).toHaveLength(4);
    expect(again.told()).toEqual(server.told());
    for (const [place, { finding }] of again.turns.entries())
      expect(Math.abs(finding.begin - (server.turns[place]?.finding.begin ?? 0))).toBeLessThanOrEqual(3 * minuteMs);
  });

  test('what lasts goes on with the same process, and has gone with another', () => {
    const server = new Server(learned);
    server.runs(20 * minuteMs, more(150));
    const again = restored(server);
    again.runs(20 * minuteMs, more(150));
    expect(again.told()).toEqual([]);
    again.runs(20 * minuteMs);
    expect(again.told()).toEqual(['end cpu-without-players']);
    expect(again.turns[0]?.finding.key).toBe(server.turns[0]?.finding.key);
    const other = new ServerInsight();
    other.restore(JSON.parse(JSON.stringify(server.insight.state(true))) as InsightState);
    other.resume(server.at + minuteMs, server.at);
    expect(other.findings()[0]).toMatchObject({ end: server.at, endedBy: 'gone' });
  });

  test('a leak that has begun before is told as soon', () => {
    const server = new Server(learned);
    const from = server.at;
    const leak = (at: number, usual: InsightSample): Change => ({
      memory: (usual.memory ?? 0) + ((at - from) / hourMs) * 50 * mb,
    });
    server.runs(100 * minuteMs, leak);
    const again = restored(server);
    again.runs(100 * minuteMs, leak);
    expect(again.told()).toEqual(['begin leak']);
  });

  test('of another version is not taken', () => {
    const state = JSON.parse(learned) as InsightState;
    expect(new ServerInsight().restore({ ...state, baseline: { ...state.baseline, version: 99 } })).toBe(false);
  });
});
