import { once } from './once.js';
import { windowsFunction } from './native.js';

/** Of the system, as it is, and in one line. */
const flags = 0x1000 | 0x0200 | 0xff;
const maxCharacters = 512;

const kernel = once(() => ({
  format: windowsFunction<
    (flags: number, _: null, code: number, language: number, into: Buffer, characters: number, _2: null) => number
  >('kernel32.dll', 'uint32_t FormatMessageW(uint32_t, void*, uint32_t, uint32_t, void*, uint32_t, void*)'),
}));

/** What Windows says about an error code, in its own language; the number where it says nothing. */
export function systemMessage(code: number): string {
  const text = Buffer.alloc(maxCharacters * 2);
  const length = kernel().format(flags, null, code, 0, text, maxCharacters, null);
  const said = text.toString('utf16le', 0, length * 2).trim();
  return said === '' ? String(code) : `${said} (${code})`;
}
