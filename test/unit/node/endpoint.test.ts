import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { findEndpoints, prepareEndpoints, readToken, tokenMatches } from '../../../src/node/endpoint.js';
import { useTempFolder } from './support/tempFolder.js';

const at = useTempFolder();
const isWindows = process.platform === 'win32';
const isLinux = process.platform === 'linux';

/** As much as fits into sun_path, its closing NUL included, on the strictest system. */
const longestPath = 103;

describe('endpoints', () => {
  test('are the same however often they are asked for, and whoever asks', () => {
    const first = prepareEndpoints(at('data'));
    expect(prepareEndpoints(at('data'))).toEqual(first);
    expect(findEndpoints(at('data'))).toEqual(first);
    const names = [first.core, first.launcher, first.owner, first.launcherOwner, first.tokenFile];
    expect(new Set(names).size).toBe(names.length);
  });

  test.skipIf(isWindows)('two spellings of a folder mean one', () => {
    const first = prepareEndpoints(at('data'));
    fs.symlinkSync(at('data'), at('link'));
    expect(prepareEndpoints(at('link'))).toEqual(first);
    expect(prepareEndpoints(path.join(at('link'), '..', 'data', '.'))).toEqual(first);
    expect(findEndpoints(at('link'))).toEqual(first);
  });

  test('two folders have nothing in common', () => {
    const one = prepareEndpoints(at('one'));
    const two = prepareEndpoints(at('two'));
    for (const key of ['core', 'launcher', 'owner', 'launcherOwner', 'tokenFile'] as const) {
      expect(one[key]).not.toBe(two[key]);
    }
    expect(readToken(one.tokenFile)).not.toBe(readToken(two.tokenFile));
  });

  test('nobody can guess a name from the path alone', () => {
    const first = prepareEndpoints(at('data'));
    fs.rmSync(at('data'), { recursive: true });
    expect(prepareEndpoints(at('data')).owner).not.toBe(first.owner);
  });

  test('there are none where no core ever ran, and asking makes nothing', () => {
    expect(findEndpoints(at('data'))).toBeUndefined();
    expect(fs.existsSync(at('data'))).toBe(false);
    fs.mkdirSync(at('data'));
    expect(findEndpoints(at('data'))).toBeUndefined();
    expect(fs.readdirSync(at('data'))).toEqual([]);
  });

  test.skipIf(isWindows)('folder and token are for this user alone, also in a run folder that was open', () => {
    fs.mkdirSync(at('data', 'run'), { recursive: true });
    fs.chmodSync(at('data', 'run'), 0o755);
    const { tokenFile } = prepareEndpoints(at('data'));
    expect(fs.statSync(at('data', 'run')).mode & 0o777).toBe(0o700);
    expect(fs.statSync(tokenFile).mode & 0o777).toBe(0o600);
    expect(fs.statSync(at('data', 'run', 'lock')).mode & 0o777).toBe(0o600);
    expect(readToken(tokenFile)).toMatch(/^[0-9a-f]{64}$/);
  });

  test.skipIf(isWindows)('a short path holds its own sockets', () => {
    const { core, launcher } = prepareEndpoints(at('d'));
    expect(core).toBe(path.join(fs.realpathSync.native(at('d')), 'run', 'core.sock'));
    expect(launcher).toBe(path.join(fs.realpathSync.native(at('d')), 'run', 'launcher.sock'));
  });

  test.skipIf(isWindows)('a path too long for a socket has a short one elsewhere, counted in bytes', () => {
    const deep = at('x'.repeat(120));
    // 40 letters, 120 bytes.
    const korean = at('서'.repeat(40));
    for (const folder of [deep, korean]) {
      const { core, launcher } = prepareEndpoints(folder);
      expect(core).not.toBe(launcher);
      for (const name of [core, launcher]) {
        expect(name.startsWith('/tmp/gsp-')).toBe(true);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(longestPath);
      }
    }
  });

  test.runIf(isLinux)('the names that say who owns a folder vanish with their owner', () => {
    const { owner, launcherOwner } = prepareEndpoints(at('data'));
    for (const name of [owner, launcherOwner]) {
      expect(name.startsWith('\0')).toBe(true);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(longestPath);
    }
  });
});

describe('tokenMatches', () => {
  const token = 'a1'.repeat(32);

  test('only the very same text', () => {
    expect(tokenMatches(token, token)).toBe(true);
    expect(tokenMatches('', '')).toBe(true);
  });

  test.each([
    ...['', token.slice(1), token + '0', token.toUpperCase(), ` ${token}`, 'a1'.repeat(31) + 'a2'],
    ...[undefined, null, 5, true, [token], { token }],
  ])('not %j', (given) => {
    expect(tokenMatches(token, given)).toBe(false);
  });
});
