import { beforeEach, describe, expect, test } from 'vitest';
import { SaveBook, type Overdue } from '../../../../src/core/saves/saveBook.js';
import type { Definition } from '../../../../src/shared/contract.js';
import { effective, type Effective } from '../../../../src/shared/definition.js';

const second = 1000;
const minute = 60 * second;
const begin = 1_800_000_000_000;

function made(save: Definition['save'] = {}, saveSeconds?: number, patterns: Definition['patterns'] = {}): Effective {
  const definition: Definition = { id: 'a', name: 'A', game: 'demo', launch: { command: 'a' }, save, patterns };
  const whole = effective(definition);
  return saveSeconds === undefined ? whole : { ...whole, game: { ...whole.game, saveSeconds } };
}

let book: SaveBook;
let now: number;
beforeEach(() => {
  now = begin;
  book = new SaveBook(made());
  book.started(begin);
});

interface Situation {
  players: number | null;
  isPaused: boolean;
  runningSince: number | null;
}
/** Reviews every ten seconds until then; what the last one said. */
function reviewUntil(time: number, change: Partial<Situation> = {}): Overdue | null {
  const situation = { players: 2, isPaused: false, runningSince: begin, ...change };
  let said: Overdue | null = null;
  for (; now <= time; now += 10 * second) said = book.review({ now, ...situation });
  return said;
}
/** Saves so often, reviewed in between; the time of the last one. */
function savesEvery(ms: number, count: number): number {
  let at = now;
  for (let n = 0; n < count; n++) {
    at += ms;
    reviewUntil(at);
    book.saved(at, 50);
  }
  return at;
}

describe('what is known', () => {
  test('nothing at first', () => {
    expect(book.view(true)).toEqual({
      ...{ lastAt: null, nextAt: null, running: false, tookMs: null, intervalMs: null, isLearned: false, bytes: null },
    });
  });

  test('a save from its beginning to its end, and the next one', () => {
    book.configure(made({ intervalSeconds: 300 }));
    expect(book.begun(begin + 10)).toBeNull();
    expect(book.view(true).running).toBe(true);
    expect(book.saved(begin + 1010, null)).toEqual({ is: 'saved', at: begin + 1010, tookMs: 1000 });
    expect(book.view(true)).toEqual({
      ...{ lastAt: begin + 1010, nextAt: begin + 301_010, running: false, tookMs: 1000, bytes: null },
      ...{ intervalMs: 300_000, isLearned: false },
    });
    expect(book.view(false).nextAt).toBeNull();
    expect(book.saved(begin + 60_000, null)).toEqual({ is: 'saved', at: begin + 60_000, tookMs: null });
    expect(book.view(true).tookMs).toBeNull();
  });

  test('several worlds of one save are one, and so are two ways that tell of it', () => {
    book.begun(begin);
    book.begun(begin + 500);
    expect(book.saved(begin + 1000, null)).not.toBeNull();
    expect(book.saved(begin + 1500, null)).toBeNull();
    expect(book.view(true)).toMatchObject({ lastAt: begin + 1500, tookMs: 1000 });
    // An answer that comes ten seconds later, of a save that had begun before.
    expect(book.saved(begin + 11_500, 11_000)).toBeNull();
    expect(book.saved(begin + 30_000, null)).not.toBeNull();
  });

  test('those of a game that saves every second are not one save without an end', () => {
    const told = [...Array(10).keys()].map((n) => book.saved(begin + n * second, null));
    expect(told.filter((one) => one !== null).map(({ at }) => (at - begin) / second)).toEqual([0, 2, 4, 6, 8]);
    expect(book.view(true)).toMatchObject({ lastAt: begin + 9 * second });
  });

  test('a beginning is the save where no end is told; what was asked for may yet be answered', () => {
    book.configure(made({}, undefined, { saveEnd: '' }));
    expect(book.begun(begin)).toEqual({ is: 'saved', at: begin, tookMs: null });
    expect(book.view(true).running).toBe(false);
    book.asked(begin + minute);
    expect(book.begun(begin + minute + 100)).not.toBeNull();
    expect(book.saved(begin + minute + 5000, null)).toBeNull();
    expect(book.view(true)).toMatchObject({ lastAt: begin + minute + 5000, tookMs: 4900 });
  });

  test('a failed one is over, and is no save', () => {
    book.begun(begin);
    expect(book.failed(begin + 5, 'disk full')).toEqual({ is: 'saveFailed', at: begin + 5, reason: 'disk full' });
    expect(book.view(true)).toMatchObject({ running: false, lastAt: null });
  });

  test('an end of the server ends what had begun, and the last save stays known', () => {
    book.saved(begin + 5, null);
    book.begun(begin + minute);
    book.ended();
    book.started(begin + 2 * minute);
    expect(book.view(true)).toMatchObject({ running: false, lastAt: begin + 5, nextAt: null });
  });
});

describe('how often', () => {
  test('the definition first, then what was learned, then the game', () => {
    book = new SaveBook(made({}, 900));
    book.started(begin);
    expect(book.view(true)).toMatchObject({ intervalMs: 900_000, isLearned: false });
    savesEvery(5 * minute, 4);
    expect(book.view(true)).toMatchObject({ intervalMs: 900_000, isLearned: false });
    savesEvery(5 * minute, 1);
    expect(book.view(true)).toMatchObject({ intervalMs: 300_000, isLearned: true });
    book.configure(made({ intervalSeconds: 60 }, 900));
    expect(book.view(true)).toMatchObject({ intervalMs: 60_000, isLearned: false });
  });

  test('saves that were asked for say nothing of it', () => {
    let at = begin;
    for (let n = 0; n < 6; n++) {
      at += 5 * minute;
      book.saved(at, null);
      book.asked(at + minute);
      book.saved(at + minute + second, null);
    }
    expect(book.view(true)).toMatchObject({ intervalMs: 300_000, isLearned: true });
  });

  test('neither does the time between two lives, nor a failed save, nor a sleep of the PC', () => {
    for (let n = 0; n < 12; n++) {
      const at = begin + n * 5 * minute;
      book.saved(at, null);
      if (n % 3 === 0) book.started(at + 1);
      else if (n % 3 === 1) book.failed(at + 1, 'io');
      else {
        book.review({ now: at + 1, runningSince: begin, players: 1, isPaused: false });
        book.review({ now: at + 2 * minute, runningSince: begin, players: 1, isPaused: false });
      }
    }
    expect(book.view(true).intervalMs).toBeNull();
  });

  test('the next one of an empty world is not promised', () => {
    const last = savesEvery(5 * minute, 6);
    expect(book.view(true).nextAt).toBe(last + 5 * minute);
    reviewUntil(last + minute, { players: 0 });
    expect(book.view(true).nextAt).toBeNull();
    book.configure(made({ intervalSeconds: 300 }));
    expect(book.view(true).nextAt).toBe(last + 5 * minute);
  });
});

describe('files', () => {
  const looks = (from: number, saveMs: number, count: number): (number | null)[] =>
    Array.from({ length: count }, (_, n) => {
      const at = from + n * 30 * second;
      const newestAt = from + Math.floor((at - from) / saveMs) * saveMs;
      return book.filesSeen({ newestAt, bytes: n })?.at ?? null;
    });

  test('tell of saves that nobody tells of', () => {
    const told = looks(begin, 5 * minute, 61);
    expect(told.filter((at) => at !== null)).toEqual([5, 10, 15, 20, 25, 30].map((n) => begin + n * minute));
    expect(book.view(true)).toMatchObject({ lastAt: begin + 30 * minute, intervalMs: 300_000, isLearned: true });
  });

  test('the first look tells when the last save was, and is none', () => {
    expect(book.filesSeen({ newestAt: begin - 60 * minute, bytes: 7 })).toBeNull();
    expect(book.view(true)).toMatchObject({ lastAt: begin - 60 * minute, bytes: 7, nextAt: null });
    expect(book.filesSeen({ newestAt: begin - 60 * minute, bytes: 7 })).toBeNull();
  });

  test('around a save that was told they only give its size', () => {
    book.filesSeen({ newestAt: begin - 5, bytes: 1 });
    book.begun(begin + 1000);
    expect(book.filesSeen({ newestAt: begin + 1500, bytes: 2 })).toBeNull();
    book.saved(begin + 3000, null);
    expect(book.filesSeen({ newestAt: begin + 2900, bytes: 30 })).toBeNull();
    expect(book.filesSeen({ newestAt: begin + 3100, bytes: 31 })).toBeNull();
    expect(book.view(true)).toMatchObject({ lastAt: begin + 3000, bytes: 31 });
    expect(book.filesSeen({ newestAt: begin + 60_000, bytes: 40 })?.at).toBe(begin + 60_000);
  });

  test('that were written before the save that was told say nothing of its size', () => {
    book.filesSeen({ newestAt: begin - minute, bytes: 1 });
    book.saved(begin + minute, null);
    book.filesSeen({ newestAt: begin - minute, bytes: 99 });
    expect(book.view(true).bytes).toBe(1);
  });

  test('a log that tells of each save is not contradicted', () => {
    savesEvery(5 * minute, 6);
    book.filesSeen({ newestAt: now, bytes: 1 });
    expect(book.filesSeen({ newestAt: now + 2 * minute, bytes: 2 })).toBeNull();
  });

  test('are found before the log is read: it is the same save', () => {
    book.filesSeen({ newestAt: begin - minute, bytes: 1 });
    expect(book.filesSeen({ newestAt: begin + 1000, bytes: 2 })).not.toBeNull();
    expect(book.saved(begin + 4000, null)).toBeNull();
    book.asked(begin + 5000);
    expect(book.saved(begin + 8000, 2000)).not.toBeNull();
  });

  test('that are written for a while are one save', () => {
    book.filesSeen({ newestAt: begin - 60 * minute, bytes: 1 });
    expect(book.filesSeen({ newestAt: begin + minute, bytes: 1 })).not.toBeNull();
    expect(book.filesSeen({ newestAt: begin + minute + 8 * second, bytes: 5 })).toBeNull();
    expect(book.view(true)).toMatchObject({ lastAt: begin + minute + 8 * second, bytes: 5 });
  });

  test('a save that was asked for and that nobody answers is known by them, and not learned from', () => {
    for (let n = 0; n < 8; n++) {
      book.filesSeen({ newestAt: begin + n * minute, bytes: n });
      book.asked(begin + n * minute + 40 * second);
    }
    expect(book.view(true)).toMatchObject({ lastAt: begin + 7 * minute, intervalMs: null });
  });
});

describe('overdue', () => {
  const every5 = (): void => book.configure(made({ intervalSeconds: 300 }));

  test('two and a half intervals after the last one, until the next', () => {
    every5();
    reviewUntil(begin + minute);
    book.saved(begin + minute, null);
    expect(reviewUntil(begin + 13.5 * minute)).toBeNull();
    expect(reviewUntil(begin + 13.5 * minute + 20 * second)).toEqual({
      ...{ why: 'late', lastAt: begin + minute, intervalMs: 300_000 },
    });
    expect(reviewUntil(begin + 20 * minute)?.why).toBe('late');
    book.saved(now, null);
    expect(reviewUntil(now + 5 * minute)).toBeNull();
  });

  test('a minute more than a short interval', () => {
    book.configure(made({ intervalSeconds: 10 }));
    reviewUntil(begin);
    book.saved(begin, null);
    expect(reviewUntil(begin + 70 * second)).toBeNull();
    expect(reviewUntil(begin + 90 * second)).not.toBeNull();
  });

  test('since it is up, where none came at all', () => {
    every5();
    const up = begin + 2 * minute;
    expect(reviewUntil(up - 10 * second, { runningSince: null })).toBeNull();
    expect(reviewUntil(up + 12.5 * minute, { runningSince: up })).toBeNull();
    expect(reviewUntil(up + 13 * minute, { runningSince: up })).toEqual({
      ...{ why: 'late', lastAt: null, intervalMs: 300_000 },
    });
  });

  test('what the definition says counts also while nobody plays, or nobody knows', () => {
    every5();
    expect(reviewUntil(begin + 13 * minute, { players: 0 })).not.toBeNull();
    expect(reviewUntil(now + minute, { players: null })).not.toBeNull();
  });

  test('what was learned counts only while somebody plays, from their coming on', () => {
    const last = savesEvery(5 * minute, 6);
    expect(reviewUntil(last + 60 * minute, { players: 0 })).toBeNull();
    expect(reviewUntil(last + 90 * minute, { players: null })).toBeNull();
    const came = now;
    expect(reviewUntil(came + 12.5 * minute)).toBeNull();
    expect(reviewUntil(came + 13 * minute)).toMatchObject({ why: 'late', lastAt: last });
    expect(reviewUntil(now + second, { players: 0 })).toBeNull();
  });

  test('what was learned of pauses that are sometimes long waits for a long one', () => {
    for (let n = 0; n < 5; n++) {
      savesEvery(5 * minute, 4);
      savesEvery(20 * minute, 1);
    }
    const last = now;
    expect(book.view(true).intervalMs).toBe(300_000);
    expect(reviewUntil(last + 29 * minute)).toBeNull();
    expect(reviewUntil(last + 31 * minute)).not.toBeNull();
  });

  test("the game's usual interval counts after a save of this life, and while somebody plays", () => {
    book = new SaveBook(made({}, 300));
    book.started(begin);
    expect(reviewUntil(begin + 60 * minute)).toBeNull();
    book.saved(now, null);
    expect(reviewUntil(now + 13 * minute, { players: 0 })).toBeNull();
    expect(reviewUntil(now + 13 * minute)).not.toBeNull();
    book.started(now);
    const again = now;
    expect(reviewUntil(again + 60 * minute, { runningSince: again })).toBeNull();
  });

  test('nothing is where no interval is known', () => {
    book.saved(begin, null);
    expect(reviewUntil(begin + 600 * minute)).toBeNull();
  });

  test('not while it stops, not while it is paused or right after, not right after the PC slept or its clock was set', () => {
    every5();
    reviewUntil(begin);
    book.saved(begin, null);
    reviewUntil(begin + 20 * minute, { runningSince: null });
    expect(reviewUntil(begin + 30 * minute, { isPaused: true })).toBeNull();
    expect(reviewUntil(now + 12 * minute)).toBeNull();
    expect(reviewUntil(now + minute)).not.toBeNull();
    now += 2 * minute;
    expect(reviewUntil(now + 12 * minute)).toBeNull();
    expect(reviewUntil(now + minute)).not.toBeNull();
    now -= 30 * minute;
    expect(reviewUntil(now + 12 * minute)).toBeNull();
  });

  test('one that has begun and does not end is stuck after five minutes, or five times as long as usual', () => {
    reviewUntil(begin);
    book.begun(begin);
    expect(reviewUntil(begin + 5 * minute)).toBeNull();
    expect(reviewUntil(begin + 5.5 * minute)).toEqual({ why: 'stuck', lastAt: null, intervalMs: null });
    book.saved(now, 2 * minute);
    expect(reviewUntil(now + minute)).toBeNull();
    const second = now;
    book.begun(second);
    expect(reviewUntil(second + 10 * minute)).toBeNull();
    expect(reviewUntil(second + 30 * minute)?.why).toBe('stuck');
    // A later one begins: that one is over, whatever became of it.
    book.begun(now);
    expect(reviewUntil(now + minute)).toBeNull();
  });

  test('a save that takes long is not missing as long as it is not stuck', () => {
    book.configure(made({ intervalSeconds: 10 }));
    reviewUntil(begin);
    book.begun(begin);
    expect(reviewUntil(begin + 4 * minute)).toBeNull();
  });
});

describe('after a restart of the monitoring', () => {
  const event = (at: number, kind: 'saved' | 'stopping' = 'saved'): Parameters<SaveBook['restore']>[0][number] => ({
    ...{ at, kind, data: kind === 'saved' ? { tookMs: 40 } : {} },
  });
  const past = Array.from({ length: 6 }, (_, n) => event(begin - (6 - n) * 5 * minute));

  test('the last save and what was learned are known', () => {
    book.restore(past);
    expect(book.view(true)).toMatchObject({
      lastAt: begin - 5 * minute,
      tookMs: 40,
      intervalMs: 300_000,
      isLearned: true,
    });
    // Nothing is missing at once.
    expect(reviewUntil(begin + 12 * minute)).toBeNull();
    expect(reviewUntil(begin + 13 * minute)).not.toBeNull();
  });

  test('saves before a stop are not learned from, data that makes no sense is none', () => {
    book.restore(past.flatMap((saved) => [saved, event(saved.at + 1, 'stopping')]));
    expect(book.view(true)).toMatchObject({ lastAt: begin - 5 * minute, intervalMs: null });
    book.restore([{ at: begin - 1, kind: 'saved', data: { tookMs: 'x' } }]);
    expect(book.view(true)).toMatchObject({ lastAt: begin - 1, tookMs: null });
  });

  test('what was told meanwhile stays', () => {
    book.saved(begin + minute, 7);
    book.restore(past);
    expect(book.view(true)).toMatchObject({ lastAt: begin + minute, tookMs: 7, isLearned: true });
    expect(() => book.restore([])).not.toThrow();
  });
});

describe('the answer to being told to save, and the log', () => {
  test('an answer before its lines are read: one save', () => {
    book.asked(begin + second);
    expect(book.answered(begin + 2 * second, 900)).toMatchObject({ is: 'saved', tookMs: 900 });
    book.begun(begin + 4 * second);
    expect(book.saved(begin + 4 * second, null)).toBeNull();
    expect(book.view(true).tookMs).toBe(900);
  });

  test('lines before the answer: one save, and the next one is another, however soon', () => {
    for (let n = 0; n < 3; n++) {
      const at = begin + n * 600;
      book.asked(at);
      book.begun(at + 100);
      expect(book.saved(at + 200, 100)).not.toBeNull();
      expect(book.answered(at + 210, 210)).toBeNull();
    }
  });

  test('several worlds of one save are one', () => {
    book.begun(begin + second);
    expect(book.saved(begin + 2 * second, null)).not.toBeNull();
    expect(book.saved(begin + 2.5 * second, null)).toBeNull();
  });
});

test('one that saves every second is not one save for ever', () => {
  let told = 0;
  for (let n = 1; n <= 20; n++) if (book.saved(begin + n * second, null) !== null) told++;
  expect(told).toBeGreaterThanOrEqual(9);
});
