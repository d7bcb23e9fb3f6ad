import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/extension/coreClient.js';
import { Emitter } from '../../../../src/extension/emitter.js';
import { Passwords } from '../../../../src/extension/secrets/passwords.js';
import { Failure } from '../../../../src/shared/failure.js';
import type { Requests, ServerView } from '../../../../src/shared/contract.js';
import { view } from '../fixtures.js';
import { FakeStorage } from './fakeStorage.js';

type Sent = Requests['secret/set']['params'];

let storage: FakeStorage;
let sent: Sent[];
let views: ServerView[];
let connection: Connection;
let dataDir: string;
let refuses: Failure | undefined;
let logged: string[];
let passwords: Passwords;
const changes = new Emitter<ReadonlySet<string>>();
const connections = new Emitter<Connection>();

beforeEach(() => {
  passwords?.dispose();
  storage = new FakeStorage();
  sent = [];
  views = [];
  connection = { at: 'connected' };
  dataDir = '/srv/panel';
  refuses = undefined;
  logged = [];
  const write = (...parts: unknown[]): unknown => logged.push(JSON.stringify(parts));
  passwords = new Passwords({
    client: {
      get current() {
        return connection;
      },
      request: vi.fn(async (_: string, params: Sent) => {
        sent.push(params);
        if (refuses !== undefined) throw refuses;
        return null;
      }),
    },
    mirror: { servers: () => views, onDidChange: changes.event, onDidChangeConnection: connections.event },
    storage,
    dataDir: () => dataDir,
    log: { error: write, warn: write, info: write, debug: write },
  });
});

const missing = (id: string, ...keys: string[]): ServerView => view({ id, secretsMissing: keys });
/** What the background process would tell next. */
async function told(...next: ServerView[]): Promise<void> {
  views = next;
  changes.fire(new Set(next.map(({ id }) => id)));
  await settled();
}
const settled = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
const rcon = { id: 'survival', key: 'rconPassword', value: 'hunter2' } as const;

describe('a window', () => {
  test('keeps a password apart by data directory, server and key, and hands it over', async () => {
    await passwords.set('survival', 'rconPassword', 'hunter2');
    expect(sent).toEqual([rcon]);
    const [key] = storage.kept.keys();
    expect(key).toMatch(/^gameServers\.[0-9a-f]{16}\.survival\.rconPassword$/);
    expect(await passwords.has('survival', 'rconPassword')).toBe(true);
    dataDir = '/srv/other';
    expect(await passwords.has('survival', 'rconPassword')).toBe(false);
  });

  test('sends what it has as soon as that is missing, and nothing else', async () => {
    await passwords.set('survival', 'rconPassword', 'hunter2');
    sent = [];
    await told(missing('survival'), missing('other', 'rconPassword'));
    expect(sent).toEqual([]);
    await told(missing('survival', 'rconPassword', 'restPassword'));
    expect(sent).toEqual([rcon]);
  });

  test('looks once, not at every tick; again on a new connection, and when it is missing anew', async () => {
    await passwords.set('survival', 'rconPassword', 'hunter2');
    sent = [];
    for (let tick = 0; tick < 5; tick++) await told(missing('survival', 'rconPassword'));
    expect(sent).toEqual([rcon]);
    connections.fire(connection);
    await settled();
    expect(sent).toHaveLength(2);
    await told(missing('survival'));
    await told(missing('survival', 'rconPassword'));
    expect(sent).toHaveLength(3);
  });

  test('sends nothing without a connection', async () => {
    await passwords.set('survival', 'rconPassword', 'hunter2');
    sent = [];
    connection = { at: 'connecting' };
    await told(missing('survival', 'rconPassword'));
    expect(sent).toEqual([]);
    connection = { at: 'connected' };
    connections.fire(connection);
    await settled();
    expect(sent).toEqual([rcon]);
  });

  test('sends what another window has got', async () => {
    await told(missing('survival', 'rconPassword'));
    expect(sent).toEqual([]);
    await passwords.set('survival', 'rconPassword', 'hunter2');
    const [place] = [...storage.kept.keys()];
    sent = [];
    await storage.store('gameServers.0000.survival.rconPassword', 'elsewhere');
    await settled();
    expect(sent).toEqual([]);
    await storage.store(place!, 'changed');
    await settled();
    expect(sent).toEqual([{ ...rcon, value: 'changed' }]);
  });

  test('forgets with nothing in its place', async () => {
    await passwords.set('survival', 'rconPassword', 'hunter2');
    await passwords.set('survival', 'rconPassword', null);
    expect(sent.at(-1)).toEqual({ ...rcon, value: null });
    expect(storage.kept.size).toBe(0);
  });

  test('forgets a removed server, and no other', async () => {
    await passwords.set('survival', 'rconPassword', 'hunter2');
    await passwords.set('survival', 'restPassword', 'hunter3');
    await passwords.set('survival-2', 'rconPassword', 'hunter4');
    await passwords.forget('survival');
    expect([...storage.kept.values()]).toEqual(['hunter4']);
  });
});

describe('what fails', () => {
  test('a password that is refused is not kept', async () => {
    refuses = new Failure('invalid-definition', { field: 'value' });
    await expect(passwords.set('survival', 'rconPassword', 'hunter2')).rejects.toBe(refuses);
    expect(storage.kept.size).toBe(0);
  });

  test('one that could only not be written to the disk is', async () => {
    refuses = new Failure('io', { file: 'secrets.json' });
    await expect(passwords.set('survival', 'rconPassword', 'hunter2')).rejects.toBe(refuses);
    expect([...storage.kept.values()]).toEqual(['hunter2']);
  });

  test('a storage that fails is told without the password, and stops nothing', async () => {
    storage.fails = new Error('no keyring');
    await told(missing('survival', 'rconPassword'));
    await passwords.forget('survival');
    expect(logged).toHaveLength(2);
    expect(logged.join()).toContain('no keyring');
  });

  test('nor is it in the log when sending fails', async () => {
    await passwords.set('survival', 'rconPassword', 'hunter2');
    refuses = new Failure('unreachable');
    await told(missing('survival', 'rconPassword'));
    expect(logged).toHaveLength(1);
    expect(logged.join()).not.toContain('hunter2');
  });
});
