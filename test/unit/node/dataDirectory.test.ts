import { describe, expect, test } from 'vitest';
import { defaultDataDirectory } from '../../../src/node/dataDirectory.js';

type Environment = Record<string, string | undefined>;

describe('the data directory', () => {
  test.each<[NodeJS.Platform, Environment, string, string]>([
    ['linux', {}, '/home/u', '/home/u/.local/share/game-server-panel'],
    ['linux', { XDG_DATA_HOME: '/data/u' }, '/home/u', '/data/u/game-server-panel'],
    ['linux', { XDG_DATA_HOME: '' }, '/home/u', '/home/u/.local/share/game-server-panel'],
    ['linux', { XDG_DATA_HOME: 'share' }, '/home/u', '/home/u/.local/share/game-server-panel'],
    ['linux', { LOCALAPPDATA: '/x' }, '/home/u', '/home/u/.local/share/game-server-panel'],
    ['freebsd', {}, '/home/u', '/home/u/.local/share/game-server-panel'],
    ['darwin', { XDG_DATA_HOME: '/data/u' }, '/Users/u', '/Users/u/Library/Application Support/game-server-panel'],
    ['win32', { LOCALAPPDATA: 'D:\\Local' }, 'C:\\Users\\u', 'D:\\Local\\game-server-panel'],
    ['win32', {}, 'C:\\Users\\u', 'C:\\Users\\u\\AppData\\Local\\game-server-panel'],
    ['win32', { XDG_DATA_HOME: '/data/u' }, 'C:\\Users\\u', 'C:\\Users\\u\\AppData\\Local\\game-server-panel'],
  ])('on %s with %j of %s is %s', (platform, env, home, directory) => {
    expect(defaultDataDirectory(env, platform, home)).toBe(directory);
  });

  test('does not follow a snap, whose folder changes with its updates', () => {
    const inside = { XDG_DATA_HOME: '/home/u/snap/code/171/.local/share' };
    expect(defaultDataDirectory(inside, 'linux', '/home/u')).toBe('/home/u/.local/share/game-server-panel');
    // The same name elsewhere is somebody's own choice.
    const beside = { XDG_DATA_HOME: '/home/u/snapshots' };
    expect(defaultDataDirectory(beside, 'linux', '/home/u')).toBe('/home/u/snapshots/game-server-panel');
  });

  test('is absolute also with an empty LOCALAPPDATA', () => {
    expect(defaultDataDirectory({ LOCALAPPDATA: '' }, 'win32', 'C:\\Users\\u')).toMatch(/^[A-Z]:\\/);
  });
});
