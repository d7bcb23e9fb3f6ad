import { expect, test } from 'vitest';
import { codePageOf, isUtf8 } from '../../../../src/launcher/windows/encodings.js';
import { failing, thrownBy } from '../../node/support/failing.js';

test.each([
  [undefined, 65001],
  ['UTF-8', 65001],
  ['65001', 65001],
  ['euc-kr', 949],
  ['cp949', 949],
  ['949', 949],
  ['Shift_JIS', 932],
  ['gbk', 936],
  ['gb18030', 54936],
  ['big5', 950],
  ['windows-1252', 1252],
  ['ibm437', 437],
  ['iso-8859-2', 28592],
])('%s is code page %i', (label, page) => {
  expect(codePageOf(label)).toBe(page);
  expect(isUtf8(page)).toBe(page === 65001);
});

test.each(['', 'klingon', 'constructor', 'utf-16le', '12'])('%j is none', (label) => {
  expect(thrownBy(() => codePageOf(label))).toSatisfy(failing('invalid-definition', { field: 'encoding' }));
});
