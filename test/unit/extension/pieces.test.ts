import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Backoff } from '../../../src/extension/backoff.js';
import { Bag } from '../../../src/extension/bag.js';
import { checkCommand } from '../../../src/extension/commands/commandCheck.js';
import { countdownChoices, parseSeconds } from '../../../src/extension/commands/countdown.js';
import { demoDefinition } from '../../../src/extension/commands/demo.js';
import { dataDirectoryFrom } from '../../../src/extension/dataDirectory.js';
import { Emitter } from '../../../src/extension/emitter.js';
import { entryOffset, fileTemplate } from '../../../src/extension/serversText.js';
import { compareVersions, shouldRetire } from '../../../src/extension/versionRule.js';
import { checkDefinition } from '../../../src/shared/definition.js';
import { reader } from './fixtures.js';

test('pauses grow from quick to five seconds', () => {
  const backoff = new Backoff();
  expect(Array.from({ length: 7 }, () => backoff.next())).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  backoff.reset();
  expect(backoff.next()).toBe(250);
});

test.each([
  ['1.2.3', '1.2.3', 0],
  ['1.10.0', '1.9.9', 1],
  ['0.1.0', '0.1.1', -1],
  ['1.0.0-beta.2', '1.0.0', -1],
  ['1.0.0-beta.10', '1.0.0-beta.2', 1],
  ['1.0.0+build', '1.0.0', 0],
])('version %s against %s', (a, b, order) => {
  expect(compareVersions(a, b)).toBe(order);
});

test('only a newer window replaces what runs', () => {
  expect(shouldRetire('0.1.0', '0.2.0')).toBe(true);
  expect(shouldRetire('0.2.0', '0.2.0')).toBe(false);
  expect(shouldRetire('0.3.0', '0.2.0')).toBe(false);
});

describe('the bag', () => {
  test('disposes in reverse order, whatever fails, and late ones at once', () => {
    const order: string[] = [];
    const failures: unknown[] = [];
    const bag = new Bag((error) => failures.push(error));
    for (const name of ['a', 'b', 'c']) {
      bag.add({
        dispose: () => {
          order.push(name);
          if (name === 'b') throw new Error('b');
        },
      });
    }
    bag.dispose();
    bag.dispose();
    bag.add({ dispose: () => order.push('late') });
    expect(order).toEqual(['c', 'b', 'a', 'late']);
    expect(failures).toHaveLength(1);
  });
});

test('one listener that fails keeps the news from nobody', () => {
  const failures: unknown[] = [];
  const heard: number[] = [];
  const emitter = new Emitter<number>((error) => failures.push(error));
  emitter.event(() => {
    throw new Error('no');
  });
  const subscription = emitter.event((value) => heard.push(value));
  emitter.fire(1);
  subscription.dispose();
  emitter.fire(2);
  expect(heard).toEqual([1]);
  expect(failures).toHaveLength(2);
});

test.each([
  ['60', 60],
  [' 0 ', 0],
  ['3600', 3600],
  ['3601', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['', undefined],
])('seconds %j', (text, seconds) => {
  expect(parseSeconds(text)).toBe(seconds);
});

test('countdowns offer what is usual for the game first', () => {
  expect(countdownChoices([60, 30], reader)[0]).toMatchObject({ description: '1 min', value: 'default' });
  expect(countdownChoices([], reader)[0]).toMatchObject({ description: 'no countdown' });
  expect(countdownChoices(undefined, reader)[0]).not.toHaveProperty('description');
  expect(countdownChoices([], reader).map(({ value }) => value)).toEqual(['default', 10, 30, 60, 300, 'custom']);
});

test('demo servers get the first free id, and are valid', () => {
  const first = demoDefinition(new Set(['other']), 'Demo Server');
  expect(first).toMatchObject({ id: 'demo', name: 'Demo Server' });
  expect(first.launch).toEqual({ command: '${node}', args: ['${demoServer}', '${dataDir}/worlds/demo.json'] });
  const third = demoDefinition(new Set(['demo', 'demo-2']), 'Demo Server');
  expect(third).toMatchObject({ id: 'demo-3', name: 'Demo Server 3' });
  expect(checkDefinition(third)).toHaveProperty('definition');
});

test.each([
  ['', 'linux', '/home/me/.local/share/game-server-panel'],
  ['/srv/panel/', 'linux', '/srv/panel/'],
  ['~/panel', 'linux', '/home/me/panel'],
  ['relative/panel', 'linux', '/home/me/.local/share/game-server-panel'],
  ['D:\\panel', 'win32', 'D:\\panel'],
] as const)('data directory %j on %s', (setting, platform, expected) => {
  expect(dataDirectoryFrom(setting, {}, platform, '/home/me')).toBe(expected);
});

test('an entry is found in a file that people write', () => {
  const text = '// mine\n{ "servers": [ { "name": "x", "id" : "my-server" } ] ';
  expect(text.slice(entryOffset(text, 'my-server'))).toMatch(/^"id" : "my-server"/);
  expect(entryOffset(text, 'other')).toBeUndefined();
  expect(JSON.parse(fileTemplate)).toEqual({ version: 1, servers: [] });
});

describe('checking a command', () => {
  test('tells what is wrong with it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'gsp-command-'));
    try {
      await writeFile(join(folder, 'plain'), '');
      await writeFile(join(folder, 'server'), '', { mode: 0o755 });
      await mkdir(join(folder, 'sub'));
      const check = (command: string): Promise<string | undefined> =>
        checkCommand(command, { PATH: `/nowhere:${folder}` }, 'linux');
      expect(await check('')).toBe('empty');
      expect(await check('./server')).toBe('relative');
      expect(await check(join(folder, 'none'))).toBe('missing');
      expect(await check(join(folder, 'sub'))).toBe('folder');
      expect(await check(join(folder, 'server'))).toBeUndefined();
      expect(await check('server')).toBeUndefined();
      expect(await check('none')).toBe('not-on-path');
      // Whoever runs as root may read everything, but still executes only what has the bit.
      expect(await check(join(folder, 'plain'))).toBe('not-executable');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
