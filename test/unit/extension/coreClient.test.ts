import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CoreAccess } from '../../../src/extension/coreAccess.js';
import { CoreClient, type Connection } from '../../../src/extension/coreClient.js';
import type { Log } from '../../../src/extension/log.js';
import { Mirror } from '../../../src/extension/mirror.js';
import { Subscription } from '../../../src/extension/subscription.js';
import type { CoreConnection } from '../../../src/node/coreConnection.js';
import type { DefinitionProblem, GameInfo, ServerView } from '../../../src/shared/contract.js';
import { Failure } from '../../../src/shared/failure.js';
import { gameInfo, gameRow, games } from '../../../src/shared/games.js';
import { load, noon, sample, view } from './fixtures.js';

const log: Log = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn() };

/** A background process as the client sees it: alive or not, of some version. */
class FakeCore {
  alive = false;
  version = '1.0.0';
  startsFail: Failure | undefined;
  starts = 0;
  asked: { method: string; params: unknown }[] = [];
  list: ServerView[] = [];
  problems: DefinitionProblem[] = [];
  games: GameInfo[] = [];
  private closers = new Set<() => void>();
  private handlers = new Map<string, Set<(params: unknown) => void>>();

  readonly access: CoreAccess = {
    connect: async () => {
      if (!this.alive) throw new Failure('unreachable');
      return this.connection();
    },
    start: async () => {
      this.starts++;
      if (this.startsFail !== undefined) throw this.startsFail;
      this.alive = true;
      this.version = '1.0.0';
    },
  };

  die(): void {
    this.alive = false;
    for (const close of [...this.closers]) close();
    this.closers.clear();
    this.handlers.clear();
  }

  notify(method: string, params: unknown): void {
    for (const handle of this.handlers.get(method) ?? []) handle(params);
  }

  private connection(): CoreConnection {
    const answer = (method: string): unknown => {
      if (method === 'server/list') return this.list;
      if (method === 'server/problems') return this.problems;
      if (method === 'game/list') return this.games;
      if (method === 'core/retire') this.die();
      return null;
    };
    const own = new Set<() => void>();
    return {
      hello: { version: this.version, pid: 1 } as CoreConnection['hello'],
      request: async (method, params) => {
        this.asked.push({ method, params });
        return answer(method);
      },
      on: (method, handle) => {
        const handlers = this.handlers.get(method) ?? new Set();
        this.handlers.set(method, handlers.add(handle as (params: unknown) => void));
        return { dispose: () => handlers.delete(handle as (params: unknown) => void) };
      },
      onClose: (handle) => {
        own.add(handle);
        this.closers.add(handle);
        return { dispose: () => this.closers.delete(handle) };
      },
      dispose: () => {
        for (const close of own) if (this.closers.delete(close)) close();
      },
    };
  }
}

let core: FakeCore;
let client: CoreClient;
let states: string[];
const told = ({ at, ...rest }: Connection): string => ('reason' in rest ? `${at} ${rest.reason}` : at);

beforeEach(() => {
  vi.useFakeTimers({ now: noon });
  core = new FakeCore();
  client = new CoreClient(core.access, '1.0.0', log);
  states = [];
  client.onDidChange((state) => states.push(told(state)));
});

afterEach(() => {
  client.dispose();
  vi.useRealTimers();
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('the connection', () => {
  test('does nothing until it is wanted', async () => {
    await pass(10_000);
    expect(core.starts).toBe(0);
    expect(client.current).toEqual({ at: 'idle' });
  });

  test('uses what runs', async () => {
    core.alive = true;
    client.start();
    await pass(0);
    expect(states).toEqual(['connecting', 'connected']);
    expect(core.starts).toBe(0);
  });

  test('starts one where none answers', async () => {
    client.start();
    await pass(0);
    expect(states).toEqual(['connecting', 'connected']);
    expect(core.starts).toBe(1);
  });

  test('after a loss waits for the restart, and is back within a second of it', async () => {
    client.start();
    await pass(60_000);
    core.die();
    await pass(1200);
    core.alive = true;
    await pass(1000);
    expect(client.current.at).toBe('connected');
    expect(core.starts).toBe(1);
    expect(states).toEqual(['connecting', 'connected', 'connecting', 'connected']);
  });

  test('starts one itself when nobody brings it back, all within five seconds', async () => {
    client.start();
    await pass(60_000);
    core.die();
    await pass(5000);
    expect(client.current.at).toBe('connected');
    expect(core.starts).toBe(2);
  });

  test('says why it is down, goes on trying, and starts less and less often', async () => {
    core.startsFail = new Failure('start-failed', { detail: 'no memory' });
    client.start();
    await pass(0);
    expect(client.current).toEqual({ at: 'down', reason: 'cannot-start', detail: 'no memory' });
    await pass(600_000);
    // Tries without a start in between do not hide why there is none.
    expect(states).toEqual(['connecting', 'down cannot-start']);
    expect(core.starts).toBeGreaterThan(8);
    expect(core.starts).toBeLessThan(20);
    core.alive = true;
    await pass(5000);
    expect(client.current.at).toBe('connected');
  });

  test.each([
    [new Failure('command-not-found', { file: '/x/dist/a.js' }), 'files-missing', '/x/dist/a.js'],
    [new Failure('io', { file: '/x' }), 'cannot-start', '/x'],
    [new Error('odd'), 'cannot-start', 'odd'],
  ])('%s', async (failure, reason, detail) => {
    core.access.start = () => Promise.reject(failure);
    client.start();
    await pass(0);
    expect(client.current).toEqual({ at: 'down', reason, detail });
  });

  test.each([
    [new Failure('protocol-mismatch'), 'reload-needed'],
    [new Failure('unauthorized'), 'refused'],
    [new Failure('timeout'), 'no-answer'],
  ])('%s when connecting starts nothing, and tells who asks', async (failure, reason) => {
    core.access.connect = () => Promise.reject(failure);
    client.start();
    await pass(20_000);
    expect(client.current).toMatchObject({ at: 'down', reason });
    expect(core.starts).toBe(0);
    const code = reason === 'no-answer' ? 'unreachable' : failure.code;
    await expect(client.connected(1000)).rejects.toMatchObject({ code });
  });

  test('an older one is retired, a newer one is used', async () => {
    core.alive = true;
    core.version = '0.9.0';
    client.start();
    await pass(1000);
    expect(core.asked[0]).toMatchObject({ method: 'core/retire' });
    expect(core.starts).toBe(1);
    expect(client.current.at).toBe('connected');
    core.die();
    core.alive = true;
    core.version = '2.0.0';
    await pass(1000);
    expect(client.current.at).toBe('connected');
    expect(core.starts).toBe(1);
  });

  test('reconnect tries at once, whatever pause there was', async () => {
    core.startsFail = new Failure('start-failed');
    client.start();
    await pass(300_000);
    core.startsFail = undefined;
    client.reconnect();
    await pass(0);
    expect(client.current.at).toBe('connected');
    client.reconnect();
    await pass(1000);
    expect(client.current.at).toBe('connected');
  });

  test('whoever waits for it is told either way', async () => {
    const up = client.connected(1000);
    await pass(0);
    await expect(up).resolves.toBeUndefined();
    client.dispose();
    core = new FakeCore();
    core.startsFail = new Failure('start-failed');
    client = new CoreClient(core.access, '1.0.0', log);
    const down = client.connected(1000).catch((error: unknown) => error);
    await pass(0);
    expect(Failure.is(await down, 'unreachable')).toBe(true);
  });

  test('nothing happens after dispose', async () => {
    client.start();
    await pass(0);
    client.dispose();
    core.die();
    await pass(60_000);
    expect(core.starts).toBe(1);
    await expect(client.request('server/list', {})).rejects.toMatchObject({ code: 'unreachable' });
  });

  test('handlers hear the next connection too, and not after they are disposed', async () => {
    const heard: string[] = [];
    const subscription = client.on('server/changed', ({ id }) => heard.push(id));
    client.start();
    await pass(0);
    core.notify('server/changed', view());
    core.die();
    await pass(5000);
    core.notify('server/changed', view());
    subscription.dispose();
    core.notify('server/changed', view());
    expect(heard).toEqual(['demo', 'demo']);
  });
});

describe('the mirror', () => {
  let mirror: Mirror;
  let changes: string[][];

  beforeEach(() => {
    mirror = new Mirror(client, new Subscription(client, log), log);
    changes = [];
    mirror.onDidChange((ids) => changes.push([...ids]));
    core.list = [view(), view({ id: 'b', name: 'B', state: 'stopped' })];
  });

  test('has the list once connected, having subscribed first', async () => {
    client.start();
    expect(mirror.connection).toBe('connecting');
    await pass(0);
    expect(mirror.connection).toBe('connected');
    expect(core.asked.map(({ method }) => method)).toEqual([
      'client/subscribe',
      'server/list',
      'server/problems',
      'game/list',
    ]);
    expect(core.asked[0]!.params).toEqual({ samples: true, visible: false, panel: false, consoles: [] });
    expect(mirror.servers().map(({ id }) => id)).toEqual(['demo', 'b']);
  });

  test('takes samples as one change, and only those of known servers', async () => {
    client.start();
    await pass(0);
    changes.length = 0;
    core.notify('server/sample', { at: noon, samples: { demo: sample({ cpu: 5 }), gone: sample() } });
    expect(changes).toEqual([['demo']]);
    expect(mirror.get('demo')?.sample?.cpu).toBe(5);
    expect(mirror.get('gone')).toBeUndefined();
  });

  test('keeps the load that came with some samples, until it comes anew', async () => {
    client.start();
    await pass(0);
    const samples = { demo: sample({ cpu: 5 }) };
    core.notify('server/sample', { at: noon, samples });
    expect(mirror.get('demo')).not.toHaveProperty('load');
    for (const cpu1 of [40, 41]) {
      core.notify('server/sample', { at: noon, samples, loads: { demo: load({ cpu1 }), gone: load() } });
      core.notify('server/sample', { at: noon, samples });
      expect(mirror.get('demo')?.load?.cpu1).toBe(cpu1);
    }
    core.startsFail = new Failure('start-failed');
    core.die();
    await pass(0);
    expect(mirror.get('demo')).not.toHaveProperty('load');
  });

  test('keeps the list without a connection, but not one number', async () => {
    core.list = [view({ sample: sample({ cpu: 5 }), players: { online: 3, max: 8, source: 'log', at: noon } })];
    client.start();
    await pass(0);
    core.startsFail = new Failure('start-failed');
    core.die();
    await pass(0);
    expect(mirror.connection).toBe('connecting');
    await pass(10_000);
    expect(mirror.connection).toBe('down');
    expect(mirror.get('demo')).toMatchObject({ state: 'running', sample: null, players: { online: null } });
  });

  test('servers come and go', async () => {
    client.start();
    await pass(0);
    core.notify('server/removed', { id: 'b' });
    core.notify('server/changed', view({ id: 'c' }));
    expect(mirror.servers().map(({ id }) => id)).toEqual(['demo', 'c']);
    expect(changes.slice(-2)).toEqual([['b'], ['c']]);
  });

  test('a file that was read again may have another order', async () => {
    client.start();
    await pass(0);
    core.list.reverse();
    const problems = [{ line: 3, column: 1, id: null, message: 'x' }];
    core.notify('server/problems', { problems });
    await pass(0);
    expect(mirror.problems()).toEqual(problems);
    expect(mirror.servers().map(({ id }) => id)).toEqual(['b', 'demo']);
  });

  test('games are those of the panel, until the own ones are told', async () => {
    expect(mirror.games().map(({ id }) => id)).toEqual(games.map(({ id }) => id));
    const own = { ...gameInfo(gameRow('other')!), id: 'mine', isOwn: true };
    core.games.push(own);
    client.start();
    await pass(0);
    expect(mirror.games()).toEqual([own]);
    core.notify('game/changed', { games: [own, own] });
    expect(mirror.games()).toHaveLength(2);
  });

  test('how it is measured is what was told last, and not of a connection before', async () => {
    const news: unknown[] = [];
    mirror.onDidChangeMeasuring((measuring) => news.push(measuring));
    const overBudget = { cpuPercent: 1.5, memoryBytes: 1e8, intervalMs: 6000 };
    const measuring = { leastIntervalMs: 0, shortfall: null, overBudget };
    client.start();
    await pass(0);
    core.notify('core/measuring', measuring);
    expect(news).toEqual([measuring]);
    expect(mirror.connectionState).toEqual({ at: 'connected', measuring });
    core.die();
    await pass(5000);
    expect(mirror.connectionState).toEqual({ at: 'connected' });
  });

  test('the steps of a stop end with it', async () => {
    client.start();
    await pass(0);
    core.notify('stop/progress', { id: 'demo', steps: [], endsAt: noon + 1000 });
    core.notify('server/changed', view({ state: 'stopping' }));
    expect(mirror.stopping('demo')).toMatchObject({ endsAt: noon + 1000 });
    core.notify('server/changed', view({ state: 'running' }));
    expect(mirror.stopping('demo')).toBeUndefined();
  });

  test('a list that does not come is asked for again', async () => {
    const { access } = core;
    const { connect } = access;
    let refuse = true;
    access.connect = async () => {
      const connection = await connect();
      const { request } = connection;
      return {
        ...connection,
        request: async (method, params, options) => {
          if (refuse && method === 'server/list') throw new Failure('timeout');
          return await request(method, params, options);
        },
      };
    };
    client.start();
    await pass(0);
    expect(mirror.connection).toBe('connecting');
    refuse = false;
    await pass(2000);
    expect(mirror.connection).toBe('connected');
  });

  test('whoever waits for the list is told either way', async () => {
    client.start();
    const ready = mirror.ready(1000);
    await pass(0);
    await expect(ready).resolves.toBeUndefined();
    core.startsFail = new Failure('start-failed');
    core.die();
    const lost = mirror.ready(10_000).catch((error: unknown) => error);
    await pass(10_000);
    expect(Failure.is(await lost, 'unreachable')).toBe(true);
  });

  test('wishes of one moment go out as one request', async () => {
    const subscription = new Subscription(client, log);
    client.start();
    await pass(0);
    core.asked = [];
    subscription.show('tree', true);
    subscription.show('panel', true);
    subscription.unfollow('demo');
    await pass(0);
    await subscription.follow('demo');
    expect(core.asked.map(({ params }) => params)).toEqual([
      { samples: true, visible: true, panel: true, consoles: [] },
      { samples: true, visible: true, panel: true, consoles: ['demo'] },
    ]);
  });

  test('what comes into sight is told at once, what leaves it 5 s later; who comes back has not been away', async () => {
    const subscription = new Subscription(client, log);
    client.start();
    await pass(0);
    core.asked = [];
    const told = (): unknown[] =>
      core.asked.map(({ params }) => {
        const { visible, panel } = params as { visible: boolean; panel: boolean };
        return [visible, panel];
      });
    subscription.show('window', true);
    await pass(0);
    subscription.show('tree', true);
    subscription.show('window', false);
    await pass(10_000);
    expect(told()).toEqual([[true, false]]);
    subscription.show('panel', true);
    await pass(0);
    expect(told()).toEqual([
      [true, false],
      [true, true],
    ]);
    subscription.show('panel', false);
    await pass(4999);
    expect(told()).toHaveLength(2);
    await pass(1);
    expect(told().slice(2)).toEqual([[true, false]]);
    subscription.show('tree', false);
    await pass(3000);
    subscription.show('tree', true);
    await pass(10_000);
    expect(told().slice(3)).toEqual([[true, false]]);
    subscription.show('tree', false);
    await pass(5000);
    expect(told().slice(4)).toEqual([[false, false]]);
    subscription.show('tree', true);
    await pass(0);
    subscription.show('tree', false);
    subscription.dispose();
    await pass(10_000);
    expect(told().slice(5)).toEqual([[true, false]]);
  });
});
