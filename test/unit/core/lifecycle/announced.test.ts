import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StopOptions } from '../../../../src/core/lifecycle/stopRun.js';
import { Failure } from '../../../../src/shared/failure.js';
import { builtIn, gameRow, type Catalogue } from '../../../../src/shared/games.js';
import { FakeTarget, stop, willing } from './support/fakeTarget.js';

/* In which words players are told, and by which way. */

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const korean = { language: 'ko', stop: undefined, restart: undefined } as const;
const anyRcon = { connection: { rconPort: 25_575 } };

/** What its console was told before the end, in a countdown of two seconds. */
async function told(target: FakeTarget, options: Partial<StopOptions> = {}): Promise<string[]> {
  const { outcome } = stop(target, { countdownSeconds: 2, ...options });
  await vi.advanceTimersByTimeAsync(100_000);
  await outcome;
  return target.done.flatMap((done) => /line ((?:say|Broadcast|SAY) .*)/.exec(done)?.[1] ?? []);
}

const speaking = (change: Partial<FakeTarget>, ...about: ConstructorParameters<typeof FakeTarget>): FakeTarget =>
  Object.assign(new FakeTarget(...about), change);

describe('players are told', () => {
  test('in the language that is set', async () => {
    expect(await told(speaking({ said: korean }, willing()))).toEqual(['say 서버가 2초 후 종료됩니다']);
  });

  test('that it comes back, where it does, and why, where somebody says so', async () => {
    const wish = { restarts: true, reason: 'update' };
    expect(await told(speaking({}, willing()), { wish })).toEqual(['say Server restarts in 2 seconds: update']);
    expect(await told(speaking({ said: korean }, willing()), { wish })).toEqual([
      'say 서버가 2초 후 재시작됩니다: update',
    ]);
  });

  test('in words of their own', async () => {
    const said = { ...korean, stop: '{seconds}초!' };
    expect(await told(speaking({ said }, willing()))).toEqual(['say 2초!']);
  });

  test('in the words that are set by then, and not those of the beginning', async () => {
    const target = speaking({}, willing(), { stop: { announceSeconds: [1] } });
    setTimeout(() => (target.said = korean), 500);
    expect(await told(target)).toEqual(['say Server stops in 2 seconds', 'say 서버가 1초 후 종료됩니다']);
  });

  test.each([
    ['quake3', {}, 'say Server stops in 2 seconds'],
    ['armagetron', {}, 'SAY Server stops in 2 seconds'],
    ['ark-se', anyRcon, 'Broadcast Server stops in 2 seconds'],
    ['ark-sa', anyRcon, 'Broadcast Server stops in 2 seconds'],
    ['minecraft', anyRcon, 'say 서버가 2초 후 종료됩니다'],
  ])('in plain words where nothing else is shown: %s', async (game, more, line) => {
    expect(await told(speaking({ said: korean }, willing(), { game, ...more }))).toEqual([line]);
  });

  test('in plain words where the encoding of its console has no others', async () => {
    const by = async (encoding: string): Promise<string[]> =>
      await told(speaking({ said: korean, encoding }, willing()));
    expect(await by('windows-1252')).toEqual(['say Server stops in 2 seconds']);
    expect(await by('euc-kr')).toEqual(['say 서버가 2초 후 종료됩니다']);
  });

  test('by an interface of its own in both versions, of which it takes its pick', async () => {
    const announce = vi.fn(() => Promise.resolve());
    await told(speaking({ said: korean }, { ...willing(), own: { announce } }));
    const both = ['서버가 2초 후 종료됩니다', 'Server stops in 2 seconds'];
    expect(announce.mock.calls).toMatchObject([[{ definition: { id: 'a' } }, ...both]]);
  });
});

describe('what somebody types for them', () => {
  const asciiOnly: Catalogue = {
    ...builtIn,
    row: (id) => (id === 'mine' ? { ...gameRow('demo')!, id, sayAscii: true } : builtIn.row(id)),
  };
  const refusal = (what: string): object => ({ code: 'unsupported', data: { id: 'a', what } });

  test('is said as it is where that can be shown', async () => {
    const target = new FakeTarget();
    await target.talk.announce('곧 돌아옵니다');
    await new FakeTarget({}, { game: 'mine' }, asciiOnly).talk.announce('soon');
    expect(target.done).toEqual(['0 line say 곧 돌아옵니다']);
  });

  test('is refused, and nothing is said, where only something illegible would be shown', async () => {
    const ascii = new FakeTarget({}, { game: 'mine' }, asciiOnly);
    await expect(ascii.talk.announce('곧')).rejects.toMatchObject(refusal('announce-characters'));
    const western = speaking({ encoding: 'windows-1252' });
    await expect(western.talk.announce('곧')).rejects.toMatchObject(refusal('announce-characters'));
    expect([...ascii.done, ...western.done]).toEqual([]);
    await western.talk.announce('é');
    expect(western.done).toEqual(['0 line say é']);
  });

  test('is refused where the interface takes no such text and there is no other way', async () => {
    const unsupported = async (): Promise<never> => {
      throw new Failure('unsupported');
    };
    const target = new FakeTarget({ own: { announce: unsupported } }, { game: 'palworld', ...anyRcon });
    await expect(target.talk.announce('곧')).rejects.toMatchObject(refusal('announce-characters'));
    expect(target.done).toEqual([]);
  });

  test('is refused as before where players cannot be told anything', async () => {
    await expect(new FakeTarget({}, { game: 'other' }).talk.announce('a')).rejects.toMatchObject(refusal('announce'));
  });
});
