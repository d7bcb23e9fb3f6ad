import { once } from './once.js';
import { windowsFunction } from './native.js';

/** What one UTF-16 unit becomes at most, in any code page. */
const mostBytes = 4;

const kernel = once(() => ({
  toMultiByte: windowsFunction<
    (page: number, flags: number, text: string, units: number, into: Buffer, bytes: number, _: null, _2: null) => number
  >('kernel32.dll', 'int WideCharToMultiByte(uint32_t, uint32_t, str16, int, void*, int, void*, void*)'),
}));

/** A text in one of Windows' code pages; `?` stands for what it has not. Undefined where there is no such code page. */
export function toCodePage(text: string, page: number): Buffer | undefined {
  if (text === '') return Buffer.alloc(0);
  const bytes = Buffer.alloc(text.length * mostBytes);
  const length = kernel().toMultiByte(page, 0, text, text.length, bytes, bytes.length, null, null);
  return length === 0 ? undefined : bytes.subarray(0, length);
}
