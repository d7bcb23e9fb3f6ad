import { beforeAll, describe, expect, test } from 'vitest';
import type { HostAt } from '../../../../../src/core/insight/findings/hostStanding.js';
import type { InsightSample } from '../../../../../src/core/insight/findings/serverInsight.js';
import { dayMs, fourDays, hourMs, mb, minuteMs, more, Server, type Change } from './playedServer.js';

let learned = '';

beforeAll(() => {
  learned = fourDays();
});

describe('more CPU', () => {
  test('without more players is one finding, with what was expected for so many', () => {
    const server = new Server(learned);
    server.runs(20 * minuteMs, more(150));
    server.runs(20 * minuteMs);
    expect(server.told()).toEqual(['begin cpu-without-players', 'end cpu-without-players']);
    const [, end] = server.turns;
    const { players } = end?.finding ?? { players: null };
    expect(end?.finding).toMatchObject({ metric: 'cpu', cause: 'bug', by: 'robust', endedBy: 'ended' });
    expect(end?.finding.expected.mid).toBeCloseTo(40 + 8 * (players ?? NaN), -1.3);
    expect(end?.finding.value).toBeCloseTo(190 + 8 * (players ?? NaN), -1.5);
    expect((end?.finding.end ?? 0) - (end?.finding.begin ?? 0)).toBeGreaterThan(18 * minuteMs);
  });

  test('with as many more players is load', () => {
    const server = new Server(learned);
    const crowd = (_: number, usual: InsightSample): Change => ({
      players: 30,
      cpu: (usual.cpu ?? 0) + 8 * 28,
      memory: 3.1e9,
    });
    server.runs(90 * minuteMs, crowd);
    expect(server.told()).toEqual([]);
  });

  test('for a minute is nothing; for two and a half, measured every 5 s and far off, is', () => {
    const server = new Server(learned);
    server.runs(minuteMs, more(300));
    server.runs(10 * minuteMs);
    expect(server.told()).toEqual([]);
    server.runs(150_000, more(300), undefined, 5000);
    expect(server.told()).toEqual(['begin cpu-without-players']);
  });

  test('slows the game down: still one finding, which says so', () => {
    const server = new Server(learned);
    server.runs(15 * minuteMs, (_, usual) => ({
      cpu: (usual.cpu ?? 0) + 150,
      tickRate: 9,
      frameTime: 110,
      apiTime: 900,
    }));
    server.runs(30 * minuteMs);
    expect(server.told().filter((one) => one.startsWith('begin'))).toHaveLength(1);
    const last = server.turns.at(-1)?.finding;
    expect(last?.kind).toBe('cpu-without-players');
    expect(last?.also).toEqual(expect.arrayContaining(['tickRate', 'frameTime', 'apiTime']));
    expect(last?.end).not.toBeNull();
  });

  test('for half a day is how it is now', () => {
    const server = new Server(learned);
    server.runs(14 * hourMs, more(150));
    expect(server.told()).toEqual(['begin cpu-without-players', 'end cpu-without-players']);
    expect(server.turns[1]?.finding.endedBy).toBe('normal');
    server.runs(6 * hourMs, more(150));
    expect(server.told()).toHaveLength(2);
  });

  test('a little of it, for hours, is another level', () => {
    const server = new Server(learned);
    server.runs(5 * hourMs, more(40));
    expect(server.told()).toEqual(['begin level-change']);
  });
});

describe('a slow game', () => {
  const slow = (): Change => ({ tickRate: 10, frameTime: 100, apiTime: 300 });
  const full: HostAt = { cpu: 99, memoryUsed: 50, memoryTotalBytes: 8e9, cores: 8 };

  test('on a PC that is full of others is their doing', () => {
    const server = new Server(learned);
    server.runs(10 * minuteMs, slow, full);
    expect(server.told()).toEqual(['begin host-bound']);
    expect(server.turns[0]?.finding.cause).toBe('host');
  });

  test('with one thread at its limit is its own', () => {
    const server = new Server(learned);
    server.runs(10 * minuteMs, () => ({ ...slow(), busiestThread: 98 }), { ...full, cpu: 30 });
    expect(server.told()).toEqual(['begin game-bound']);
  });

  test('while nobody plays harms nobody', () => {
    const server = new Server(learned);
    server.runs(30 * minuteMs, () => ({ tickRate: 1, frameTime: null, players: 0, cpu: 40 }));
    expect(server.told()).toEqual([]);
  });
});

describe('memory', () => {
  const leaking = (server: Server, perHour: number) => {
    const from = server.at;
    return (at: number, usual: InsightSample): Change => ({
      memory: (usual.memory ?? 0) + ((at - from) / hourMs) * perHour,
    });
  };

  test('that grows beside players is a leak within three hours, with the hours left', () => {
    const server = new Server(learned);
    const from = server.at;
    server.runs(4 * hourMs, leaking(server, 50 * mb), { cpu: 20, memoryUsed: 50, memoryTotalBytes: 8e9, cores: 8 });
    expect(server.told()).toEqual(['begin leak']);
    const [{ finding } = {}] = server.turns;
    expect(server.insight.findings()[0]?.leak?.bytesPerHour).toBeGreaterThan(35 * mb);
    expect(server.insight.findings()[0]?.leak?.bytesPerHour).toBeLessThan(70 * mb);
    expect(server.insight.findings()[0]?.leak?.hoursLeft).toBeCloseTo(4e9 / (50 * mb), -2);
    expect((finding?.peakAt ?? Infinity) - from).toBeLessThan(3 * hourMs);
  });

  test('that jumps once, or grows with players, is none', () => {
    const server = new Server(learned);
    server.runs(5 * hourMs, (_, usual) => ({ memory: (usual.memory ?? 0) + 50 * mb }));
    server.runs(2 * dayMs);
    expect(server.told()).toEqual([]);
  });

  test('that is not given back when players leave is no leak', () => {
    const server = new Server(learned);
    // Most play at six.
    server.runs(6 * hourMs);
    server.runs(9 * hourMs, (_, usual) => ({ memory: Math.max(usual.memory ?? 0, 2.3e9) }));
    expect(server.told()).toEqual([]);
  });

  test('a leak is over with the process, and not with a pause in between', () => {
    const server = new Server(learned);
    server.runs(4 * hourMs, leaking(server, 60 * mb));
    expect(server.told()).toContain('begin leak');
    server.tell('crashed');
    expect(server.told().at(-1)).toBe('end leak');
    expect(server.turns.at(-1)?.finding.endedBy).toBe('gone');
  });

  test('that somebody has called normal is not told again', () => {
    const server = new Server(learned);
    server.runs(4 * hourMs, leaking(server, 50 * mb));
    expect(server.insight.normal(server.at, 'memory')).toBe(true);
    server.turns.length = 0;
    server.runs(5 * hourMs, leaking(server, 50 * mb));
    expect(server.told()[0]).toBe('end leak');
    expect(server.told()).not.toContain('begin leak');
  });
});

describe('saves', () => {
  const saving = (server: Server, ms: number): void => {
    for (const end = server.at + ms; server.at < end;) {
      server.runs(4 * minuteMs);
      server.tell('save-begun');
      const from = server.at;
      server.runs(20_000, (_, usual) => ({ cpu: (usual.cpu ?? 0) + 200, tickRate: 8, ioWrite: 5e7 }), undefined, 5000);
      server.tell('saved', { tookMs: server.at - from });
      server.runs(40_000, undefined, undefined, 5000);
    }
  };

  test('are nothing unusual, however much they do', () => {
    const server = new Server(learned);
    saving(server, 5 * hourMs);
    expect(server.told()).toEqual([]);
    expect(server.insight.cycle.view().added.cpu).toBeGreaterThan(100);
  });

  test('one that does not end is told once, and is over with its end', () => {
    const server = new Server(learned);
    saving(server, 2 * hourMs);
    server.tell('save-begun');
    server.runs(10 * minuteMs, () => ({ tickRate: 2, apiTime: 5000 }));
    expect(server.told()).toEqual(['begin save-long']);
    server.tell('saved');
    server.runs(8 * minuteMs);
    expect(server.told().at(-1)).toBe('end save-long');
    expect(server.told().filter((one) => one.startsWith('begin'))).toHaveLength(1);
  });
});

describe('ends', () => {
  test('three that nobody asked for in a row are a loop; nothing else is told of them', () => {
    const server = new Server(learned);
    for (let one = 0; one < 4; one++) {
      server.tell('crashed');
      server.runs(minuteMs, () => ({ cpu: null }));
      server.tell('started', { by: 'restart' });
      server.runs(2 * minuteMs, more(300));
    }
    server.runs(20 * minuteMs);
    expect(server.told()).toEqual(['begin crash-loop', 'end crash-loop']);
  });

  test('that somebody asked for are none, and what follows a start is not judged', () => {
    const server = new Server(learned);
    for (let one = 0; one < 4; one++) {
      server.tell('stopping', { by: 'user' });
      server.runs(2 * minuteMs, more(300));
      server.tell('stopped');
      server.tell('started', { by: 'user' });
      server.runs(4 * minuteMs, more(300));
    }
    expect(server.told()).toEqual([]);
  });
});
