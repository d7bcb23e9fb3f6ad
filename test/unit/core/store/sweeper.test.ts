import { expect, test, vi } from 'vitest';
import { Sweeper } from '../../../../src/core/store/sweeper.js';
import { defaultRetention } from '../../../../src/core/store/tiers/tiers.js';
import { countOf, day, minute, openHistory, start } from './support/history.js';

const log = { write: () => undefined };

test('comes every minute as long as there is more to take away, and every ten minutes when there is not', async () => {
  const history = await openHistory();
  // A sample a minute for so long that a day and a half of them is too old: more than goes at once.
  const end = start + 9.5 * day;
  for (let at = start; at < end; at += minute) history.add(at, 'alpha', { cpu: 1 });
  history.complete('alpha');
  const sweeper = new Sweeper(history, log);
  const write = vi.spyOn(history, 'write');
  const left: number[] = [];
  const sweptAt: number[] = [];
  for (let passed = 0; passed <= 40; passed++) {
    const before = write.mock.calls.length;
    const [now, monotonic] = [end + passed * minute, passed * minute];
    sweeper.review({ now, monotonic, retention: defaultRetention, maxBytes: 1e9 });
    // As often as it is asked within the same minute.
    sweeper.review({ now, monotonic: monotonic + 1000, retention: defaultRetention, maxBytes: 1e9 });
    if (write.mock.calls.length > before) sweptAt.push(passed);
    left.push(countOf(history, '1m'));
  }
  expect(left.slice(0, 5).map((count, index) => (left[index - 1] ?? 9.5 * 1440) - count)).toEqual([
    500, 500, 500, 500, 163,
  ]);
  expect(sweptAt).toEqual([0, 1, 2, 3, 4, 14, 24, 34]);
});
