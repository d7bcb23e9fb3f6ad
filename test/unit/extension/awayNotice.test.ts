import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AwayNotice } from '../../../src/extension/alerts/awayNotice.js';
import { Emitter } from '../../../src/extension/emitter.js';
import type { Mirror } from '../../../src/extension/mirror.js';
import { awaySeverity, awayText } from '../../../src/extension/text/awayText.js';
import type { AwayCounts } from '../../../src/shared/contract.js';
import { Failure } from '../../../src/shared/failure.js';
import { noon, reader, t, view } from './fixtures.js';

function counts(change: Partial<AwayCounts> = {}): AwayCounts {
  return {
    ...{ crashes: 0, restarts: 0, gaveUp: 0, failedStarts: 0, notResponding: 0, stopTimeouts: 0 },
    ...{ lateSaves: 0, failedSaves: 0, lowMemory: 0, servers: [] },
    ...change,
  };
}

describe('what happened meanwhile, in words', () => {
  test.each<[Partial<AwayCounts>, string[], string]>([
    [{ crashes: 2, restarts: 2, lateSaves: 1 }, [], '2 crashes, 2 restarts, 1 late save'],
    [
      { crashes: 1, restarts: 1, gaveUp: 1, failedStarts: 1 },
      [],
      '1 crash, 1 restart, 1 server not restarted again, 1 failed start',
    ],
    [
      { notResponding: 2, stopTimeouts: 1 },
      ['Survival'],
      '2 times a server did not respond, 1 stop took too long (Survival)',
    ],
    [{ failedSaves: 2, lowMemory: 1 }, ['A', 'B', 'C'], '2 failed saves, low memory once (A, B, C)'],
    [{ lowMemory: 3 }, ['A', 'B', 'C', 'D'], 'low memory 3 times'],
  ])('%j', (change, names, text) => {
    expect(awayText(counts(change), names, t)).toBe(`While you were away: ${text}`);
  });

  test('what mended itself is no warning', () => {
    expect(awaySeverity(counts({ restarts: 2, lateSaves: 1, lowMemory: 1 }))).toBe('information');
    expect(awaySeverity(counts({ restarts: 2, crashes: 2 }))).toBe('warning');
    expect(awaySeverity(counts({ failedSaves: 1 }))).toBe('warning');
  });
});

describe('the notice', () => {
  const connectionChanged = new Emitter<never>();
  const focused = new Emitter<void>();
  const warn = vi.fn();
  let connection: Mirror['connection'];
  let isFocused: boolean;
  let answers: (object | null | Error)[];
  let wants: boolean;
  const [asked, told, opened]: [unknown[], unknown[], unknown[]] = [[], [], []];

  const notice = (): AwayNotice =>
    new AwayNotice({
      client: {
        request: async (method: string) => {
          asked.push(method);
          const answer = answers.shift() ?? null;
          if (answer instanceof Error) throw answer;
          return answer;
        },
      },
      mirror: {
        get connection() {
          return connection;
        },
        onDidChangeConnection: connectionChanged.event,
        get: (id) => (id === 'demo' ? view() : undefined),
      },
      window: { isFocused: () => isFocused, onDidFocus: (listener) => focused.event(listener) },
      ...{ reader, log: { error: vi.fn(), warn, info: vi.fn(), debug: vi.fn() } },
      tell: async (severity, text) => {
        told.push([severity, text]);
        return wants;
      },
      open: async (from, to) => void opened.push([from, to]),
    });
  const settle = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));
  const is = async (state: Mirror['connection']): Promise<void> => {
    connection = state;
    connectionChanged.fire(undefined as never);
    await settle();
  };
  const away = { from: noon - 100, to: noon, counts: counts({ crashes: 2, servers: ['demo', 'gone'] }) };

  beforeEach(() => {
    [connection, isFocused, answers, wants] = ['connecting', true, [away], true];
    for (const list of [asked, told, opened]) list.length = 0;
    warn.mockClear();
  });

  test('asks once for each connection, tells it, and opens the events of that time', async () => {
    const one = notice();
    await settle();
    expect(asked).toEqual([]);
    await is('connected');
    focused.fire();
    await is('connected');
    expect(asked).toEqual(['alert/away']);
    expect(told).toEqual([['warning', 'While you were away: 2 crashes (Demo Server, gone)']]);
    expect(opened).toEqual([[away.from, away.to]]);
    await is('connecting');
    await is('connected');
    expect(asked).toHaveLength(2);
    // There was nothing more.
    expect(told).toHaveLength(1);
    one.dispose();
    await is('connecting');
    await is('connected');
    expect(asked).toHaveLength(2);
  });

  test('waits until somebody looks at this window: another may be the one that is looked at', async () => {
    [connection, isFocused] = ['connected', false];
    const one = notice();
    await settle();
    expect(asked).toEqual([]);
    isFocused = true;
    focused.fire();
    await settle();
    expect(told).toHaveLength(1);
    one.dispose();
  });

  test('who closes it sees no events', async () => {
    [connection, wants] = ['connected', false];
    const one = notice();
    await settle();
    expect([told.length, opened.length]).toEqual([1, 0]);
    one.dispose();
  });

  test('a background process that does not know is no fault; another failure goes into the log', async () => {
    answers = [new Failure('unsupported'), new Failure('timeout')];
    connection = 'connected';
    const one = notice();
    await settle();
    expect(warn).not.toHaveBeenCalled();
    await is('connecting');
    await is('connected');
    expect(warn).toHaveBeenCalledOnce();
    expect(told).toEqual([]);
    one.dispose();
  });
});
