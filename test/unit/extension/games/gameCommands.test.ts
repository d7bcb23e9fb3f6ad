import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GameCommands } from '../../../../src/extension/games/gameCommands.js';
import { patiently } from '../../../../src/extension/games/patiently.js';
import { testItems } from '../../../../src/extension/games/testText.js';
import type { Requests, ServerView } from '../../../../src/shared/contract.js';
import { Failure } from '../../../../src/shared/failure.js';
import { reader, view } from '../fixtures.js';
import { forgetAll, user } from './fakeWindow.js';

vi.mock('vscode', async () => (await import('./fakeWindow.js')).fakeVscode);

let asked: unknown[][];
let reported: unknown[];
let answer: (method: string, signal: AbortSignal) => Promise<unknown>;
const survival = view({ id: 'survival', name: 'Survival' });

beforeEach(() => {
  forgetAll();
  [asked, reported] = [[], []];
});
afterEach(() => vi.useRealTimers());

const commands = new GameCommands({
  client: {
    request: async (method: string, params: unknown, options: { signal: AbortSignal }) => {
      asked.push([method, params]);
      return await answer(method, options.signal);
    },
  },
  reporter: {
    each: async (views, run) => {
      for (const one of views) await run(one).catch((error: unknown) => reported.push([one.id, error]));
    },
  },
  reader,
});

describe('waiting', () => {
  beforeEach(() => vi.useFakeTimers());

  test('what is done at once shows no notification', async () => {
    expect(await patiently('Saving', async () => 7)).toEqual({ value: 7 });
    await vi.advanceTimersByTimeAsync(5000);
    expect(user.notices).toEqual([]);
  });

  test('from a second on there is one, until it is over', async () => {
    let done!: (value: number) => void;
    const work = patiently('Saving', () => new Promise<number>((resolve) => (done = resolve)));
    await vi.advanceTimersByTimeAsync(999);
    expect(user.notices).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(user.notices).toMatchObject([{ title: 'Saving', isOver: false }]);
    done(7);
    expect(await work).toEqual({ value: 7 });
    await vi.advanceTimersByTimeAsync(0);
    expect(user.notices).toMatchObject([{ isOver: true }]);
  });

  test('whoever cancels it waits no longer, and it is told so', async () => {
    let signal: AbortSignal | undefined;
    const work = patiently('Saving', (given) => {
      signal = given;
      return new Promise((_, reject) => given.addEventListener('abort', () => reject(new Failure('cancelled'))));
    });
    await vi.advanceTimersByTimeAsync(1000);
    user.notices[0]!.cancel();
    expect(await work).toBeUndefined();
    expect(signal?.aborted).toBe(true);
  });

  test('a failure is whoever asked for it to hear of', async () => {
    await expect(patiently('Saving', () => Promise.reject(new Failure('timeout')))).rejects.toThrow('timeout');
    await vi.advanceTimersByTimeAsync(5000);
    expect(user.notices).toEqual([]);
  });
});

describe('Save Now', () => {
  test('says how long it took', async () => {
    answer = async () => ({ confirmed: true, tookMs: 2340 });
    await commands.saveNow([survival]);
    expect(asked).toEqual([['server/save', { id: 'survival' }]]);
    expect(user.status).toEqual(['Survival: Saved in 2.3 s.']);
    expect(user.said).toEqual([]);
  });

  test('what is not confirmed is not called saved', async () => {
    answer = async () => ({ confirmed: false, tookMs: 60_000 });
    await commands.saveNow([survival]);
    expect(user.status).toEqual([]);
    expect(user.said).toEqual([['information', 'Survival: The game was told to save; it has not confirmed it.']]);
  });

  test('a failure of one is told under its name, the others are saved', async () => {
    answer = async () =>
      asked.length === 1 ? Promise.reject(new Failure('timeout')) : { confirmed: true, tookMs: 100 };
    await commands.saveNow([survival, view({ id: 'b', name: 'B' })]);
    expect(reported).toMatchObject([['survival', { code: 'timeout' }]]);
    expect(user.status).toEqual(['B: Saved in 0.1 s.']);
  });
});

describe('Announce to Players', () => {
  test('sends one line of at most 200 characters to each', async () => {
    answer = async () => null;
    user.types = [' Restart at noon '];
    await commands.announce([survival, view({ id: 'b', name: 'B' })]);
    expect(asked).toEqual([
      ['server/announce', { id: 'survival', text: 'Restart at noon' }],
      ['server/announce', { id: 'b', text: 'Restart at noon' }],
    ]);
    expect(user.boxes[0]!.title).toBe('Announce to the players of Survival, B');
    const { validateInput } = user.boxes[0]!;
    expect([validateInput('x'.repeat(200)), validateInput('x'.repeat(201)), validateInput('a\nb')]).toEqual([
      ...[undefined, 'At most 200 characters.', 'It must be a single line.'],
    ]);
  });

  test.each([undefined, '', '  '])('%j sends nothing', async (typed) => {
    user.types = [typed];
    await commands.announce([survival]);
    expect(asked).toEqual([]);
  });
});

describe('Test Game Connection', () => {
  type Results = Requests['server/test']['result'];
  const rest = { channel: 'rest', ok: true, code: null, tookMs: 12.4 };
  const rcon = { channel: 'rcon', ok: false, code: 'auth-rejected', tookMs: 3 } as const;
  const linesOf = (...results: Results): string[] =>
    testItems(results, reader).map(({ label, description }) => [label, description].filter(Boolean).join(': '));

  test('a line for each way, and what helps', () => {
    expect(linesOf(rest, rcon)).toEqual([
      ...['REST API: answers in 12 ms', 'RCON: wrong password', 'Set Password…', 'Test Again'],
    ]);
    expect(linesOf({ ...rest, ok: false, code: 'unreachable' })).toEqual([
      'REST API: nobody answers on its port: it may be switched off in the settings of the game',
      ...['Set Up Game Connection…', 'Test Again'],
    ]);
    expect(linesOf({ ...rest, ok: false, code: 'moon' as never })).toEqual(['REST API: moon', 'Test Again']);
  });

  test('no way set up: says so, and sets one up', async () => {
    answer = async () => [];
    user.picks = ['Set Up Game Connection…'];
    await commands.testConnection([survival]);
    expect(user.lists[0]).toMatchObject({
      items: [{ label: 'Set Up Game Connection…' }],
      options: { title: 'Game connection of Survival', placeHolder: 'No way to ask this game is set up.' },
    });
    expect(user.ran).toEqual([['gameServers.setUpConnection', 'survival']]);
  });

  test('a line with a remedy does it, Test Again tests again', async () => {
    answer = async () => [rest, rcon];
    user.picks = ['Test Again', 'RCON'];
    await commands.testConnection([survival]);
    expect(asked).toEqual([
      ['server/test', { id: 'survival' }],
      ['server/test', { id: 'survival' }],
    ]);
    expect(user.ran).toEqual([['gameServers.setPassword', 'survival']]);
  });

  test('several servers, one after the other', async () => {
    answer = async () => [rest];
    await commands.testConnection([survival, { ...survival, id: 'b', name: 'B' } satisfies ServerView]);
    expect(user.lists.map(({ options }) => options.title)).toEqual([
      ...['Game connection of Survival', 'Game connection of B'],
    ]);
  });
});
