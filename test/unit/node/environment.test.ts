import { describe, expect, test } from 'vitest';
import { cleanEnvironment, coreEnvironment, nodeEnvironment } from '../../../src/node/environment.js';

const hosts = [
  ...['ELECTRON_RUN_AS_NODE', 'ELECTRON_NO_ATTACH_CONSOLE', 'VSCODE_PID', 'VSCODE_IPC_HOOK_CLI', 'MALLOC_ARENA_MAX'],
  ...['NODE_OPTIONS', 'NODE_CHANNEL_FD', 'NODE_UNIQUE_ID', 'GSP_SERVER', 'node_options', 'Electron_Run_As_Node'],
];
const owns = [
  'PATH',
  'HOME',
  'LD_LIBRARY_PATH',
  'NODE_ENV',
  'NODE_OPTIONS_OF_MINE',
  'MY_VSCODE_X',
  'GSP_SERVERS',
  'LANG',
];
const environment = Object.fromEntries([...hosts, ...owns].map((name) => [name, `value of ${name}`]));

describe('the environment of a game server', () => {
  test.each(hosts)('lacks %s', (name) => {
    expect(cleanEnvironment(environment)).not.toHaveProperty(name);
  });

  test.each(owns)('keeps %s', (name) => {
    expect(cleanEnvironment(environment)[name]).toBe(`value of ${name}`);
  });

  test('has no undefined values, which Node would pass on as text', () => {
    expect(cleanEnvironment({ A: undefined, B: '' })).toEqual({ B: '' });
  });

  test('leaves what it was made of alone', () => {
    const before = { ...environment };
    cleanEnvironment(environment);
    expect(environment).toEqual(before);
  });
});

test('the place of a service’s credentials is for our own processes, and for no game', () => {
  const env = { ...environment, CREDENTIALS_DIRECTORY: '/run/credentials/x' };
  expect(cleanEnvironment(env)).toEqual(cleanEnvironment(environment));
  expect(nodeEnvironment(env)).toHaveProperty('CREDENTIALS_DIRECTORY', '/run/credentials/x');
});

test('our own processes get the same, and run as plain Node', () => {
  expect(nodeEnvironment(environment)).toEqual({ ...cleanEnvironment(environment), ELECTRON_RUN_AS_NODE: '1' });
});

test('a core gives large blocks back to the system, and what it starts does not inherit the setting', () => {
  const core = coreEnvironment({ MALLOC_MMAP_THRESHOLD_: '1', A: '1' });
  expect(core).toEqual({ ...nodeEnvironment({ A: '1' }), MALLOC_MMAP_THRESHOLD_: '131072' });
  expect(cleanEnvironment(core)).toEqual({ A: '1' });
});
