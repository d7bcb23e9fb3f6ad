import { describe, expect, test } from 'vitest';
import { View } from '../../../../../src/core/insight/detector/view.js';
import { gauss, seriesOf } from './series.js';

const memory = 4000;

/** Has seen the numbers, each to both sides. */
function viewOf(sizes: readonly number[]): { view: View; unit: number } {
  const view = new View(1, memory);
  let unit = 1;
  sizes.forEach((size, index) => {
    for (const number of [size, -size]) {
      view.judge(number, unit);
      view.learn(unit);
      unit /= 1 - 1 / memory;
    }
    if (index % 16 === 15) view.refresh(unit);
  });
  return { view, unit };
}

describe('one way of looking at a series', () => {
  test('what varies 500 times as much is judged by the same measure to both sides', () => {
    const times = 500;
    const { values } = seriesOf(7400, 4000, (index, random) => Math.abs(gauss(random)) * (index < 1500 ? 1 : times));
    const { view, unit } = viewOf(values);
    for (const number of [2, 5, 20].map((one) => one * times)) {
      const up = view.judge(number, unit);
      expect(Math.abs(up - view.judge(-number, unit))).toBeLessThan(0.3);
    }
    expect(view.judge(50 * times, unit)).toBeGreaterThan(4);
  });

  test('what is judged is learned once, and not before it is said', () => {
    const { view, unit } = viewOf(seriesOf(7401, 500, (_, random) => Math.abs(gauss(random))).values);
    const { centre, scale } = view;
    view.judge(100, unit);
    expect([view.centre, view.scale]).toEqual([centre, scale]);
    view.learn(unit);
    const after = view.scale;
    expect(after).toBeGreaterThan(scale);
    view.learn(unit);
    expect(view.scale).toBe(after);
  });

  test('nothing is surprising before there is something to compare it with', () => {
    const view = new View(6, memory);
    for (let index = 0; index < 79; index += 1) {
      expect(view.judge(10 ** index, 1)).toBe(0);
      view.learn(1);
    }
  });
});
