import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { AwayBook, type AwayState } from '../../../../src/core/alerts/awayBook.js';

const minute = 60_000;
const half = 30 * minute;
let book: AwayBook;

/** Minutes; of another process that goes on with it. */
const restarted = (): void => {
  book = new AwayBook(JSON.parse(JSON.stringify(book.state)) as AwayState);
};
const came = (minutes: number): void => {
  book.came(minutes * minute);
};
const left = (minutes: number): void => {
  book.left(minutes * minute);
};
const taken = (): string | null => {
  const absence = book.take(half);
  if (absence === null) return null;
  const spans = absence.open.map(({ from, to }) => ` without ${from / minute}-${to / minute}`);
  return `${absence.from / minute}-${absence.to / minute}${spans.join('')}`;
};

beforeEach(() => {
  book = new AwayBook();
});

test('who comes back after long enough is told since when; nobody else is', () => {
  came(0);
  expect(taken()).toBeNull();
  left(10);
  came(45);
  expect(taken()).toBe('10-45');
  expect(taken()).toBeNull();
});

test('a short absence is none', () => {
  came(0);
  left(10);
  came(39);
  expect(taken()).toBeNull();
  left(40);
  came(70);
  expect(taken()).toBe('40-70');
});

test('a process that was killed knows within a minute when a window was last there', () => {
  came(0);
  expect(book.note(0.5 * minute)).toBe(false);
  expect(book.note(minute)).toBe(true);
  expect(book.note(1.5 * minute)).toBe(false);
  restarted();
  came(100);
  restarted();
  expect(taken()).toBe('1-100');
  restarted();
  expect(taken()).toBeNull();
});

test('a window that has left without asking has seen what happened in its time', () => {
  came(0);
  left(10);
  came(50);
  left(55);
  came(100);
  expect(taken()).toBe('10-100 without 50-55');
});

test('who could not be told asks again', () => {
  came(0);
  left(10);
  came(50);
  const absence = book.take(half);
  book.giveBack(absence!);
  expect(taken()).toBe('10-50');
});

test('a clock that was set back is no absence', () => {
  came(100);
  left(110);
  came(50);
  expect(taken()).toBeNull();
  expect(book.note(20 * minute)).toBe(true);
  left(51);
  came(100);
  expect(taken()).toBe('51-100');
});

test('windows that come and go without end and never ask take no room', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 100 }), { minLength: 100, maxLength: 100 }), (steps) => {
      book = new AwayBook();
      let now = 0;
      for (const step of steps) {
        came((now += step));
        left((now += step));
      }
      came((now += 31));
      const absence = book.take(half)!;
      expect(absence.open.length).toBeLessThanOrEqual(20);
      for (const { from, to } of absence.open) {
        expect(from).toBeLessThanOrEqual(to);
        expect(from).toBeGreaterThanOrEqual(absence.from);
        expect(to).toBeLessThanOrEqual(absence.to);
      }
      expect(absence.to).toBe(now * minute);
    }),
  );
});
