import { expect, test } from 'vitest';
import { LevelWatch } from '../../../../../src/core/insight/findings/levelWatch.js';

/** What turned, by the number of the point. */
function turns(units: readonly number[]): [number, string][] {
  const watch = new LevelWatch();
  return units.flatMap((one, place) => {
    const turn = watch.seal(0, one, 1);
    return turn === null ? [] : [[place, turn] as [number, string]];
  });
}

const times = (count: number, value: number): number[] => Array.from({ length: count }, () => value);

test('two hours on another level, after the hour that is looked at', () => {
  expect(turns([...times(12, 0), ...times(40, 2)]).slice(0, 1)).toEqual([[12 + 4 + 11, 'begin']]);
  expect(turns([...times(12, 0), ...times(14, 2), ...times(20, 0)])).toEqual([]);
  expect(turns(times(60, 1.2))).toEqual([]);
});

test('it is over after an hour on the old one', () => {
  expect(turns([...times(12, 0), ...times(30, 2), ...times(20, 0)]).map(([, turn]) => turn)).toEqual(['begin', 'end']);
});

test('a few minutes that are far off are no level', () => {
  const burst = [...times(2, 300), ...times(4, 0)];
  expect(turns([...burst, ...burst, ...burst, ...burst, ...burst])).toEqual([]);
});
