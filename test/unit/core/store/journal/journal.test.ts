import { describe, expect, test } from 'vitest';
import { DiskFiles } from '../../../../../src/core/store/files.js';
import { encodeFrame } from '../../../../../src/core/store/journal/frame.js';
import { useTempFolder } from '../../../node/support/tempFolder.js';
import { FaultyFiles, type Fault } from '../support/faultyFiles.js';
import { begun, bytes, fileWith, found, name, nothing, open, texts } from '../support/journals.js';
import { leastKept, MemoryFiles, mostKept } from '../support/memoryFiles.js';

const at = useTempFolder();

const places = [
  ['a real folder', () => new DiskFiles(at())],
  ['memory', () => new MemoryFiles()],
] as const;

describe.each(places)('a journal in %s', (_, place) => {
  test('holds what was appended, in order, over restarts of the program', async () => {
    const files = place();
    const opened = await open(files);
    expect(opened).toMatchObject({ ...nothing, state: 'none' });
    await expect(opened.journal.append(bytes('too early'))).rejects.toThrow('not been started');
    await opened.journal.restart({ generation: 7, since: '서버' }, [bytes('a')]);
    await opened.journal.append(bytes('b'));
    await opened.journal.append(bytes(''));
    await opened.journal.close();
    const again = await open(files);
    expect(again).toMatchObject({ state: 'read', header: { generation: 7, since: '서버' }, tornBytes: 0, damaged: [] });
    expect(texts(again.frames)).toEqual(['a', 'b', '']);
    expect(again.journal.bytes).toBe((await files.read(name))!.length);
    await again.journal.append(bytes('c'));
    expect(again.journal.bytes).toBe((await files.read(name))!.length);
    await again.journal.close();
    expect(await found(files)).toMatchObject({ frames: ['a', 'b', '', 'c'] });
  });

  test('begins anew with a restart, and a shorter one leaves nothing of the longer', async () => {
    const files = place();
    const journal = await begun(files, 1, 'x'.repeat(1000));
    await journal.append(bytes('y'.repeat(1000)));
    await journal.restart(2, [bytes('z')]);
    await journal.append(bytes('after'));
    await journal.close();
    expect(await found(files)).toEqual({ header: 2, frames: ['z', 'after'], tornBytes: 0 });
  });

  const faults: readonly (readonly [string, Omit<Fault, 'name'>])[] = [
    ['the disk is full at once', { on: 'write', code: 'ENOSPC', bytes: 0 }],
    ['the disk is full after 5 bytes', { on: 'write', code: 'ENOSPC', bytes: 5 }],
    ['the disk is full 1 byte before the end', { on: 'write', code: 'ENOSPC', bytes: -1 }],
    ['all is written and said to have failed', { on: 'write', code: 'EIO', bytes: Infinity }],
    ['the sync fails', { on: 'sync', code: 'EIO' }],
    ['the sync and the clearing up fail', { on: ['sync', 'truncate'], code: 'EIO', times: 2 }],
    ['the disk is full and the clearing up fails', { on: ['write', 'truncate'], code: 'ENOSPC', times: 2, bytes: 20 }],
    ['it cannot be opened', { on: 'open', code: 'EMFILE' }],
  ];
  const retries = [
    ['the same', 'second'],
    ['more', `second${'+'.repeat(100)}`],
    ['less', '2'],
  ] as const;
  const cases = faults.flatMap(([title, fault]) => retries.map(([how, retry]) => [title, how, fault, retry] as const));

  test.each(cases)('has a frame once when %s and %s is appended then', async (_title, _how, fault, retry) => {
    const below = place();
    const files = new FaultyFiles(below);
    await (await begun(below, 1, 'zeroth')).close();
    const { journal } = await open(files);
    if (fault.on !== 'open') await journal.append(bytes('first'));
    const isOver = files.inject({ ...fault, name });
    await expect(journal.append(bytes('second'))).rejects.toMatchObject({ code: fault.code });
    await journal.append(bytes(retry));
    isOver();
    await journal.append(bytes('third'));
    const frames = [...(fault.on === 'open' ? ['zeroth'] : ['zeroth', 'first']), retry, 'third'];
    expect((await found(below)).frames).toEqual(frames);
    if (below instanceof MemoryFiles) expect(await found(below.afterPowerCut(leastKept))).toMatchObject({ frames });
    await journal.close();
    const count = (operation: string): number => files.calls.filter((call) => call.operation === operation).length;
    expect(count('open') - count('close')).toBe(fault.on === 'open' ? 1 : 0);
  });

  test('drops a torn tail, counts it, and writes over it', async () => {
    for (const cannotCut of [false, true]) {
      const below = place();
      const files = new FaultyFiles(below);
      await (await begun(below, 1, 'kept')).close();
      const tail = encodeFrame(bytes('torn'.repeat(20))).subarray(0, 70);
      const file = await below.open(name, 'existing');
      await file.write(tail, (await below.read(name))!.length);
      await file.close();
      const opened = await open(files);
      expect(opened).toMatchObject({ state: 'read', tornBytes: 70, damaged: [], aside: null });
      expect(texts(opened.frames)).toEqual(['kept']);
      if (cannotCut) files.inject({ on: 'truncate', code: 'EIO' });
      await opened.journal.append(bytes('over it'));
      await opened.journal.close();
      const left = cannotCut ? 70 - encodeFrame(bytes('over it')).length : 0;
      expect(await found(below)).toEqual({ header: 1, frames: ['kept', 'over it'], tornBytes: left });
      await below.remove(name);
    }
  });

  test('keeps the old, whole, at whatever step a restart fails', async () => {
    const old = { header: 1, frames: ['a', 'b'] };
    const count = await (async () => {
      const files = new FaultyFiles(new MemoryFiles());
      const journal = await begun(files, 1, 'a');
      await journal.append(bytes('b'));
      const before = files.calls.length;
      await journal.restart(2, [bytes('c')]);
      return files.calls.length - before;
    })();
    const outcomes: string[] = [];
    for (let step = 0; step < count; step++) {
      const below = place();
      const files = new FaultyFiles(below);
      const journal = await begun(files, 1, 'a');
      await journal.append(bytes('b'));
      const first = files.calls.length;
      files.inject({ on: everything, after: step, code: 'EIO', bytes: 7 });
      const isNew = await journal.restart(2, [bytes('c')]).then(
        () => true,
        (error: unknown) => (expect(error).toMatchObject({ code: 'EIO' }), false),
      );
      outcomes.push(`${files.calls[first + step]!.operation}: ${isNew ? 'new' : 'old'}`);
      const expected = isNew ? { header: 2, frames: ['c'] } : old;
      expect(await below.read(`${name}.tmp`)).toBeUndefined();
      expect(await found(below)).toMatchObject(expected);
      if (below instanceof MemoryFiles && !isNew) {
        expect(await found(below.afterPowerCut(mostKept))).toMatchObject(expected);
        expect(await found(below.afterPowerCut(leastKept))).toMatchObject(expected);
      }
      await journal.append(bytes('d'));
      const frames = [...expected.frames, 'd'];
      expect(await found(below)).toMatchObject({ frames, tornBytes: 0 });
      if (below instanceof MemoryFiles) {
        expect(await found(below.afterPowerCut(leastKept))).toMatchObject({ ...expected, frames });
      }
      // And the next attempt is as good as the first.
      await journal.restart(3, [bytes('e')]);
      await journal.close();
      expect(await found(below)).toEqual({ header: 3, frames: ['e'], tornBytes: 0 });
      await below.remove(name);
    }
    expect(outcomes).toEqual([
      ...['open: old', 'truncate: old', 'write: old', 'sync: old', 'close: old'],
      ...['close: new', 'rename: old', 'syncFolder: new'],
    ]);
  });
});

const everything = [
  ...(['read', 'open', 'write', 'sync', 'truncate', 'close', 'rename', 'copy', 'remove', 'syncFolder'] as const),
];

describe('a journal', () => {
  test('acknowledges nothing while the disk may still know the old file by its name', async () => {
    const memory = new MemoryFiles();
    const files = new FaultyFiles(memory);
    const journal = await begun(files, 1, 'a');
    files.inject({ on: 'syncFolder', code: 'EIO', times: 2 });
    await journal.restart(2, [bytes('b')]);
    await expect(journal.append(bytes('c'))).rejects.toMatchObject({ code: 'EIO' });
    expect(await found(memory.afterPowerCut(leastKept))).toMatchObject({ header: 1, frames: ['a'] });
    await journal.append(bytes('c'));
    expect(await found(memory.afterPowerCut(leastKept))).toMatchObject({ header: 2, frames: ['b', 'c'] });
  });

  test('makes the name safe of which a killed program was not sure', async () => {
    const memory = new MemoryFiles();
    const files = new FaultyFiles(memory);
    const journal = await begun(files, 1, 'a');
    files.inject({ on: 'syncFolder', code: 'EIO' });
    await journal.restart(2, [bytes('b')]);
    const next = await open(memory);
    expect(next.header).toBe(2);
    await next.journal.append(bytes('c'));
    expect(await found(memory.afterPowerCut(leastKept))).toMatchObject({ header: 2, frames: ['b', 'c'] });
  });

  test('opens its file anew after a failure: what was open may be of no use any more', async () => {
    const files = new FaultyFiles(new MemoryFiles());
    const journal = await begun(files, 1, 'a');
    await journal.append(bytes('b'));
    files.inject({ on: 'write', code: 'EBADF' });
    await expect(journal.append(bytes('c'))).rejects.toMatchObject({ code: 'EBADF' });
    const before = files.calls.length;
    await journal.append(bytes('c'));
    await journal.append(bytes('d'));
    const opened = files.calls.slice(before).filter(({ operation }) => operation === 'open');
    expect(opened).toEqual([{ operation: 'open', name }]);
  });

  test('does one thing at a time, and nothing when it is closed', async () => {
    const journal = await begun(new MemoryFiles(), 1);
    const first = journal.append(bytes('a'));
    const others = await Promise.allSettled([journal.append(bytes('b')), journal.restart(2, [])]);
    expect(others.map((other) => other.status === 'rejected' && String(other.reason))).toEqual(
      Array(2).fill('Error: the journal is being written'),
    );
    await first;
    await journal.append(bytes('c'));
    await journal.close();
    await expect(journal.append(bytes('d'))).rejects.toThrow('closed');
    await expect(journal.restart(2, [])).rejects.toThrow('closed');
  });

  test('refuses a frame that is too long, and goes on', async () => {
    const memory = new MemoryFiles();
    const journal = await begun(memory, 1, 'a');
    const tooLong = new Uint8Array(16 * 1024 * 1024 + 1);
    await expect(journal.append(tooLong)).rejects.toThrow(RangeError);
    await expect(journal.restart(2, [tooLong])).rejects.toThrow(RangeError);
    await journal.append(bytes('b'));
    expect(await found(memory)).toEqual({ header: 1, frames: ['a', 'b'], tornBytes: 0 });
  });

  test('is a new one where the file is empty', async () => {
    const memory = new MemoryFiles();
    memory.put(name, new Uint8Array(0));
    expect(await open(memory)).toMatchObject({ ...nothing, state: 'none' });
  });

  test('clears away what a restart left that was broken off', async () => {
    const memory = new MemoryFiles();
    memory.put(name, await fileWith('a'));
    memory.put(`${name}.tmp`, bytes('half a journal, longer than what comes next'.repeat(20)));
    const files = new FaultyFiles(memory);
    files.inject({ on: 'remove', code: 'EBUSY' });
    const { journal, frames } = await open(files);
    expect(texts(frames)).toEqual(['a']);
    // Where that failed it does no harm.
    await journal.restart(2, [bytes('b')]);
    await journal.append(bytes('c'));
    expect(await found(memory)).toEqual({ header: 2, frames: ['b', 'c'], tornBytes: 0 });
    memory.put(`${name}.tmp`, bytes('half'));
    await open(memory);
    expect(memory.list()).toEqual([name]);
  });

  test.each(['EIO', 'EACCES'])('is not taken for empty when reading it fails with %s', async (code) => {
    const memory = new MemoryFiles();
    memory.put(name, await fileWith('a'));
    const files = new FaultyFiles(memory);
    files.inject({ on: 'read', name, code });
    await expect(open(files)).rejects.toMatchObject({ code });
    expect(files.calls).toHaveLength(1);
    expect(await found(memory)).toMatchObject({ frames: ['a'] });
  });
});
