import fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DiskFiles } from '../../../../../src/core/store/files.js';
import { encodeFrame } from '../../../../../src/core/store/journal/frame.js';
import { useTempFolder } from '../../../node/support/tempFolder.js';
import { FaultyFiles } from '../support/faultyFiles.js';
import { asideOf, bytes, fileWith, found, name, nothing, open, texts } from '../support/journals.js';
import { leastKept, MemoryFiles } from '../support/memoryFiles.js';

const at = useTempFolder();

describe('a journal of a newer program', () => {
  const newer = async (): Promise<Buffer> => Buffer.from(`GSPJNL02${'something else'.repeat(9)}`, 'latin1');
  const newerHeader = async (): Promise<Buffer> => {
    const magic = bytes('GSPJNL10');
    return Buffer.concat([magic, encodeFrame(Buffer.concat([magic, bytes('{}')])), encodeFrame(bytes('a'))]);
  };
  const damagedMagic = async (): Promise<Buffer> => {
    const file = await newerHeader();
    file[2] = 0;
    return file;
  };

  test.each([
    ['in a format unknown here', newer],
    ['in frames', newerHeader],
    ['in frames, with a damaged beginning', damagedMagic],
  ])('stays as it is: %s', async (_, content) => {
    const file = await content();
    fs.writeFileSync(at(name), file);
    fs.writeFileSync(at(`${name}.tmp`), 'its own');
    const { journal, ...rest } = await open(new DiskFiles(at()));
    expect(rest).toEqual({ ...nothing, state: 'newer' });
    expect(journal.bytes).toBe(file.length);
    await expect(journal.append(bytes('x'))).rejects.toThrow('newer program');
    await expect(journal.restart({}, [])).rejects.toThrow('newer program');
    await journal.close();
    expect(fs.readFileSync(at(name)).equals(file)).toBe(true);
    expect(fs.readdirSync(at()).sort()).toEqual([name, `${name}.tmp`]);
  });
});

describe('a damaged journal', () => {
  test('with any one byte changed gives all but one frame, and a copy is kept unless only the tail is gone', async () => {
    const written = ['first', 'GSPJNL01', '\xfeGSJ in it', 'last'];
    const good = await fileWith(...written);
    const last = good.length - encodeFrame(bytes('last')).length;
    const headerEnd = good.length - written.reduce((sum, one) => sum + encodeFrame(bytes(one)).length, 0);
    for (let place = 0; place < good.length; place++) {
      for (const change of [1, 0x0b, 0xff]) {
        const file = Buffer.from(good);
        file[place]! ^= change;
        const memory = new MemoryFiles();
        memory.put(name, file);
        const opened = await open(memory);
        const frames = texts(opened.frames);
        const seen = `byte ${place} changed by ${change}`;
        expect(opened.state, seen).toBe('read');
        expect(opened.header, seen).toEqual(place < 8 || place >= headerEnd ? { generation: 1 } : null);
        if (place < headerEnd) expect(frames, seen).toEqual(written);
        else
          expect(
            written.filter((one) => !frames.includes(one)),
            seen,
          ).toHaveLength(1);
        if (place < headerEnd) expect(opened.damaged, seen).toHaveLength(1);
        expect(opened.tornBytes > 0, seen).toBe(place >= last);
        expect(opened.aside, seen).toBe(place < last ? asideOf : null);
        if (opened.aside !== null) expect(await memory.read(opened.aside)).toEqual(new Uint8Array(file));
        // It can go on being used, and what was read is still there then.
        await opened.journal.append(bytes('more'));
        expect(texts((await open(memory)).frames), seen).toEqual([...frames, 'more']);
      }
    }
  });

  test('of any bytes at all is read without an error, copied, and can be begun anew', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.boolean(), async (junk, hasMagic) => {
        const memory = new MemoryFiles();
        const file = Buffer.concat([bytes(hasMagic ? 'GSPJNL01' : ''), junk]);
        memory.put(name, file);
        const { journal, ...rest } = await open(memory);
        expect(rest).toEqual({ ...nothing, state: 'read', tornBytes: junk.length, aside: asideOf });
        expect(await memory.afterPowerCut(leastKept).read(asideOf)).toEqual(new Uint8Array(file));
        await journal.restart('new', [bytes('a')]);
        expect(await found(memory)).toEqual({ header: 'new', frames: ['a'], tornBytes: 0 });
      }),
    );
  });

  test('is copied to a name of its own each time, as it was', async () => {
    const file = await fileWith('a', 'b');
    file[file.length - 14] = 0;
    file.set(bytes('junk'), 2);
    fs.writeFileSync(at(name), file, { mode: 0o600 });
    const asides = [];
    for (let n = 0; n < 3; n++) {
      const { journal, aside, header } = await open(new DiskFiles(at()));
      expect(header).toEqual({ generation: 1 });
      await journal.close();
      asides.push(aside);
    }
    expect(asides).toEqual([asideOf, `${asideOf}-2`, `${asideOf}-3`]);
    expect(fs.readdirSync(at()).sort()).toEqual([name, ...asides]);
    for (const aside of asides) expect(fs.readFileSync(at(aside!)).equals(file)).toBe(true);
  });

  test.each(['copy', 'syncFolder'] as const)('is read also where the %s fails', async (on) => {
    const file = await fileWith('a', 'b');
    file[0] = 0;
    const memory = new MemoryFiles();
    memory.put(name, file);
    const files = new FaultyFiles(memory);
    files.inject({ on, code: 'ENOSPC' });
    const opened = await open(files);
    expect(opened).toMatchObject({ state: 'read', aside: null, damaged: [{ at: 0, bytes: 8 }] });
    expect(texts(opened.frames)).toEqual(['a', 'b']);
  });
});
