import { beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../../../../src/extension/coreClient.js';
import { Emitter } from '../../../../src/extension/emitter.js';
import { PasswordPrompts, type PasswordPrompt } from '../../../../src/extension/secrets/passwordPrompts.js';
import type { ServerView } from '../../../../src/shared/contract.js';
import { view } from '../fixtures.js';

let views: ServerView[];
let connection: 'connecting' | 'connected' | 'down';
let isFocused: boolean;
let kept: Set<string>;
let asked: string[];
/** Answers the question that is open. */
let answer: ((error?: Error) => void) | undefined;
let prompts: PasswordPrompts | undefined;
let logged: unknown[];
let changes: Emitter<ReadonlySet<string>>;
let connections: Emitter<Connection>;
let focuses: Emitter<void>;

beforeEach(() => {
  prompts?.dispose();
  [views, connection, isFocused, kept, asked, logged] = [[], 'connected', true, new Set(), [], []];
  [changes, connections, focuses] = [new Emitter(), new Emitter(), new Emitter()];
  answer = undefined;
});

function open(): void {
  const write = (...parts: unknown[]): unknown => logged.push(parts);
  prompts = new PasswordPrompts({
    mirror: {
      servers: () => views,
      get connection() {
        return connection;
      },
      onDidChange: changes.event,
      onDidChangeConnection: connections.event,
    },
    passwords: { has: async (id, key) => kept.has(`${id} ${key}`) },
    window: { isFocused: () => isFocused, onDidFocus: focuses.event },
    ask: ({ server, key, is }: PasswordPrompt) => {
      asked.push(`${server.id} ${key} ${is}`);
      return new Promise((resolve, reject) => {
        answer = (error) => (error === undefined ? resolve() : reject(error));
      });
    },
    log: { error: write, warn: write, info: write, debug: write },
  });
}
const settled = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
async function told(...next: ServerView[]): Promise<void> {
  views = next;
  changes.fire(new Set(next.map(({ id }) => id)));
  await settled();
}
async function answered(error?: Error): Promise<void> {
  answer?.(error);
  await settled();
}
const missing = (id: string, ...secretsMissing: string[]): ServerView => view({ id, secretsMissing });
const refused = (id: string, via: string): ServerView => view({ id, api: { is: 'refused', via, since: 0 } });

describe('a password is asked for', () => {
  test('once, however often the server changes', async () => {
    open();
    for (let tick = 0; tick < 3; tick++) await told(missing('a', 'restPassword'));
    await answered();
    for (let tick = 0; tick < 3; tick++) await told(missing('a', 'restPassword'));
    expect(asked).toEqual(['a restPassword missing']);
  });

  test('one question at a time, the next when the one before is gone', async () => {
    open();
    await told(missing('a', 'restPassword', 'rconPassword'), missing('b', 'econPassword'));
    expect(asked).toEqual(['a restPassword missing']);
    await answered();
    expect(asked).toHaveLength(2);
    await answered();
    expect(asked).toEqual(['a restPassword missing', 'a rconPassword missing', 'b econPassword missing']);
  });

  test('not after it came in meanwhile', async () => {
    open();
    await told(missing('a', 'restPassword'), missing('b', 'restPassword'));
    views = [view({ id: 'a' }), view({ id: 'b' })];
    await answered();
    expect(asked).toEqual(['a restPassword missing']);
  });

  test('of a server that runs, and of no other', async () => {
    open();
    for (const state of ['stopped', 'stopping', 'crashed', 'failed', 'restarting'] as const) {
      await told(view({ id: 'a', state, secretsMissing: ['restPassword'] }));
    }
    expect(asked).toEqual([]);
    await told(view({ id: 'a', state: 'starting', secretsMissing: ['restPassword'] }));
    expect(asked).toHaveLength(1);
  });

  test('where somebody looks: the window in front, when it comes there', async () => {
    isFocused = false;
    open();
    await told(missing('a', 'restPassword'));
    expect(asked).toEqual([]);
    isFocused = true;
    focuses.fire();
    await settled();
    expect(asked).toHaveLength(1);
  });

  test('not without a connection, and not where it is kept and on its way', async () => {
    connection = 'down';
    open();
    await told(missing('a', 'restPassword'));
    connection = 'connected';
    kept.add('a restPassword');
    connections.fire({ at: 'connected' });
    await settled();
    expect(asked).toEqual([]);
    kept.clear();
    await told(missing('a', 'restPassword'));
    expect(asked).toHaveLength(1);
  });

  test('also where one is kept that the game refuses, after one was asked for as well', async () => {
    kept.add('a restPassword');
    open();
    await told(refused('a', 'rest'));
    expect(asked).toEqual(['a restPassword refused']);
    await answered();
    await told(refused('a', 'rest'));
    await told(refused('a', 'query'), refused('b', 'telepathy'));
    expect(asked).toHaveLength(1);
  });

  test('a key that this window does not know is not asked for', async () => {
    open();
    await told(missing('a', 'moonPassword'));
    expect(asked).toEqual([]);
  });

  test('a question that fails is told to the log, and stops nothing', async () => {
    open();
    await told(missing('a', 'restPassword'), missing('b', 'restPassword'));
    await answered(new Error('no window'));
    expect(logged).toHaveLength(1);
    await told(missing('a', 'restPassword'), missing('b', 'restPassword'));
    expect(asked).toEqual(['a restPassword missing', 'b restPassword missing']);
  });

  test('no more after it was disposed', async () => {
    open();
    prompts?.dispose();
    await told(missing('a', 'restPassword'));
    expect(asked).toEqual([]);
  });
});
