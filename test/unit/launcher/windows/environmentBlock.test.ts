import { expect, test } from 'vitest';
import { environmentBlock, mergeEnvironment, variable } from '../../../../src/launcher/windows/environmentBlock.js';
import { failing, thrownBy } from '../../node/support/failing.js';

const root = { SystemRoot: 'C:\\Windows' };

test('what is wanted is laid over the rest, whatever the case of its names', () => {
  const merged = mergeEnvironment({ ...root, Path: 'a', TEMP: 't', GONE: 'x' }, { PATH: 'b', gone: null, New: '값' });
  expect(merged).toEqual({ ...root, PATH: 'b', TEMP: 't', New: '값' });
});

test('Windows is told where it is, also where that was taken away', () => {
  expect(mergeEnvironment(root, { SYSTEMROOT: null })).toEqual(root);
  expect(mergeEnvironment({}, {})).toEqual(root);
});

test.each([[{ '': 'x' }], [{ 'a=b': 'x' }], [{ 'a\0': 'x' }], [{ a: 'x\0y' }]])('%j cannot be one', (wanted) => {
  expect(thrownBy(() => mergeEnvironment(root, wanted))).toSatisfy(failing('invalid-definition'));
});

test('the block is sorted by name in whatever case, in UTF-16, and ends twice', () => {
  const block = environmentBlock({ b: '2', A: '1', a_: '3', B2: '한' });
  expect(block.toString('utf16le')).toBe('A=1\0a_=3\0b=2\0B2=한\0\0');
});

test('a variable is found by its name in any case', () => {
  expect(variable({ Path: 'x' }, 'PATH')).toBe('x');
  expect(variable({}, 'PATH')).toBeUndefined();
});
