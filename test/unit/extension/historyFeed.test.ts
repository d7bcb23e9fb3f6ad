import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HistoryFeed } from '../../../src/extension/panels/historyFeed.js';
import type { Requests } from '../../../src/shared/contract.js';
import { Failure } from '../../../src/shared/failure.js';
import { hostMetrics, panelMetrics, type ToPanel } from '../../../src/shared/panelMessages.js';

type Params = Requests['history/query']['params'];
interface Question {
  readonly params: Params;
  readonly signal: AbortSignal;
  answer(answer: unknown): void;
  fail(error: Error): void;
}

const minute = 60_000;
let isConnected: boolean;
let questions: Question[];
let sent: ToPanel[];
let feed: HistoryFeed;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000_000_000 });
  [isConnected, questions, sent] = [true, [], []];
  const source = {
    serverId: 'valley',
    isConnected: () => isConnected,
    ask: (params: Params, signal: AbortSignal) =>
      new Promise<unknown>((answer, fail) => {
        questions.push({ params, signal, answer, fail });
        signal.addEventListener('abort', () => fail(new Failure('cancelled')));
      }),
    now: () => Date.now(),
  };
  feed = new HistoryFeed(source, (message) => sent.push(message));
});
afterEach(() => {
  feed.hidden();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function answerTo({ from, to, buckets }: Params, cpu: (number | null)[] = []): unknown {
  const at = Array.from({ length: buckets }, (_, i) => from + (i * (to - from)) / buckets);
  return { tier: '1m', at, metrics: { cpu: { mean: cpu, min: cpu, max: cpu } } };
}

async function answerLast(): Promise<void> {
  questions.at(-1)!.answer(answerTo(questions.at(-1)!.params));
  await vi.advanceTimersByTimeAsync(0);
}
const kinds = () => sent.map(({ type }) => type);

describe('asking', () => {
  test('one question for all metrics, in whole buckets up to now', () => {
    feed.show({ source: 'server', range: 360 });
    expect(questions).toHaveLength(1);
    const { id, metrics, from, to, buckets } = questions[0]!.params;
    expect({ id, metrics, buckets }).toEqual({ id: 'valley', metrics: [...panelMetrics], buckets: 600 });
    expect(to - from).toBe(360 * minute);
    expect(to % 36_000).toBe(0);
    expect(to - Date.now()).toBeGreaterThanOrEqual(0);
    expect(to - Date.now()).toBeLessThan(36_000);
  });

  test('unknown is NaN, and so is what the answer does not know', async () => {
    feed.show({ source: 'server', range: 15 });
    questions[0]!.answer(answerTo(questions[0]!.params, [1, null, 0]));
    await vi.advanceTimersByTimeAsync(0);
    const [message] = sent;
    if (message?.type !== 'history' || message.history.source !== 'server') throw new Error('no history');
    const { range, bucketMs, rowMs, at, cpu, players } = message.history;
    expect({ range, bucketMs, rowMs, length: at.length }).toEqual({
      range: 15,
      bucketMs: 1500,
      rowMs: 60_000,
      length: 600,
    });
    expect([...cpu.mean.slice(0, 3)]).toEqual([1, NaN, 0]);
    expect(players.max).toHaveLength(600);
    expect(players.max.every((value) => Number.isNaN(value))).toBe(true);
  });

  test('of the PC, by its own id and metrics', async () => {
    feed.show({ source: 'host', range: 60 });
    expect(questions[0]!.params).toMatchObject({ id: 'host', metrics: [...hostMetrics], buckets: 600 });
    questions[0]!.answer(answerTo(questions[0]!.params, [40, null]));
    await vi.advanceTimersByTimeAsync(0);
    const [message] = sent;
    if (message?.type !== 'history' || message.history.source !== 'host') throw new Error('no history of the PC');
    expect([...message.history.cpu.mean.slice(0, 2)]).toEqual([40, NaN]);
    // Windows tells no pressure: never measured, not none.
    expect(message.history.pressureIo.max.every((value) => Number.isNaN(value))).toBe(true);
    expect(message.history).not.toHaveProperty('players');
  });

  test('an answer about the server is none about the PC', async () => {
    feed.show({ source: 'server', range: 60 });
    feed.show({ source: 'host', range: 60 });
    questions[0]!.answer(answerTo(questions[0]!.params));
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([]);
    await answerLast();
    expect(sent).toMatchObject([{ type: 'history', history: { source: 'host' } }]);
  });

  test('an answer to what is not looked at any more is dropped', async () => {
    feed.show({ source: 'server', range: 60 });
    feed.show({ source: 'server', range: 1440 });
    expect(questions[0]!.signal.aborted).toBe(true);
    questions[0]!.answer(answerTo(questions[0]!.params));
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([]);
    await answerLast();
    expect(sent).toMatchObject([{ type: 'history', history: { range: 1440 } }]);
  });
});

describe('time', () => {
  test.each([
    [60, 10_000],
    [360, 36_000],
    [1440, 144_000],
    [10_080, 1_008_000],
  ] as const)('%d minutes are asked for again after %d ms', async (range, afterMs) => {
    feed.show({ source: 'server', range });
    await answerLast();
    await vi.advanceTimersByTimeAsync(afterMs - 1);
    expect(questions).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(questions).toHaveLength(2);
  });

  test('a quarter of an hour is asked for once: it goes on live', async () => {
    feed.show({ source: 'server', range: 15 });
    await answerLast();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('of the PC it is asked for every 10 s: nothing else carries it on', async () => {
    feed.show({ source: 'host', range: 15 });
    await answerLast();
    await vi.advanceTimersByTimeAsync(9999);
    expect(questions).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(questions).toHaveLength(2);
  });

  test('nothing is asked for a view that is not shown, and nothing is told it', async () => {
    feed.show({ source: 'server', range: 60 });
    await answerLast();
    feed.hidden();
    expect(vi.getTimerCount()).toBe(0);
    isConnected = false;
    feed.update();
    isConnected = true;
    feed.update();
    feed.again();
    expect(questions).toHaveLength(1);
    feed.show({ source: 'server', range: 60 });
    feed.hidden();
    expect(questions[1]!.signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(kinds()).toEqual(['history']);
  });

  test('slow is said after a second, late after ten', async () => {
    feed.show({ source: 'server', range: 60 });
    await vi.advanceTimersByTimeAsync(999);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([{ type: 'historySlow', source: 'server', range: 60 }]);
    await vi.advanceTimersByTimeAsync(8999);
    expect(sent).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent[1]).toEqual({ type: 'historyFailed', source: 'server', range: 60, fault: 'timeout' });
    expect(questions[0]!.signal.aborted).toBe(true);
  });
});

describe('failures', () => {
  const fail = async (error: Error): Promise<void> => {
    questions.at(-1)!.fail(error);
    await vi.advanceTimersByTimeAsync(0);
  };

  test('a monitoring without history is not asked again by itself, but by hand', async () => {
    feed.show({ source: 'server', range: 60 });
    await fail(new Failure('unsupported'));
    expect(sent).toEqual([{ type: 'historyFailed', source: 'server', range: 60, fault: 'unsupported' }]);
    expect(vi.getTimerCount()).toBe(0);
    feed.again();
    await answerLast();
    expect(kinds()).toEqual(['historyFailed', 'history']);
  });

  test('what failed is tried again after half a minute', async () => {
    feed.show({ source: 'server', range: 15 });
    await fail(new Failure('io'));
    expect(sent).toEqual([{ type: 'historyFailed', source: 'server', range: 15, fault: 'failed' }]);
    await vi.advanceTimersByTimeAsync(29_999);
    expect(questions).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(questions).toHaveLength(2);
  });

  test.each([[null], [{}], [{ tier: 'raw', at: [1, 2], metrics: {} }]])('%j is no answer', async (answer) => {
    feed.show({ source: 'server', range: 60 });
    questions[0]!.answer(answer);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([{ type: 'historyFailed', source: 'server', range: 60, fault: 'failed' }]);
  });

  test('without a connection it waits for one, and a lost one is no failure', async () => {
    isConnected = false;
    feed.show({ source: 'server', range: 60 });
    expect(questions).toHaveLength(0);
    isConnected = true;
    feed.update();
    feed.update();
    expect(questions).toHaveLength(1);
    isConnected = false;
    await fail(new Failure('unreachable'));
    feed.update();
    expect(sent).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    isConnected = true;
    feed.update();
    await answerLast();
    expect(kinds()).toEqual(['history']);
  });
});
