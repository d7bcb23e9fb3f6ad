/**
 * In which encodings a console may be: a label (of the Encoding Standard where that has one, else as IANA), the code page of
 * Windows, and other names in use. Names are compared without capitals and without what stands between letters and digits.
 */
const rows: readonly (readonly [label: string, codePage: number, ...names: string[]])[] = [
  ['utf-8', 65_001, 'unicode11utf8', 'unicode20utf8', 'xunicode20utf8'],
  [
    'euc-kr',
    949,
    'uhc',
    'korean',
    'cseuckr',
    'ksc5601',
    'ksx1001',
    'ksc56011987',
    'ksc56011989',
    'csksc56011987',
    'isoir149',
  ],
  ['shift_jis', 932, 'sjis', 'xsjis', 'csshiftjis', 'mskanji', 'windows31j'],
  ['gbk', 936, 'xgbk', 'chinese', 'gb2312', 'csgb2312', 'gb231280', 'csiso58gb231280', 'isoir58'],
  ['big5', 950, 'cnbig5', 'csbig5', 'xxbig5', 'big5hkscs'],
  ['gb18030', 54_936],
  ['euc-jp', 51_932, 'xeucjp', 'cseucpkdfmtjapanese'],
  ['windows-874', 874, 'iso885911', 'tis620', 'dos874'],
  ['windows-1250', 1250, 'xcp1250'],
  ['windows-1251', 1251, 'xcp1251'],
  [
    'windows-1252',
    1252,
    'xcp1252',
    'latin1',
    'l1',
    'ascii',
    'usascii',
    'ansix341968',
    'iso88591',
    'iso885911987',
    'csisolatin1',
  ],
  ['windows-1253', 1253, 'xcp1253'],
  ['windows-1254', 1254, 'xcp1254', 'latin5', 'l5', 'iso88599', 'iso885991989', 'csisolatin5'],
  ['windows-1255', 1255, 'xcp1255'],
  ['windows-1256', 1256, 'xcp1256'],
  ['windows-1257', 1257, 'xcp1257'],
  ['windows-1258', 1258, 'xcp1258'],
  ['iso-8859-2', 28_592, 'latin2', 'l2', 'csisolatin2'],
  ['iso-8859-3', 28_593, 'latin3', 'l3', 'csisolatin3'],
  ['iso-8859-4', 28_594, 'latin4', 'l4', 'csisolatin4'],
  ['iso-8859-5', 28_595, 'cyrillic', 'csisolatincyrillic'],
  ['iso-8859-6', 28_596, 'arabic', 'csisolatinarabic', 'asmo708'],
  ['iso-8859-7', 28_597, 'greek', 'greek8', 'csisolatingreek', 'elot928'],
  ['iso-8859-8', 28_598, 'hebrew', 'csisolatinhebrew', 'visual'],
  ['iso-8859-13', 28_603],
  ['iso-8859-15', 28_605, 'latin9', 'l9', 'csisolatin9'],
  ['koi8-r', 20_866, 'koi', 'koi8', 'cskoi8r'],
  ['koi8-u', 21_866, 'koi8ru'],
  ['ibm437', 437, 'cspc8codepage437'],
  ['ibm737', 737],
  ['ibm775', 775],
  ['ibm850', 850],
  ['ibm852', 852],
  ['ibm855', 855],
  ['ibm857', 857],
  ['ibm858', 858],
  ['ibm862', 862],
  ['ibm866', 866, 'csibm866'],
];

/** Found out line by line: UTF-8 where it is that, else the system's own. */
export const autoEncoding = 'auto';

/** For people who have to choose. */
export const someEncodings = 'auto, utf-8, cp949 (euc-kr), cp932 (shift_jis), cp936 (gbk), cp950 (big5), cp1252, cp437';

export const encodingLabels: readonly string[] = rows.map(([label]) => label);

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');
const byName = new Map(rows.flatMap(([label, , ...names]) => [label, ...names].map((name) => [plain(name), label])));
const byCodePage = new Map(rows.map(([label, codePage]) => [codePage, label]));

/** The label that a name stands for: `cp949`, `949`, `MS949`, `windows-949` and `EUC-KR` are all euc-kr. */
export function encodingNamed(name: string): string | undefined {
  const asked = plain(name);
  const known = byName.get(asked);
  if (known !== undefined) return known;
  const number = /^x?(?:cp|ms|ibm|dos|oem|win|windows|codepage)?(\d{3,5})$/.exec(asked)?.[1];
  return number === undefined ? undefined : labelOfCodePage(Number(number));
}

/** The label of a code page by its number at Windows. */
export function labelOfCodePage(codePage: number): string | undefined {
  return byCodePage.get(codePage);
}
