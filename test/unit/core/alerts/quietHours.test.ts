import fc from 'fast-check';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { quietHoursSchema, quietUntil, type QuietHours } from '../../../../src/core/alerts/quietHours.js';

const zone = process.env.TZ;
beforeEach(() => {
  process.env.TZ = 'UTC';
});
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

/** What it says, in UTC. */
function until(hours: QuietHours, at: string): string | null {
  const end = quietUntil(hours, Date.parse(at));
  return end === null ? null : new Date(end).toISOString().slice(0, 16);
}
const night: QuietHours = { from: '22:00', to: '07:00' };

describe('quiet hours', () => {
  test('there are none where none are set', () => {
    expect(quietUntil(undefined, Date.now())).toBeNull();
  });

  test.each([
    ['2026-03-10T12:59:59Z', null],
    ['2026-03-10T13:00:00Z', '2026-03-10T14:30'],
    ['2026-03-10T14:29:59Z', '2026-03-10T14:30'],
    ['2026-03-10T14:30:00Z', null],
  ])('of one day: %s', (at, end) => {
    expect(until({ from: '13:00', to: '14:30' }, at)).toBe(end);
  });

  test.each([
    ['2026-03-10T21:59:59Z', null],
    ['2026-03-10T22:00:00Z', '2026-03-11T07:00'],
    ['2026-03-11T00:00:00Z', '2026-03-11T07:00'],
    ['2026-03-11T06:59:59Z', '2026-03-11T07:00'],
    ['2026-03-11T07:00:00Z', null],
    ['2026-12-31T23:00:00Z', '2027-01-01T07:00'],
  ])('over midnight: %s', (at, end) => {
    expect(until(night, at)).toBe(end);
  });

  test('a day is the one on which they begin', () => {
    // 2026-03-13 is a Friday.
    const friday: QuietHours = { ...night, days: ['fri'] };
    expect(until(friday, '2026-03-13T06:00:00Z')).toBeNull();
    expect(until(friday, '2026-03-13T23:00:00Z')).toBe('2026-03-14T07:00');
    expect(until(friday, '2026-03-14T06:00:00Z')).toBe('2026-03-14T07:00');
    expect(until(friday, '2026-03-14T23:00:00Z')).toBeNull();
  });

  test('days that follow each other are one', () => {
    const weekend: QuietHours = { from: '00:00', to: '24:00', days: ['sat', 'sun'] };
    expect(until(weekend, '2026-03-13T23:59:00Z')).toBeNull();
    expect(until(weekend, '2026-03-14T00:00:00Z')).toBe('2026-03-16T00:00');
    const always = quietUntil({ from: '00:00', to: '24:00' }, Date.parse('2026-03-14T12:00:00Z'))!;
    expect(Number.isFinite(always)).toBe(true);
  });
});

describe('by the clock of the PC', () => {
  test('in its zone', () => {
    process.env.TZ = 'Asia/Seoul';
    expect(until(night, '2026-03-10T12:59:00Z')).toBeNull();
    expect(until(night, '2026-03-10T13:00:00Z')).toBe('2026-03-10T22:00');
  });

  test('a night in which the clock is set is an hour shorter or longer', () => {
    process.env.TZ = 'Europe/Berlin';
    expect(until(night, '2026-03-28T21:00:00Z')).toBe('2026-03-29T05:00');
    expect(until(night, '2026-10-24T20:00:00Z')).toBe('2026-10-25T06:00');
  });

  test('an end that the clock jumps over comes as long after the beginning as on other days', () => {
    process.env.TZ = 'Europe/Berlin';
    expect(until({ from: '01:00', to: '02:30' }, '2026-03-29T00:00:00Z')).toBe('2026-03-29T01:30');
    expect(until({ from: '02:15', to: '02:45' }, '2026-03-29T00:59:00Z')).toBeNull();
  });

  test('a time that the clock shows twice ends them the second time', () => {
    process.env.TZ = 'Europe/Berlin';
    const early: QuietHours = { from: '23:00', to: '02:30' };
    // 02:45 for the first time, and 02:15 for the second time.
    expect(until(early, '2026-10-25T00:45:00Z')).toBe('2026-10-25T01:30');
    expect(until(early, '2026-10-25T01:15:00Z')).toBe('2026-10-25T01:30');
    expect(until(early, '2026-10-25T01:30:00Z')).toBeNull();
    process.env.TZ = 'Australia/Lord_Howe';
    expect(until({ from: '23:00', to: '01:45' }, '2026-04-04T14:50:00Z')).toBe('2026-04-04T15:15');
  });
});

test.each(['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Seoul'])(
  'whatever the hours are: the end is later, and not quiet any more; in %s',
  (name) => {
    process.env.TZ = name;
    const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(clock);
    const at = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) });
    fc.assert(
      fc.property(time, time, at, (from, to, now) => {
        fc.pre(from !== to);
        const end = quietUntil({ from, to }, now);
        if (end === null) return;
        expect(end).toBeGreaterThan(now);
        expect(quietUntil({ from, to }, end - 1)).toBe(end);
        expect(quietUntil({ from, to }, end)).toBeNull();
      }),
    );
  },
);

const clock = (parts: [number, number]): string => parts.map((part) => String(part).padStart(2, '0')).join(':');

test.each([
  [{ from: '7:00', to: '08:00' }, 'from', 'must be a time of the day, as 22:30'],
  [{ from: '24:00', to: '08:00' }, 'from', 'must be a time of the day, as 22:30'],
  [{ from: '22:00', to: 7 }, 'to', 'must be a time of the day, as 22:30'],
  [{ from: '22:00', to: '22:00' }, 'to', 'must not be the same as from'],
  [{ ...night, days: [] }, 'days', 'must be days of the week: sun, mon, tue, wed, thu, fri, sat'],
  [{ ...night, days: ['Friday'] }, 'days.0', 'must be days of the week: sun, mon, tue, wed, thu, fri, sat'],
  [{ ...night, tellErrors: 1 }, 'tellErrors', 'must be true or false'],
])('%j is refused at %s', (value, field, text) => {
  const { issues = [] } = v.safeParse(quietHoursSchema, value);
  expect(issues.map((issue) => [v.getDotPath(issue), issue.message])).toEqual([[field, text]]);
});

test('what a newer version knows is kept', () => {
  expect(v.parse(quietHoursSchema, { ...night, to: '24:00', moon: 1 })).toEqual({ ...night, to: '24:00', moon: 1 });
});
