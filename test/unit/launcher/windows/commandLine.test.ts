import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchArguments, commandInterpreter, isBatchFile } from '../../../../src/launcher/windows/batchFile.js';
import { commandLine } from '../../../../src/launcher/windows/commandLine.js';
import { failing, thrownBy } from '../../node/support/failing.js';
import { parseCommandLine } from './support/argv.js';

const nasty = fc.string({ unit: fc.constantFrom(...Array.from('ab\\"" \t&|<>^%!()=,;한')), maxLength: 12 });
const words = fc.array(fc.oneof(nasty, fc.string()), { maxLength: 5 });

describe('a program', () => {
  test.each([
    [[], '"C:\\a b\\x.exe"'],
    [['plain', ''], '"C:\\a b\\x.exe" plain ""'],
    [['a b', 'c:\\d e\\'], '"C:\\a b\\x.exe" "a b" "c:\\d e\\\\"'],
    [['c:\\d\\', 'say "hi"', '\\"'], '"C:\\a b\\x.exe" c:\\d\\ "say \\"hi\\"" "\\\\\\""'],
  ])('%j', (args, line) => {
    expect(commandLine('C:\\a b\\x.exe', args)).toBe(line);
  });

  test('takes apart what it is given into the same words', () => {
    fc.assert(
      fc.property(words, (args) => {
        expect(parseCommandLine(commandLine('C:\\a b\\x.exe', args))).toEqual(['C:\\a b\\x.exe', ...args]);
      }),
    );
  });
});

describe('a batch file', () => {
  const script = 'C:\\서버 1\\run.bat';
  /** Of cmd.exe, which takes the outermost quotes away. */
  const inner = (line: string): string => /^\/e:ON \/v:OFF \/d \/c "(.*)"$/su.exec(line)?.[1] ?? 'none';

  test.each([
    ['a.bat', true],
    ['A.CMD', true],
    ['a.bat. .', true],
    ['a.exe', false],
    ['bat', false],
  ])('%s: %s', (file, expected) => {
    expect(isBatchFile(file)).toBe(expected);
  });

  test.each([
    [[], `"${script}"`],
    [['plain-1.0', 'a\\b', '한글'], `"${script}" plain-1.0 a\\b 한글`],
    [['', 'a b', 'x&y', 'c\\'], `"${script}" "" "a b" "x&y" "c\\\\"`],
    [['a"b', '\\"'], `"${script}" "a""b" "\\\\"""`],
    [['%PATH%'], `"${script}" "%%cd:~,%PATH%%cd:~,%"`],
    [['!x!', '^', '(a)'], `"${script}" "!x!" "^" "(a)"`],
  ])('%j', (args, line) => {
    expect(inner(batchArguments(script, args))).toBe(line);
  });

  test('a percent sign in its own path is none of a variable', () => {
    expect(inner(batchArguments('C:\\%x%\\a.bat', []))).toBe('"C:\\%%cd:~,%x%%cd:~,%\\a.bat"');
  });

  test('nothing that means something to cmd.exe is outside of quotes, and the words are the same', () => {
    fc.assert(
      fc.property(words, (args) => {
        fc.pre(!args.some((arg) => /[\r\n\0]/.test(arg)));
        const line = inner(batchArguments(script, args));
        const outside = line.split('"').filter((_, index) => index % 2 === 0);
        expect(outside.join('')).not.toMatch(/[&|<>^%!()=,;]/);
        expect(parseCommandLine(line.replaceAll('%%cd:~,%', '%'))).toEqual([script, ...args]);
      }),
    );
  });

  test.each([['a\nb'], ['a\rb'], ['a\0b'], ['x'.repeat(8200)]])('refuses %j', (arg) => {
    expect(thrownBy(() => batchArguments(script, [arg]))).toSatisfy(failing('invalid-definition'));
  });

  test("is run by Windows' own interpreter", () => {
    expect(commandInterpreter({ SystemRoot: 'D:\\Win' })).toBe('D:\\Win\\System32\\cmd.exe');
    expect(commandInterpreter({})).toBe('C:\\Windows\\System32\\cmd.exe');
  });
});
