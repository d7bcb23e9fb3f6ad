import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinArguments, splitArguments, type Shell } from '../../../src/extension/commands/splitArguments.js';

const split = (text: string, shell: Shell = 'posix'): string[] | 'open-quote' => {
  const result = splitArguments(text, shell);
  return 'args' in result ? result.args : result.error;
};

describe('splitting arguments', () => {
  test.each<[string, string[]]>([
    ['', []],
    ['  \t ', []],
    ['-port 8211', ['-port', '8211']],
    ['-name "My Server" nogui', ['-name', 'My Server', 'nogui']],
    ['-name \'My "own" Server\'', ['-name', 'My "own" Server']],
    ['--name="My Server"', ['--name=My Server']],
    ['a "" b', ['a', '', 'b']],
    ['my\\ file "a\\"b" "c\\\\d" "e\\f"', ['my file', 'a"b', 'c\\d', 'e\\f']],
    ['$HOME `id` *.jar; rm', ['$HOME', '`id`', '*.jar;', 'rm']],
  ])('%s', (text, args) => {
    expect(split(text)).toEqual(args);
  });

  test('backslashes of Windows paths stay', () => {
    expect(split('"C:\\Program Files\\x" \\\\host\\share \\"q\\"', 'win32')).toEqual([
      'C:\\Program Files\\x',
      '\\\\host\\share',
      '"q"',
    ]);
    expect(split("it's", 'win32')).toEqual(["it's"]);
  });

  test('an open quote is said', () => {
    expect(split('a "b c')).toBe('open-quote');
    expect(split("a 'b")).toBe('open-quote');
  });

  test('joined and split again, they are the same', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (args) => {
        expect(split(joinArguments(args, 'posix'))).toEqual(args);
      }),
    );
    const windows = fc.array(fc.string().filter((text) => !/\\("|$)/.test(text)));
    fc.assert(
      fc.property(windows, (args) => {
        expect(split(joinArguments(args, 'win32'), 'win32')).toEqual(args);
      }),
    );
  });
});
