import { once } from './once.js';
import { windowsFunction } from './native.js';

/** Of the system, not of a user. Windows: LOCALE_SYSTEM_DEFAULT, LOCALE_IDEFAULTANSICODEPAGE, LOCALE_RETURN_NUMBER. */
const systemLocale = 0x0800;
const ansiOfLocale = 0x1004;
const asNumber = 0x2000_0000;

const kernel = once(() => ({
  ansi: windowsFunction<() => number>('kernel32.dll', 'uint32_t GetACP()'),
  oem: windowsFunction<() => number>('kernel32.dll', 'uint32_t GetOEMCP()'),
  locale: windowsFunction<(locale: number, what: number, into: Buffer, units: number) => number>(
    'kernel32.dll',
    'int GetLocaleInfoW(uint32_t, uint32_t, void*, int)',
  ),
}));

/** The code page that programs without Unicode use for text. 65001 where the user has switched that to UTF-8. */
export function ansiCodePage(): number {
  return kernel().ansi();
}

/** The code page of a console that nobody has changed. */
export function oemCodePage(): number {
  return kernel().oem();
}

/** What the first one would be if nobody had switched it to UTF-8: programs that know no better still use it. 0: none. */
export function usualCodePage(): number {
  const answer = Buffer.alloc(4);
  return kernel().locale(systemLocale, ansiOfLocale | asNumber, answer, answer.length / 2) === 0
    ? 0
    : answer.readUInt32LE(0);
}
