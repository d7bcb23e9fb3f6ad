import { describe, expect, test } from 'vitest';
import { Evidence } from '../../../../../src/core/insight/findings/evidence.js';

const minuteMs = 60_000;
const stepMs = 30_000;

/** Feeds so many minutes by half minutes; answers the minutes at which something turned. */
function feed(
  evidence: Evidence,
  from: number,
  minutes: number,
  excess: (minute: number) => number,
): [string, number][] {
  const turns: [string, number][] = [];
  for (let ms = stepMs; ms <= minutes * minuteMs; ms += stepMs) {
    const turn = evidence.feed(from + ms, stepMs, excess(ms / minuteMs));
    if (turn !== null) turns.push([turn, ms / minuteMs]);
  }
  return turns;
}

describe('what has to last before it is told', () => {
  test('plainly too much: as long as was asked for', () => {
    expect(feed(new Evidence(4 * minuteMs), 0, 10, () => 1.5)).toEqual([['begin', 4]]);
  });

  test('a little too much: twice as long', () => {
    expect(feed(new Evidence(4 * minuteMs), 0, 10, () => 1.05)).toEqual([['begin', 8]]);
  });

  test('ever so much: half as long, and no less', () => {
    expect(feed(new Evidence(4 * minuteMs), 0, 10, () => 3)).toEqual([['begin', 2]]);
    expect(feed(new Evidence(12 * minuteMs), 0, 20, () => 100)).toEqual([['begin', 6]]);
  });

  test('one minute in five is nothing, three in five are', () => {
    expect(feed(new Evidence(4 * minuteMs), 0, 60, (minute) => (minute % 5 <= 1 ? 1.6 : 0.3))).toEqual([]);
    const [first] = feed(new Evidence(4 * minuteMs), 0, 60, (minute) => (minute % 5 <= 3 ? 1.6 : 0.9));
    expect(first?.[0]).toBe('begin');
  });

  test('it began when it began to be bad', () => {
    const evidence = new Evidence(4 * minuteMs);
    feed(evidence, 0, 10, (minute) => (minute > 5 ? 1.6 : 0.3));
    expect(evidence.isOpen).toBe(true);
    expect(evidence.begin).toBe(5 * minuteMs);
  });

  test('it is over after three minutes clearly within, not at the limit', () => {
    const evidence = new Evidence(4 * minuteMs);
    feed(evidence, 0, 5, () => 1.6);
    expect(feed(evidence, 5 * minuteMs, 20, () => 0.9)).toEqual([]);
    expect(feed(evidence, 25 * minuteMs, 2, () => 0.3)).toEqual([]);
    expect(feed(evidence, 27 * minuteMs, 1, () => 1.1)).toEqual([]);
    expect(feed(evidence, 28 * minuteMs, 5, () => 0.3)).toEqual([['end', 3]]);
  });
});
