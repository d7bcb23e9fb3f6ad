import { Failure } from '../../shared/failure.js';

const utf8 = 65_001;

/** Labels as TextDecoder takes them, and what Windows calls the same. `cp949`, `ibm437` and `949` say it themselves. */
const pages: Readonly<Record<string, number>> = {
  'utf-8': utf8,
  utf8,
  'us-ascii': 20_127,
  'euc-kr': 949,
  'ks_c_5601-1987': 949,
  shift_jis: 932,
  'shift-jis': 932,
  sjis: 932,
  'euc-jp': 20_932,
  gbk: 936,
  gb2312: 936,
  gb18030: 54_936,
  big5: 950,
  'koi8-r': 20_866,
  'koi8-u': 21_866,
  macintosh: 10_000,
};
const latin = 28_590;

/**
 * The number of a code page: of one by its number or its label. Undefined: UTF-8. Rejects invalid-definition
 * {field: 'encoding'} for what is neither.
 */
export function codePageOf(encoding: string | undefined): number {
  if (encoding === undefined) return utf8;
  const label = encoding.trim().toLowerCase();
  const page = Object.hasOwn(pages, label) ? pages[label] : undefined;
  if (page !== undefined) return page;
  const number = /^(?:windows-|ibm|cp)?(\d{3,5})$/.exec(label)?.[1];
  if (number !== undefined) return Number(number);
  const part = /^iso-8859-(\d{1,2})$/.exec(label)?.[1];
  if (part !== undefined) return latin + Number(part);
  throw new Failure('invalid-definition', { field: 'encoding', detail: encoding });
}

export function isUtf8(page: number): boolean {
  return page === utf8;
}
