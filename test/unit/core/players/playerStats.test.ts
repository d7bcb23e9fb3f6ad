import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { playerStats, type StatsSource } from '../../../../src/core/players/playerStats.js';
import type { Requests } from '../../../../src/shared/contract.js';

type Stats = Requests['server/playerStats']['result'];
type Event = StatsSource['events'][number];
const minute = 60_000;
const zone = process.env.TZ;
beforeEach(() => {
  process.env.TZ = 'UTC';
});
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const none = { at: new Float64Array(), max: new Float64Array() };
/** Minutes; from 0 to 1000, and now is the end, unless said otherwise. */
function stats(
  events: Event[],
  change: { from?: number; to?: number; now?: number } = {},
  online: On[] = [],
): string[] {
  const { from = 0, to = 1000, now = 1000 } = change;
  const on = online.map(([name, since]) => ({ name, since: since === null ? null : since * minute }));
  const source = { events, online: on, peaks: none, from: from * minute, to: to * minute, now: now * minute };
  return playerStats(source).players.map(
    (one) =>
      `${one.name} ${one.sessions}x ${one.playedMs / minute} until ${one.lastAt / minute}${one.online ? ' on' : ''}`,
  );
}
type On = [name: string, since: number | null];
const joined = (at: number, name: string): Event => ({ at: at * minute, kind: 'player-joined', data: { name } });
const left = (at: number, name: string, played: number | null): Event => ({
  ...{ at: at * minute, kind: 'player-left' },
  data: { name, playedMs: played === null ? null : played * minute },
});
const step = (at: number, kind: 'started' | 'stopped' | 'crashed' | 'start-failed'): Event => ({
  ...{ at: at * minute, kind, data: {} },
});

describe('players', () => {
  test('sessions and times, who played most first', () => {
    expect(
      stats([
        joined(10, 'Ada'),
        joined(20, 'Bo'),
        left(40, 'Ada', 30),
        joined(50, 'Ada'),
        left(60, 'Ada', 10),
        left(100, 'Bo', 80),
      ]),
    ).toEqual(['Bo 1x 80 until 100', 'Ada 2x 40 until 60']);
  });

  test('a session is cut to the time that is asked for', () => {
    const events = [joined(10, 'Ada'), left(110, 'Ada', 100), joined(200, 'Ada'), left(300, 'Ada', 100)];
    expect(stats(events, { from: 50, to: 220 })).toEqual(['Ada 2x 80 until 220']);
    expect(stats(events, { from: 120, to: 190 })).toEqual([]);
    // Its joining is not among the events, but how long it was is known.
    expect(stats([left(110, 'Ada', 100)], { from: 50 })).toEqual(['Ada 1x 60 until 110']);
  });

  test('who is on plays until now', () => {
    expect(stats([joined(900, 'Ada')], { now: 950 }, [['Ada', 900]])).toEqual(['Ada 1x 50 until 950 on']);
    // The monitoring has been restarted in between and does not know since when.
    expect(stats([joined(900, 'Ada')], {}, [['Ada', null]])).toEqual(['Ada 1x 100 until 1000 on']);
    expect(stats([], {}, [['Ada', null]])).toEqual(['Ada 1x 0 until 1000 on']);
    expect(stats([], { to: 500 }, [['Ada', null]])).toEqual([]);
    expect(stats([], { to: 500 }, [['Ada', 400]])).toEqual(['Ada 1x 100 until 500 on']);
  });

  test('a joining without a leaving ends with the server', () => {
    expect(stats([joined(10, 'Ada'), step(30, 'crashed')])).toEqual(['Ada 1x 20 until 30']);
    expect(stats([joined(10, 'Ada'), step(30, 'stopped'), step(60, 'started')])).toEqual(['Ada 1x 20 until 30']);
  });

  test('and without an end of the server it counts without its time', () => {
    expect(stats([joined(10, 'Ada')])).toEqual(['Ada 1x 0 until 10']);
    expect(stats([joined(10, 'Ada'), step(700, 'started'), joined(800, 'Ada'), left(810, 'Ada', 10)])).toEqual([
      'Ada 2x 10 until 810',
    ]);
    expect(stats([joined(10, 'Ada'), step(700, 'start-failed')])).toEqual(['Ada 1x 0 until 10']);
  });

  test('a leaving that nobody saw adds nothing to the next session', () => {
    expect(stats([joined(10, 'Ada'), joined(500, 'Ada'), left(520, 'Ada', 20), step(900, 'stopped')])).toEqual([
      'Ada 2x 20 until 520',
    ]);
  });

  test('a leaving whose joining was not seen, and one whose length was lost in a gap', () => {
    expect(stats([left(40, 'Ada', null)])).toEqual(['Ada 1x 0 until 40']);
    expect(stats([joined(10, 'Ada'), left(40, 'Ada', null)])).toEqual(['Ada 1x 30 until 40']);
  });

  test('two of one name', () => {
    expect(stats([joined(10, 'Ada'), joined(20, 'Ada'), left(50, 'Ada', 40), left(60, 'Ada', 40)])).toEqual([
      'Ada 2x 80 until 60',
    ]);
  });
});

describe('days', () => {
  /** Every half hour of a local time zone, from a UTC time. */
  function days(zoneName: string, from: string, hours: number, value: (hour: number) => number): Stats['days'] {
    process.env.TZ = zoneName;
    const begin = Date.parse(from);
    const at = Float64Array.from({ length: hours * 2 }, (_, index) => begin + index * 30 * minute);
    const max = at.map((__, index) => value(index / 2));
    const to = begin + hours * 60 * minute;
    return playerStats({ events: [], online: [], peaks: { at, max }, from: begin, to, now: to }).days;
  }
  const hoursOf = (found: Stats['days']): number[] =>
    found.slice(1).map(({ from }, index) => (from - found[index]!.from) / (60 * minute));

  test('the most at a time, the first time of it, and gaps', () => {
    const found = days('UTC', '2026-05-01T00:00Z', 72, (hour) =>
      hour >= 24 && hour < 48 ? NaN : hour % 24 >= 20 ? 7 : 2,
    );
    expect(found).toEqual([
      { from: Date.parse('2026-05-01T00:00Z'), peak: 7, at: Date.parse('2026-05-01T20:00Z') },
      { from: Date.parse('2026-05-03T00:00Z'), peak: 7, at: Date.parse('2026-05-03T20:00Z') },
    ]);
  });

  test('begin by the clock of the PC', () => {
    const found = days('Asia/Seoul', '2026-05-01T12:00Z', 24, (hour) => hour);
    expect(found).toEqual([
      { from: Date.parse('2026-04-30T15:00Z'), peak: 2.5, at: Date.parse('2026-05-01T14:30Z') },
      { from: Date.parse('2026-05-01T15:00Z'), peak: 23.5, at: Date.parse('2026-05-02T11:30Z') },
    ]);
  });

  test.each([
    ['Europe/Berlin', '2026-03-27T23:00Z', [24, 23, 24]],
    ['Europe/Berlin', '2026-10-23T22:00Z', [24, 25, 24]],
    // Where midnight itself does not exist.
    ['Africa/Cairo', '2026-04-22T22:00Z', [24, 23, 24]],
    ['Australia/Lord_Howe', '2026-04-03T13:00Z', [24, 24.5, 24]],
  ])('of 23 and of 25 hours in %s', (zoneName, from, lengths) => {
    expect(hoursOf(days(zoneName, from, 90, () => 1))).toEqual(lengths);
  });

  test('only of the time that was asked for', () => {
    const at = Float64Array.from([0, 30, 60], (time) => time * minute);
    const source = { events: [], online: [], peaks: { at, max: Float64Array.of(9, 1, 9) }, now: 0 };
    expect(playerStats({ ...source, from: 30 * minute, to: 60 * minute }).days).toEqual([
      { from: 0, peak: 1, at: 30 * minute },
    ]);
  });
});
