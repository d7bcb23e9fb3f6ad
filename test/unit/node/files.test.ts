import fs from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, test, vi } from 'vitest';
import { createOnce, ensurePrivateDirectory, errorCode, replaceFile } from '../../../src/node/files.js';
import { bundle } from './support/bundle.js';
import { thrownBy } from './support/failing.js';
import { useTempFolder } from './support/tempFolder.js';

const at = useTempFolder();
const mode = (file: string): number => fs.statSync(file).mode & 0o777;
const isUnix = process.platform !== 'win32';

describe('replaceFile', () => {
  test('makes and replaces a file, for this user alone, and leaves nothing beside it', () => {
    const file = at('a.json');
    replaceFile(file, 'one');
    replaceFile(file, 'two', { durable: true });
    expect(fs.readFileSync(file, 'utf8')).toBe('two');
    replaceFile(file, Buffer.from([0, 255]));
    expect([...fs.readFileSync(file)]).toEqual([0, 255]);
    if (isUnix) expect(mode(file)).toBe(0o600);
    expect(fs.readdirSync(at())).toEqual(['a.json']);
  });

  test('a reader never sees a part', async () => {
    const file = at('a.json');
    const size = 256 * 1024;
    replaceFile(file, 'a'.repeat(size));
    // Reads as fast as it can, in a thread of its own, until it is told to end.
    const reader = new Worker(
      `const fs = require('node:fs');
       const { parentPort, workerData } = require('node:worker_threads');
       let goOn = true, reads = 0;
       parentPort.on('message', () => { goOn = false; });
       const look = () => {
         for (let n = 0; n < 20; n++, reads++) {
           const text = fs.readFileSync(workerData.file, 'latin1');
           if (text.length !== workerData.size || text !== text[0].repeat(text.length)) {
             return parentPort.postMessage({ part: text.length, reads });
           }
         }
         if (goOn) return setImmediate(look);
         parentPort.postMessage({ part: null, reads });
       };
       look();`,
      { eval: true, workerData: { file, size } },
    );
    const seen = new Promise<{ part: number | null; reads: number }>((resolve) => {
      reader.once('message', resolve);
    });
    for (let n = 0; n < 60; n++) {
      replaceFile(file, String.fromCharCode(97 + (n % 26)).repeat(size));
      await new Promise((resolve) => setImmediate(resolve));
    }
    reader.postMessage('end');
    const { part, reads } = await seen;
    await reader.terminate();
    expect(part).toBeNull();
    expect(reads).toBeGreaterThan(0);
  });

  test('the old file is untouched when the new one cannot be put in its place', () => {
    ensurePrivateDirectory(at('a.json', 'inside'));
    fs.writeFileSync(at('a.json', 'inside', 'old'), 'old');
    expect(errorCode(thrownBy(() => replaceFile(at('a.json'), 'new')))).toBeDefined();
    expect(fs.readFileSync(at('a.json', 'inside', 'old'), 'utf8')).toBe('old');
    expect(fs.readdirSync(at())).toEqual(['a.json']);
  });

  test.each(['renameSync', 'writeFileSync', 'fsyncSync'] as const)(
    'the old file is untouched when %s fails, and nothing is left beside it',
    (call) => {
      const file = at('a.json');
      replaceFile(file, 'old');
      const failure = Object.assign(new Error('no space'), { code: 'ENOSPC' });
      const failing = vi.spyOn(fs, call).mockImplementation(() => {
        throw failure;
      });
      const thrown = thrownBy(() => replaceFile(file, 'new', { durable: true }));
      failing.mockRestore();
      expect(thrown).toBe(failure);
      expect(fs.readFileSync(file, 'utf8')).toBe('old');
      expect(fs.readdirSync(at())).toEqual(['a.json']);
    },
  );

  test('says when there is no such folder', () => {
    expect(errorCode(thrownBy(() => replaceFile(at('no', 'a.json'), 'new')))).toBe('ENOENT');
  });
});

describe('createOnce', () => {
  test('keeps what is there', () => {
    expect(createOnce(at('token'), 'first')).toBe('first');
    expect(createOnce(at('token'), 'second')).toBe('first');
    expect(fs.readdirSync(at())).toEqual(['token']);
    if (isUnix) expect(mode(at('token'))).toBe(0o600);
  });

  test('many that do it at the same time agree', async () => {
    const [takers, rounds] = [2, 150];
    // Threads, let go together for every file.
    const gate = new SharedArrayBuffer(4);
    const files = JSON.stringify(bundle('node/files.ts', at('files.cjs')));
    const script = `
      const { createOnce } = require(${files});
      const { parentPort, workerData: { folder, me, takers, rounds, gate } } = require('node:worker_threads');
      const arrived = new Int32Array(gate);
      const held = [];
      for (let n = 0; n < rounds; n++) {
        Atomics.add(arrived, 0, 1);
        while (Atomics.load(arrived, 0) < (n + 1) * takers);
        held.push(createOnce(folder + '/' + n, me + '-' + n));
      }
      parentPort.postMessage(held);`;
    fs.mkdirSync(at('held'));
    const answers = Array.from({ length: takers }, async (_, me) => {
      const workerData = { folder: at('held'), me, takers, rounds, gate };
      const worker = new Worker(script, { eval: true, workerData });
      const held = await new Promise<string[]>((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
      });
      await worker.terminate();
      return held;
    });
    const [first, ...others] = await Promise.all(answers);
    for (const other of others) expect(other).toEqual(first);
    expect(first?.every((text, n) => text.endsWith(`-${n}`))).toBe(true);
    expect(fs.readdirSync(at('held')).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

test('ensurePrivateDirectory makes all of a path, and takes one that is there', () => {
  ensurePrivateDirectory(at('a', 'b', 'c'));
  ensurePrivateDirectory(at('a', 'b', 'c'));
  if (isUnix) expect(mode(at('a', 'b', 'c'))).toBe(0o700);
});

test.each([
  [Object.assign(new Error('x'), { code: 'EIO' }), 'EIO'],
  [new Error('x'), undefined],
  [{ code: 5 }, undefined],
  ['EIO', undefined],
  [null, undefined],
  [undefined, undefined],
])('errorCode of %o is %s', (error, code) => {
  expect(errorCode(error)).toBe(code);
});

test.skipIf(process.platform === 'win32')('a link stays a link, and what it leads to is replaced', () => {
  fs.writeFileSync(at('real.json'), 'old');
  fs.symlinkSync(at('real.json'), at('link.json'));
  replaceFile(at('link.json'), 'new');
  expect(fs.lstatSync(at('link.json')).isSymbolicLink()).toBe(true);
  expect(fs.readFileSync(at('real.json'), 'utf8')).toBe('new');
});
