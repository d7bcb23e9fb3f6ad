import { TextDecoder } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { charactersOf } from '../../../../src/node/encoding/characters.js';
import { decoded } from '../../../../src/node/encoding/decode.js';
import { encoded, isEncodable } from '../../../../src/node/encoding/encode.js';
import { ofLocale } from '../../../../src/node/encoding/systemEncodings.js';
import { encodingLabels, encodingNamed, labelOfCodePage } from '../../../../src/shared/encodings.js';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

/** As other programs write them: iconv, and Python's codecs. */
const samples: [label: string, hex: string, text: string][] = [
  ['euc-kr', 'bcadb9f6b0a120bdc3c0dbb5c7befabdc0b4cfb4d9', '서버가 시작되었습니다'],
  ['euc-kr', '8c63b9e6b0a2c7cf20bcbcbc84', '똠방각하 세펲'],
  ['euc-kr', '8141c652c8fe', '갂힣힝'],
  ['shift_jis', '8354815b836f815b5c835c837d8740', 'サーバー\\ソマ①'],
  ['gbk', 'b7fe cef1 c6f7 d2d1 c6f4 b6af 80 8140', '服务器已启动€丂'],
  ['big5', 'a6f8aa41beb9', '伺服器'],
  ['big5', 'a55cb35c', '功許'],
  ['gb18030', 'b7fe9439c132', '服🎮'],
  ['euc-jp', 'a5b58eb18fb0a1', 'サｱ丂'],
  ['windows-1252', '80 93 e9 94 97 fc', '€“é”—ü'],
  ['windows-1251', 'd1e5 f0e2 e5f0', 'Сервер'],
  ['ibm866', '91a5 e0a2 a5e0', 'Сервер'],
  ['ibm437', '82 81 c9 cd bb e1', 'éü╔═╗ß'],
  ['ibm850', '82 81 b5 9d d5', 'éüÁØı'],
  ['ibm858', 'd5', '€'],
  ['koi8-r', 'f3c5 d2d7 c5d2', 'Сервер'],
  ['utf-8', 'ec8b9c', '시'],
];

describe('bytes and text', () => {
  test.each(samples)('%s: %s is %s', (label, hex, text) => {
    expect(decoded(bytes(hex), label)).toBe(text);
    if (label !== 'gb18030' && label !== 'euc-jp')
      expect(encoded(text, label).toString('hex')).toBe(bytes(hex).toString('hex'));
  });

  test.each(encodingLabels)('%s is known here, and ASCII in its lower half', (label) => {
    const ascii = Buffer.from(Array.from({ length: 128 }, (_, byte) => byte));
    expect(decoded(ascii, label)).toBe(ascii.toString('latin1'));
    expect(encoded(ascii.toString('latin1'), label)).toEqual(ascii);
    if (label !== 'utf-8') expect(charactersOf(label)).toBeDefined();
  });

  test.each(encodingLabels)('%s: what was encoded is decoded again', (label) => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('aZ\\|서버뷁힣サーソ①服务功許éüßЖ│€🎮')) });
    fc.assert(
      fc.property(text, (whole) => {
        const back = decoded(encoded(whole, label), label);
        expect(Array.from(back).filter((char, n) => char !== Array.from(whole)[n] && char !== '?')).toEqual([]);
        expect(Array.from(back)).toHaveLength(Array.from(whole).length);
      }),
    );
  });

  test('whether an encoding has it all is told beforehand', () => {
    for (const label of [undefined, 'utf-8', 'euc-kr']) expect(isEncodable('서버 1', label), label).toBe(true);
    for (const label of ['windows-1252', 'ibm437', 'shift_jis'])
      expect(isEncodable('서버 1', label), label).toBe(false);
    expect([isEncodable('é', 'windows-1252'), isEncodable('🎮', 'euc-kr'), isEncodable('~', 'ibm437')]).toEqual([
      ...[true, false, true],
    ]);
  });

  test('what an encoding has not becomes a question mark, and what is no character U+FFFD', () => {
    expect(encoded('a서🎮', 'windows-1252').toString()).toBe('a??');
    expect(encoded('한글 é', 'euc-kr').toString('hex')).toBe('c7d1b1db203f');
    expect(decoded(bytes('41 ff 42 80 0a c7'), 'euc-kr')).toBe('A\ufffdB\ufffd\n\ufffd');
    expect(decoded(bytes('c7 41 c7 20'), 'euc-kr')).toBe(
      '\ucc4d\ufffd '.replace('\ucc4d', decoded(bytes('c741'), 'euc-kr')),
    );
    expect(decoded(bytes('81 41'), 'windows-1252')).toBe('\ufffdA');
  });

  test('all 11172 syllables of Korean are there', () => {
    const all = Array.from({ length: 11_172 }, (_, n) => String.fromCharCode(0xac00 + n)).join('');
    const there = encoded(all, 'euc-kr');
    expect(there).toHaveLength(2 * all.length);
    expect(decoded(there, 'euc-kr')).toBe(all);
  });

  test('an encoding that nobody knows is UTF-8', () => {
    expect(decoded(Buffer.from('서버'), 'klingon')).toBe('서버');
    expect(encoded('서버', 'klingon')).toEqual(Buffer.from('서버'));
    expect(encoded('서버')).toEqual(Buffer.from('서버'));
  });
});

describe('names', () => {
  test.each([
    [
      'euc-kr',
      ['cp949', '949', 'MS949', 'ms-949', 'windows-949', 'EUC-KR', 'euc_kr', 'x-windows-949', 'ks_c_5601-1987'],
    ],
    ['shift_jis', ['cp932', '932', 'shift-jis', 'SJIS', 'ms932', 'Windows-31J']],
    ['gbk', ['cp936', 'GB2312', '936']],
    ['big5', ['cp950', 'Big5', '950', 'big5-hkscs']],
    ['windows-1252', ['cp1252', '1252', 'latin1', 'ISO-8859-1', 'ascii', 'win1252']],
    ['ibm437', ['cp437', '437', 'IBM437', 'oem437']],
    ['ibm850', ['cp850', 'dos-850']],
    ['utf-8', ['utf8', 'UTF-8', 'cp65001']],
  ])('of %s', (label, names) => {
    for (const name of names) expect(encodingNamed(name), name).toBe(label);
  });

  test.each(['', 'klingon', 'utf-16', 'utf-16le', 'cp', '99999', 'auto', 'replacement', 'iso-2022-jp'])(
    '%j is none',
    (name) => {
      expect(encodingNamed(name)).toBeUndefined();
    },
  );

  test('labels of the Encoding Standard mean what they mean there', () => {
    for (const label of encodingLabels) {
      expect(encodingNamed(label)).toBe(label);
      if (!/^ibm(?!866)/.test(label)) expect(new TextDecoder(label).encoding).toBe(label);
    }
    for (const name of [
      'tis-620',
      'latin2',
      'l5',
      'x-sjis',
      'csbig5',
      'korean',
      'visual',
      'koi',
      'x-gbk',
      'greek8',
      'ms_kanji',
    ])
      expect(encodingNamed(name), name).toBe(new TextDecoder(name).encoding);
  });

  test('of code pages and locales', () => {
    expect([949, 932, 1252, 437, 65_001, 0].map(labelOfCodePage)).toEqual([
      ...['euc-kr', 'shift_jis', 'windows-1252', 'ibm437', 'utf-8', undefined],
    ]);
    expect(ofLocale({ LANG: 'ko_KR.eucKR' })).toBe('euc-kr');
    expect(ofLocale({ LC_ALL: '', LC_CTYPE: 'de_DE.ISO-8859-15@euro', LANG: 'C' })).toBe('iso-8859-15');
    expect(ofLocale({ LANG: 'C.UTF-8' })).toBe('utf-8');
    expect(ofLocale({ LANG: 'C' })).toBeUndefined();
    expect(ofLocale({})).toBeUndefined();
  });
});
