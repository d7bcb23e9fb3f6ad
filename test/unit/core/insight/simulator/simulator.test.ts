import { beforeAll, describe, expect, test } from 'vitest';
import { emptyScore, evaluate, judge, medianDelay, run } from './evaluate.js';
import type { World } from './profile.js';
import { SimulatedServer } from './simulator.js';

test('the same seed is the same server', () => {
  const [one, other] = [new SimulatedServer(5), new SimulatedServer(5)];
  for (let step = 0; step < 3000; step++) expect(one.next()).toEqual(other.next());
});

/** Others than those that constants were chosen with (below 10,000), and than those of the bench (from 50,000). */
const seeds = [10_001, 10_002, 10_003, 10_004];

describe('over simulated weeks', () => {
  let scores = { ours: emptyScore(), plain: emptyScore() };
  let notes = '';

  beforeAll(() => {
    scores = evaluate(seeds);
    notes = scores.ours.notes.join('\n');
  }, 120_000);

  test('fewer than one false alarm in a server-week', () => {
    const { ours, plain } = scores;
    expect(ours.falseAlarms / ours.weeks, notes).toBeLessThan(1);
    expect(ours.firstFalseAlarms / ours.firstWeeks, notes).toBeLessThan(1.5);
    expect(plain.falseAlarms).toBeGreaterThan(10 * ours.falseAlarms);
  });

  test('what goes wrong is found, a leak of 50 MB an hour mostly within three hours', () => {
    for (const kind of ['leak', 'runaway', 'stuckSave', 'crashLoop', 'hostLag'] as const) {
      const { injected, found, wrong } = scores.ours.kinds[kind];
      expect(found / injected, `${kind}\n${notes}`).toBeGreaterThan(0.6);
      expect(wrong, `${kind}\n${notes}`).toBeLessThanOrEqual(found);
    }
    expect(medianDelay(scores.ours.kinds.leak)).toBeLessThan(200);
    expect(scores.ours.weeksWithFalseLeak, notes).toBe(0);
  });

  test('a surge of players is no bug, and a save no anomaly', () => {
    expect(scores.ours.surgesCalledBug, notes).toBe(0);
    expect(scores.ours.savesCalled, notes).toBe(0);
  });
});

describe('servers that are unlike the others are not told of more', () => {
  test.each<World>(['restarted every 6 h', 'CPU and memory only', 'clocks change'])(
    '%s',
    (world) => {
      const score = emptyScore();
      judge(run(10_011, 60_000, world), 10_011, score, emptyScore());
      expect(score.falseAlarms, score.notes.join('\n')).toBeLessThanOrEqual(1);
      expect(score.firstFalseAlarms, score.notes.join('\n')).toBeLessThanOrEqual(2);
      expect(score.surgesCalledBug + score.savesCalled).toBe(0);
    },
    60_000,
  );
});
