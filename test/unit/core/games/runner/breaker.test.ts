import { expect, test } from 'vitest';
import { Breaker } from '../../../../../src/core/games/runner/breaker.js';

test('opens after five failures in a row, lets one through a minute, closes with an answer', () => {
  const breaker = new Breaker(60_000);
  for (let count = 0; count < 4; count += 1) breaker.failed(0);
  breaker.succeeded();
  for (let count = 0; count < 4; count += 1) breaker.failed(1000);
  expect([breaker.isOpen, breaker.mayAsk(1000)]).toEqual([false, true]);
  breaker.failed(1000);
  expect([breaker.isOpen, breaker.mayAsk(60_999), breaker.mayAsk(61_000)]).toEqual([true, false, true]);
  breaker.failed(61_000);
  expect([breaker.mayAsk(120_999), breaker.mayAsk(121_000)]).toEqual([false, true]);
  breaker.succeeded();
  expect([breaker.isOpen, breaker.mayAsk(61_001)]).toEqual([false, true]);
});
