import { expect, test } from 'vitest';
import { limitText, loadTexts, threadText } from '../../../src/extension/text/loadText.js';
import { tooltipLines } from '../../../src/extension/tree/tooltip.js';
import type { GameLoad, ServerLoad } from '../../../src/shared/contract.js';
import { load as madeLoad, noon, reader, sample, view } from './fixtures.js';

const context = { ...reader, cpus: 4, scale: 'core' } as const;
const load = (change: Partial<ServerLoad> = {}): ServerLoad =>
  madeLoad({ cpu1: 97.4, cpu5: 81, cpuPeak: 131, ...change });
const nothing = { m1: null, m5: null, m15: null, p95: null, worst: null };
const limit = "One thread uses 97 % of a core: the game's main loop is at its limit; more cores would not help";

test('averages as far as they are known, with the highest; of the whole PC where that is the scale', () => {
  expect(loadTexts(view({ load: load() }), context).cpu).toBe(
    'average 1 min 97 %, 5 min 81 % · highest in 15 min 131 %',
  );
  const whole = load({ cpu15: 60, cpuP95: 120 });
  expect(loadTexts(view({ load: whole }), { ...context, scale: 'pc' }).cpu).toBe(
    'average 1 min 24 %, 5 min 20 %, 15 min 15 % · 95 % of the time at most 30 % · highest in 15 min 33 %',
  );
});

test('of a game that tells: a low rate is the bad one, a long frame is', () => {
  const rate: GameLoad = { m1: 58.2, m5: 59, m15: 60, p95: 55.5, worst: 21 };
  const texts = loadTexts(view({ load: load({ tickRate: rate, frameTime: { ...nothing, worst: 47.6 } }) }), context);
  expect(texts.tickRate).toBe(
    'average 1 min 58.2/s, 5 min 59.0/s, 15 min 60.0/s · 95 % of the time at least 55.5/s · lowest in 15 min 21.0/s',
  );
  expect(texts.frameTime).toBe('highest in 15 min 48 ms');
});

test('what is not known is not told', () => {
  const unknown = { cpu: undefined, tickRate: undefined, frameTime: undefined };
  expect(loadTexts(view(), context)).toEqual(unknown);
  const none = load({ cpu1: null, cpu5: null, cpuPeak: null, tickRate: nothing });
  expect(loadTexts(view({ load: none }), context)).toEqual(unknown);
  expect([threadText(view(), context), limitText(view(), context)]).toEqual([undefined, undefined]);
  expect(threadText(view({ load: load() }), context)).toBeUndefined();
});

test('the busiest thread; at its limit only where it has been for minutes', () => {
  const busy = view({ load: load({ busiestThread: 97 }) });
  expect([threadText(busy, context), limitText(busy, context)]).toEqual(['97 % of a core', undefined]);
  const bound = view({ load: load({ busiestThread: 97, isBoundToOneCore: true }) });
  expect([threadText(bound, context), limitText(bound, context)]).toEqual([limit, limit]);
});

test('the tooltip tells it of a server that runs', () => {
  const bound = load({ busiestThread: 97, isBoundToOneCore: true });
  const row = { ...context, live: true, down: false, now: noon, stop: undefined };
  const lines = Object.fromEntries(tooltipLines(view({ sample: sample({ cpu: 97 }), load: bound }), row));
  expect(lines).toMatchObject({
    'Busiest thread': limit,
    Load: expect.stringMatching(/^average 1 min 97 %/) as string,
  });
  expect(Object.keys(lines).indexOf('Load')).toBe(Object.keys(lines).indexOf('CPU') + 1);
  for (const other of [view({ state: 'stopped', load: bound }), view({ sample: sample() })]) {
    const told = Object.fromEntries(tooltipLines(other, row));
    expect([told.Load, told['Busiest thread']]).toEqual([undefined, undefined]);
  }
});
