import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { Consoles } from '../../src/core/console/consoles.js';
import { defaultLimits } from '../../src/core/console/limits.js';
import { platformFor } from '../../src/core/platform/platform.js';
import { charactersOf } from '../../src/node/encoding/characters.js';
import { decoded } from '../../src/node/encoding/decode.js';
import { encoded } from '../../src/node/encoding/encode.js';
import { systemEncodings } from '../../src/node/encoding/systemEncodings.js';
import { ansiCodePage, oemCodePage, usualCodePage } from '../../src/node/windows/codePages.js';
import { windowsFunction } from '../../src/node/windows/native.js';
import { labelOfCodePage } from '../../src/shared/encodings.js';

let folder = '';
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(process.env.GSP_WINDOWS_TEMP ?? os.tmpdir(), 'encoding-'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const consoles = (): Consoles =>
  new Consoles({
    ranges: platformFor('win32').fileRanges,
    log: { write: () => undefined },
    limits: () => defaultLimits,
  });

/** What a program prints into a file, whose bytes it has as hexadecimal digits. */
async function printed(hex: string, file: string): Promise<void> {
  const output = fs.openSync(file, 'a');
  const script = `require('fs').writeSync(1, Buffer.from('${hex}', 'hex'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', output, 'ignore'], windowsHide: true });
  fs.closeSync(output);
  const [code] = (await once(child, 'exit')) as [number];
  assert.equal(code, 0);
}

test('the system tells its code pages', () => {
  for (const codePage of [ansiCodePage(), oemCodePage(), usualCodePage()]) {
    assert.ok(Number.isInteger(codePage) && codePage >= 437 && codePage <= 65_001, String(codePage));
  }
  assert.notEqual(usualCodePage(), 65_001);
  assert.ok(systemEncodings().length > 0);
  assert.ok(!systemEncodings().includes('utf-8'));
});

test('what a program prints in the code page of the system is read in it, beside lines in UTF-8', async () => {
  const label = systemEncodings()[0] ?? '';
  // A word in that encoding, made of its own characters, that is no UTF-8.
  const characters = charactersOf(label);
  assert.ok(characters !== undefined);
  const word = decoded(Buffer.from(characters.double === undefined ? 'e4f6fc' : 'c8ad'), label);
  const bytes = Buffer.concat([encoded(`1 ${word}\r\n`, label), Buffer.from('2 서버\r\n')]);
  const file = path.join(folder, 'console.log');
  await printed(bytes.toString('hex'), file);
  const all = consoles();
  assert.deepEqual(all.lastLines(file, 9, 0), [`1 ${word}`, '2 서버']);
  all.dispose();
});

test('what a Korean game prints is read as its definition says, whatever the system has', async () => {
  const file = path.join(folder, 'console.log');
  await printed('bcadb9f620bdc3c0db0d0a8c6320c0d4c0e50d0a', file);
  const all = consoles();
  all.setEncoding(file, 'euc-kr');
  const reader = all.open(file, 0, { look: () => undefined, moved: () => undefined });
  assert.deepEqual(reader.read().lines, ['서버 시작', '똠 입장']);
  assert.equal(all.encodingOf(file), 'euc-kr');
  reader.dispose();
  all.dispose();
});

test('the characters of its code pages are those of the system', () => {
  type ToWide = (codePage: number, flags: number, from: Buffer, bytes: number, into: Buffer, units: number) => number;
  const toWide = windowsFunction<ToWide>(
    'kernel32.dll',
    'int MultiByteToWideChar(uint32_t, uint32_t, void*, int, void*, int)',
  );
  const wide = Buffer.alloc(16);
  const errorOnInvalid = 8;
  for (const codePage of [437, 850, 852, 866, 874, 932, 936, 949, 950, 1250, 1251, 1252, 1253, 1254, 1257, 1258]) {
    const { single, double } = charactersOf(labelOfCodePage(codePage) ?? '') ?? {};
    const wrong: string[] = [];
    const compare = (bytes: Buffer, ours: number): void => {
      const units = toWide(codePage, errorOnInvalid, bytes, bytes.length, wide, 8);
      const theirs = units === 1 ? wide.readUInt16LE(0) : 0;
      // Where Windows has a place for a user's own characters, a later standard may have put a real one.
      const isFree = theirs === 0 || (theirs >= 0xe000 && theirs <= 0xf8ff);
      if (ours !== 0 && ours !== theirs && !isFree)
        wrong.push(`${bytes.toString('hex')}: ${ours.toString(16)} ${theirs.toString(16)}`);
    };
    single?.forEach((unit, byte) => {
      if (byte > 0) compare(Buffer.from([byte]), unit);
    });
    double?.units.forEach((unit, code) => {
      if (unit !== 0) compare(Buffer.from([code >> 8, code & 255]), unit);
    });
    assert.deepEqual(wrong.slice(0, 20), [], `code page ${codePage}: ${wrong.length}`);
  }
});
