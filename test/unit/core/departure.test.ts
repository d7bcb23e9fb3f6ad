import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Departure } from '../../../src/core/departure.js';

let partings: Promise<void> | undefined;
let left: number;
let departure: Departure;
beforeEach(() => {
  vi.useFakeTimers();
  partings = undefined;
  left = 0;
  departure = new Departure({ partings: () => partings, leave: () => left++ });
});
afterEach(() => {
  vi.useRealTimers();
});

test('it leaves at once, and once', () => {
  departure.begin();
  departure.begin();
  expect(left).toBe(1);
});

test('on a signal it waits for the word that the PC goes down, and leaves when none comes', async () => {
  departure.onSignal();
  await vi.advanceTimersByTimeAsync(200);
  expect(left).toBe(0);
  await vi.advanceTimersByTimeAsync(100);
  expect(left).toBe(1);
});

test.each([
  ['a signal', (): void => departure.onSignal()],
  ['a request', (): void => departure.begin()],
])('while it stops servers because the PC goes down, %s makes it leave when that is done', async (_, ask) => {
  let finish = (): void => undefined;
  partings = new Promise((resolve) => (finish = resolve));
  ask();
  ask();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(left).toBe(0);
  finish();
  await vi.advanceTimersByTimeAsync(0);
  expect(left).toBe(1);
});
