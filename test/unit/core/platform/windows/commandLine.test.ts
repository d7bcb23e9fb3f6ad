import { describe, expect, test } from 'vitest';
import { argvOf, folderOf, splitCommandLine } from '../../../../../src/core/platform/windows/commandLine.js';

test.each<[string, string[]]>([
  ['', []],
  ['server.exe', ['server.exe']],
  ['server.exe  -port=8211\t-log ', ['server.exe', '-port=8211', '-log']],
  ['"C:\\Game Servers\\server.exe" -x', ['C:\\Game Servers\\server.exe', '-x']],
  // The program: no letter of it is special, and it ends where a quote or a space stands.
  ['"C:\\ends\\" -x', ['C:\\ends\\', '-x']],
  ['"a"b c', ['a', 'b', 'c']],
  ['a"b c"d', ['a"b', 'cd']],
  ['  a b', ['', 'a', 'b']],
  ['"never ended', ['never ended']],
  ['""', ['']],
  // Its arguments.
  ['a "b c" d', ['a', 'b c', 'd']],
  ['a "" b', ['a', '', 'b']],
  ['a b"c d"e', ['a', 'bc de']],
  ['a C:\\x\\ "C:\\y z\\\\" \\\\host\\share', ['a', 'C:\\x\\', 'C:\\y z\\', '\\\\host\\share']],
  ['a \\"b\\" c', ['a', '"b"', 'c']],
  ['a "b \\"c\\" d"', ['a', 'b "c" d']],
  ['a \\\\\\"b', ['a', '\\"b']],
  ['a "b"" c', ['a', 'b"', 'c']],
  ['a """b"""', ['a', '"b"']],
  ['a "never ended', ['a', 'never ended']],
  ['a 한글 "빈 칸"', ['a', '한글', '빈 칸']],
])('%j', (line, expected) => {
  expect(splitCommandLine(line)).toEqual(expected);
});

describe('the program', () => {
  const image = 'C:\\Games\\Pal\\PalServer.exe';
  const cwd = 'c:\\games\\pal\\';
  test.each<[string, string | null, string | null, string | null, string[]]>([
    ['typed in full', `"${image}" -x`, image, cwd, [image, '-x']],
    ['typed in full without its ending', 'C:\\Games\\Pal\\PalServer', image, cwd, [image]],
    ['typed as it lies in its folder', 'PalServer.exe -x', image, cwd, [image, '-x']],
    ['typed without its ending', 'palserver', image, cwd, [image]],
    ['typed from the folder above', '.\\Pal\\PalServer', image, 'C:\\Games', [image]],
    ['found along the path', 'java -jar x', 'C:\\Java\\bin\\java.exe', cwd, ['java', '-jar', 'x']],
    ['in a folder that nobody knows', 'PalServer -x', image, null, [image, '-x']],
    ['typed in full by one that may not be looked at', `${image} -x`, image, null, [image, '-x']],
    ['of which only the file is known', null, image, null, [image]],
    ['of which nothing is known', null, null, null, []],
    ['whose file is not known', 'a b', null, cwd, ['a', 'b']],
  ])('%s', (_, commandLine, file, folder, expected) => {
    expect(argvOf({ commandLine, image: file, cwd: folder })).toEqual(expected);
  });
});

test('folders', () => {
  expect(['C:\\a b\\', 'C:\\a', 'C:\\', '\\\\host\\share\\', '', null].map(folderOf)).toEqual([
    'C:\\a b',
    'C:\\a',
    'C:\\',
    '\\\\host\\share',
    null,
    null,
  ]);
});
