import { expect, test } from 'vitest';
import { mayRaise } from '../../../../src/core/platform/canRaise.js';

const status = (capabilities: string): string =>
  `Name:\tnode\nCapPrm:\tffffffff\nCapEff:\t${capabilities}\nCapBnd:\tff\n`;
const limits = (nice: string): string =>
  `Limit      Soft Limit   Hard Limit\nMax nice priority         ${nice}    0   \n`;

test.each([
  ['root', '000001ffffffffff', '0', true],
  ['root of a container without the right', '00000000a80425fb', '0', false],
  ['the right alone', '0000000000800000', '0', true],
  ['other rights above it', '0000000100000000', '0', false],
  ['an ordinary user', '0000000000000000', '0', false],
  ['a limit of -5', '0000000000000000', '25', true],
  ['a limit of -4', '0000000000000000', '24', false],
  ['no limit', '0000000000000000', 'unlimited', true],
])('%s', (_, capabilities, nice, may) => {
  expect(mayRaise(status(capabilities), limits(nice))).toBe(may);
});

test('what is not told gives no right', () => {
  expect(mayRaise('', '')).toBe(false);
});
