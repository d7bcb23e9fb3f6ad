import { expect, test } from 'vitest';
import { findCommand } from '../../../../src/launcher/windows/findCommand.js';

const cwd = 'C:\\game';
const find = (command: string, files: string[], env: Record<string, string> = { Path: 'C:\\one;D:\\two' }): unknown =>
  findCommand(command, cwd, env, (file) => files.includes(file));

test.each([
  ['D:\\x\\a.exe', ['D:\\x\\a.exe'], 'D:\\x\\a.exe'],
  ['D:/x/a', ['D:\\x\\a', 'D:\\x\\a.exe'], 'D:\\x\\a.exe'],
  ['.\\run', ['C:\\game\\run.bat'], 'C:\\game\\run.bat'],
  ['bin\\run.cmd', ['C:\\game\\bin\\run.cmd'], 'C:\\game\\bin\\run.cmd'],
  ['bin\\run.bat. .', ['C:\\game\\bin\\run.bat'], 'C:\\game\\bin\\run.bat'],
  ['.\\server-1.2', ['C:\\game\\server-1.2.exe'], 'C:\\game\\server-1.2.exe'],
  ['.\\script.py', ['C:\\game\\script.py'], 'C:\\game\\script.py'],
  ['.\\a.exe', ['C:\\game\\a.exe.bat'], undefined],
  ['.\\a', [], undefined],
  ['', ['C:\\game'], undefined],
])('the path %j is from the folder on', (command, files, found) => {
  expect(find(command, files)).toBe(found);
});

test.each([
  ['java', ['D:\\two\\java.exe', 'C:\\one\\java.cmd'], 'C:\\one\\java.cmd'],
  ['java.exe', ['D:\\two\\java.exe', 'C:\\one\\java.cmd'], 'D:\\two\\java.exe'],
  ['java', ['C:\\game\\java.exe'], undefined],
])('the name %j is looked for in PATH alone', (command, files, found) => {
  expect(find(command, files)).toBe(found);
});

test('PATHEXT says the order of endings, of those that can be run', () => {
  const files = ['C:\\one\\a.exe', 'C:\\one\\a.cmd', 'C:\\one\\a.vbs'];
  expect(find('a', files, { PATH: 'C:\\one', PATHEXT: '.VBS;.CMD;.EXE' })).toBe('C:\\one\\a.cmd');
  expect(find('a', files, { PATH: 'C:\\one', PATHEXT: '.VBS' })).toBe('C:\\one\\a.exe');
});

test('folders in PATH may be quoted, and relative ones are none', () => {
  const files = ['C:\\game\\a.exe', 'C:\\game\\bin\\a.exe', 'E:\\x y\\a.exe'];
  expect(find('a', files, { PATH: '.;;bin;C:bin;"E:\\x y"' })).toBe('E:\\x y\\a.exe');
  expect(find('a', files, {})).toBeUndefined();
});
