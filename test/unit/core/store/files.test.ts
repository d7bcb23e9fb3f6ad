import fs from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { asideName, DiskFiles } from '../../../../src/core/store/files.js';
import { useTempFolder } from '../../node/support/tempFolder.js';
import { fileError, MemoryFiles } from './support/memoryFiles.js';

const at = useTempFolder();
const disk = (): DiskFiles => new DiskFiles(at());
const bytes = (text: string): Uint8Array => Buffer.from(text);
afterEach(() => void vi.restoreAllMocks());

// The same of the real ones and of those that stand for them in other tests.
describe.each([
  ['on the disk', disk],
  ['in memory', () => new MemoryFiles()],
])('files %s', (_, place) => {
  test('are read as they were written, over parts of themselves too', async () => {
    const files = place();
    expect(await files.read('a')).toBeUndefined();
    const file = await files.open('a', 'create');
    expect(Buffer.from((await files.read('a'))!)).toHaveLength(0);
    await file.write(bytes('0123456789'), 0);
    await file.write(bytes('ab'), 3);
    await file.write(bytes('z'), 12);
    await file.sync();
    await file.close();
    expect(Buffer.from((await files.read('a'))!).toString()).toBe('012ab56789\0\0z');
    const again = await files.open('a', 'create');
    await again.truncate(4);
    await again.close();
    expect(Buffer.from((await files.read('a'))!).toString()).toBe('012a');
  });

  test('are opened as existing only where they do', async () => {
    await expect(place().open('a', 'existing')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('are renamed over others, copied to free names only, removed where they are', async () => {
    const files = place();
    for (const name of ['a', 'b']) {
      const file = await files.open(name, 'create');
      await file.write(bytes(name), 0);
      await file.close();
    }
    await files.copy('a', 'copy');
    await expect(files.copy('b', 'copy')).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(files.copy('none', 'other')).rejects.toMatchObject({ code: 'ENOENT' });
    await files.rename('a', 'b');
    await files.syncFolder();
    await files.remove('a');
    expect(Buffer.from((await files.read('b'))!).toString()).toBe('a');
    expect(Buffer.from((await files.read('copy'))!).toString()).toBe('a');
    await expect(files.rename('a', 'b')).rejects.toMatchObject({ code: 'ENOENT' });
    await files.remove('b');
    expect(await files.read('b')).toBeUndefined();
    expect(await files.read('other')).toBeUndefined();
  });

  test('are not written any more when they are closed', async () => {
    const file = await place().open('a', 'create');
    await file.close();
    await expect(file.write(bytes('a'), 0)).rejects.toThrow();
    await expect(file.sync()).rejects.toThrow();
  });

  test('that are set aside have a dated name that no other has', async () => {
    const files = place();
    const now = Date.UTC(2026, 10, 22, 18, 52, 39, 123);
    const names = [];
    for (let n = 0; n < 3; n++) {
      const name = await asideName(files, 'metrics.db', now);
      await (await files.open(name, 'create')).close();
      names.push(name);
    }
    const dated = 'metrics.db-damaged-2026-11-22T18-52-39.123Z';
    expect(names).toEqual([dated, `${dated}-2`, `${dated}-3`]);
  });
});

describe('files on the disk', () => {
  test.skipIf(process.platform === 'win32')('are for this user alone', async () => {
    await (await disk().open('a', 'create')).close();
    expect(fs.statSync(at('a')).mode & 0o777).toBe(0o600);
  });

  test('are written whole although the system takes a few bytes at a time', async () => {
    const open = fs.promises.open.bind(fs.promises);
    vi.spyOn(fs.promises, 'open').mockImplementation(async (...how) => {
      const handle = await open(...how);
      const write = handle.write.bind(handle) as (...args: unknown[]) => Promise<{ bytesWritten: number }>;
      const short = (from: Uint8Array, offset: number, length: number, position: number): Promise<unknown> =>
        write(from, offset, Math.min(3, length), position);
      return Object.assign(handle, { write: short });
    });
    const file = await disk().open('a', 'create');
    await file.write(bytes('longer than three bytes'), 2);
    await file.close();
    expect(fs.readFileSync(at('a'), 'utf8')).toBe('\0\0longer than three bytes');
  });

  test('that take nothing do not keep a write waiting for ever', async () => {
    const file = await disk().open('a', 'create');
    const { handle } = file as unknown as { handle: fs.promises.FileHandle };
    vi.spyOn(handle, 'write').mockResolvedValue({ bytesWritten: 0, buffer: '' });
    await expect(file.write(bytes('a'), 0)).rejects.toThrow('nothing was written');
    await file.close();
  });

  test.skipIf(process.platform !== 'linux')('reject with what a full disk says', async () => {
    const file = await new DiskFiles('/dev').open('full', 'existing');
    await expect(file.write(bytes('a'), 0)).rejects.toMatchObject({ code: 'ENOSPC' });
    await file.close();
  });

  test('that cannot be read are not taken for missing', async () => {
    fs.mkdirSync(at('folder'));
    await expect(disk().read('folder')).rejects.toMatchObject({ code: 'EISDIR' });
  });

  test('leave no copy that the disk does not have', async () => {
    fs.writeFileSync(at('a'), 'a');
    vi.spyOn(fs.promises, 'open').mockRejectedValueOnce(fileError('EIO', 'open'));
    await expect(disk().copy('a', 'b')).rejects.toMatchObject({ code: 'EIO' });
    expect(fs.readdirSync(at())).toEqual(['a']);
  });
});

describe('a rename', () => {
  function renaming(): { files: DiskFiles; pauses: number[] } {
    const pauses: number[] = [];
    return { files: new DiskFiles(at(), async (ms) => void pauses.push(ms)), pauses };
  }

  test.each(['EPERM', 'EBUSY', 'EACCES'])('waits while somebody has the file open (%s)', async (code) => {
    fs.writeFileSync(at('a'), 'a');
    const { files, pauses } = renaming();
    const rename = vi.spyOn(fs.promises, 'rename');
    for (let n = 0; n < 4; n++) rename.mockRejectedValueOnce(fileError(code, 'rename'));
    await files.rename('a', 'b');
    expect(pauses).toHaveLength(4);
    expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
    expect(fs.readdirSync(at())).toEqual(['b']);
  });

  test('gives up after some seconds', async () => {
    fs.writeFileSync(at('a'), 'a');
    const { files, pauses } = renaming();
    vi.spyOn(fs.promises, 'rename').mockRejectedValue(fileError('EBUSY', 'rename'));
    await expect(files.rename('a', 'b')).rejects.toMatchObject({ code: 'EBUSY' });
    const waited = pauses.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThan(1000);
    expect(waited).toBeLessThan(10_000);
  });

  test('does not wait for what will not pass', async () => {
    const { files, pauses } = renaming();
    await expect(files.rename('none', 'b')).rejects.toMatchObject({ code: 'ENOENT' });
    expect(pauses).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('a sync of the folder', () => {
  async function failing(code: string): Promise<void> {
    const handle = await fs.promises.open(at(), 'r');
    vi.spyOn(handle, 'sync').mockRejectedValue(fileError(code, 'fsync'));
    vi.spyOn(fs.promises, 'open').mockResolvedValue(handle);
    await disk().syncFolder();
  }

  test('is left out where the file system has no such thing', async () => {
    await failing('EINVAL');
  });

  test('fails where the disk does', async () => {
    await expect(failing('EIO')).rejects.toMatchObject({ code: 'EIO' });
  });
});
