import { expect, test } from 'vitest';
import { Redactor } from '../../../../src/core/secrets/redactor.js';

function redactor(...secrets: string[]): Redactor {
  const made = new Redactor();
  for (const secret of secrets) made.add(secret);
  return made;
}

test.each([
  ['hunter2', 'login hunter2, hunter2!', 'login ***, ***!'],
  ['a.c*', 'a.c* but not abcc', '*** but not abcc'],
  ['a"b\\c', 'as JSON: {"p":"a\\"b\\\\c"}', 'as JSON: {"p":"***"}'],
  ['s p/a?c', 'ws://127.0.0.1:1/s%20p%2Fa%3Fc', 'ws://127.0.0.1:1/***'],
  ['비밀번호', '비밀번호가 틀림', '***가 틀림'],
  ['\ud800half', 'x \ud800half', 'x ***'],
])('%j is taken out of %j', (secret, text, expected) => {
  expect(redactor(secret).redact(text)).toBe(expected);
});

test('of two the longer one goes first, and what is known later goes as well', () => {
  const both = redactor('pass', 'password1');
  expect(both.redact('password1 pass')).toBe('*** ***');
  both.add('later');
  expect(both.redact('later password1')).toBe('*** ***');
});

test('shorter ones than four characters would hide the lines themselves', () => {
  expect(redactor('abc', 'abcd').redact('abc abcd')).toBe('abc ***');
});

test('without secrets texts stay as they are', () => {
  expect(redactor().redact('anything')).toBe('anything');
});

test('many are held, and the latest of too many', () => {
  const many = redactor(...Array.from({ length: 2500 }, (_, n) => `secret-${n}-`));
  expect(many.redact('secret-2499- secret-600-')).toBe('*** ***');
});
