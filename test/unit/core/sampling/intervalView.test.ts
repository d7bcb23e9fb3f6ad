import { expect, test } from 'vitest';
import { isNews } from '../../../../src/core/sampling/intervalView.js';

const busy = { intervalMs: 5000, reason: 'busy', cpuPercent: 75 };

test.each([
  ['the same', busy, busy, false],
  ['another interval', busy, { ...busy, intervalMs: 6000 }, true],
  ['another reason', busy, { ...busy, reason: 'hidden' }, true],
  ['a load that is nearly the same', busy, { ...busy, cpuPercent: 79 }, false],
  ['a load that is not', busy, { ...busy, cpuPercent: 80 }, true],
  ['one that sinks', busy, { ...busy, cpuPercent: 70 }, true],
  ['a load that is no reason', { ...busy, reason: 'normal' }, { ...busy, reason: 'normal', cpuPercent: 5 }, false],
])('%s', (_, before, now, news) => {
  expect(isNews(before, now)).toBe(news);
});
