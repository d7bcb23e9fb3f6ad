import { expect, test } from 'vitest';
import {
  falseAlarmsPerWeek,
  falseLeaks,
  insightSimBars,
  insightSimMeasures,
  leaksWithin,
  type InsightSimResult,
} from '../../../.scripts/lib/bench/insightSimTable.mjs';
import { judge, tableOf } from '../../../.scripts/lib/bench/report.mjs';

const kind = (injected: number, delays: readonly number[], wrong: number) => ({
  ...{ injected, found: delays.length, wrong, delays },
});

const score: InsightSimResult['score'] = {
  kinds: {
    leak: kind(5, [90, 120, 170, 200], 1),
    ...{ runaway: kind(4, [5, 5, 6, 7], 0), stuckSave: kind(1, [8], 0) },
    ...{ crashLoop: kind(2, [7, 7], 0), hostLag: kind(3, [4], 0) },
  },
  ...{ weeks: 10, firstWeeks: 10, falseAlarms: 3, firstFalseAlarms: 6, weeksWithFalseLeak: 1 },
  ...{ surges: 10, surgesCalledBug: 0, savesCalled: 0, micros: 50, samples: 10 },
};
const result = { heading: 'this product', isProduct: true, score, fine: { micros: 40, samples: 10 } };

test('what was found in simulated weeks', () => {
  expect(falseAlarmsPerWeek(result)).toBe(0.3);
  expect(leaksWithin(result, 3)).toBe(60);
  expect(falseLeaks(result)).toBe(5);
  const rows = tableOf(insightSimMeasures, [result, { ...result, heading: 'another', isProduct: false }]);
  const row = (title: string): string | undefined => rows.find(([first]) => first === title)?.[1];
  expect(row('leak of 50 MB/h: found, %')).toBe('80.0');
  expect(row('leak of 50 MB/h: right where told, %')).toBe('80.0');
  expect(row('leak of 50 MB/h: minutes until told')).toBe('170');
  expect(row('lag from the PC: found, %')).toMatch(/^33\.3/);
});

test('of servers unlike the others, how many of all that was done to them', () => {
  const rows = tableOf(insightSimMeasures, [{ ...result, worlds: { 'always full': score } }]);
  expect(rows.find(([first]) => first === 'always full: found, %')?.[1]).toBe('80.0');
  expect(rows.find(([first]) => first === 'always full: false alarms per week')?.[1]).toMatch(/^0\.3/);
});

test('the bars are met, or are not', () => {
  const unmet = judge(insightSimBars, result).filter(({ met }) => met !== true);
  expect(unmet.map(({ title }) => title)).toEqual(['weeks with a false leak']);
});
