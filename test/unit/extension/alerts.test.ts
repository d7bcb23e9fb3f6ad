import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AlertAction } from '../../../src/extension/alerts/alertActions.js';
import { AlertMirror } from '../../../src/extension/alerts/alertMirror.js';
import { Notifier } from '../../../src/extension/alerts/notifier.js';
import { performer } from '../../../src/extension/alerts/performer.js';
import { StopQuestions } from '../../../src/extension/alerts/stopQuestions.js';
import type { CoreClient } from '../../../src/extension/coreClient.js';
import { Emitter } from '../../../src/extension/emitter.js';
import type { Log } from '../../../src/extension/log.js';
import type { Mirror } from '../../../src/extension/mirror.js';
import type { Alert, ServerView } from '../../../src/shared/contract.js';
import { Failure } from '../../../src/shared/failure.js';
import { alert, noon, reader, view } from './fixtures.js';

const log: Log = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn() };

/** The background process as its windows see it: one list of alerts, and each claim is given once. */
class FakeCore {
  list: Alert[] = [];
  refuses = false;
  readonly asked: string[] = [];
  private readonly claimed = new Set<string>();
  private readonly windows = new Set<(alert: Alert) => void>();

  raise(raised: Alert): void {
    this.list = [...this.list.filter(({ id }) => id !== raised.id), raised];
    for (const tell of this.windows) tell(raised);
  }

  client(): Pick<CoreClient, 'request' | 'on'> {
    interface Params {
      alert?: string;
      until?: number | null;
    }
    const request = async (method: string, { alert: id, until }: Params): Promise<unknown> => {
      if (this.refuses) throw new Failure('unsupported');
      if (method === 'alert/list') return this.list;
      this.asked.push(`${method} ${id ?? ''}`);
      const known = this.list.find((one) => one.id === id);
      if (method === 'alert/claim') {
        const key = `${id ?? ''} ${known?.count ?? 0} ${known?.escalation?.step ?? 0}`;
        const yours = known?.state === 'active' && !this.claimed.has(key);
        this.claimed.add(key);
        return { yours };
      }
      if (method === 'alert/mute' && known !== undefined)
        this.raise({ ...known, state: 'muted', mutedUntil: until ?? null });
      else if (method === 'alert/unmute' && known !== undefined) this.raise({ ...known, state: 'active' });
      else if (known?.state === 'active') this.raise({ ...known, state: 'acknowledged' });
      return null;
    };
    const on = (_: string, handle: (alert: Alert) => void): { dispose(): void } => {
      this.windows.add(handle);
      return { dispose: () => this.windows.delete(handle) };
    };
    return { request, on } as unknown as Pick<CoreClient, 'request' | 'on'>;
  }
}

type Connection = Mirror['connection'];

/** One window of several. */
class Window {
  connection: Connection = 'connected';
  answer: AlertAction | undefined;
  readonly shown: string[] = [];
  readonly offered: (readonly AlertAction[])[] = [];
  readonly done: unknown[][] = [];
  readonly servers = new Map<string, ServerView>();
  readonly alerts: AlertMirror;
  readonly questions = new StopQuestions((id) => void this.alerts.acknowledgeOf('stop-timeout', id));
  private readonly connectionChanged = new Emitter<never>();
  readonly onDidChangeConnection = this.connectionChanged.event;
  private readonly notifier: Notifier;

  constructor(core: FakeCore) {
    this.alerts = new AlertMirror(core.client(), this, log);
    this.notifier = new Notifier({
      ...{ alerts: this.alerts, reader, log, server: (id) => this.get(id) },
      isAskedHere: (id) => this.questions.has(id),
      ask: async (severity, text, actions) => {
        this.shown.push(`${severity}: ${text}`);
        this.offered.push(actions);
        return this.answer;
      },
      perform: performer({
        alerts: this.alerts,
        run: async (...command) => void this.done.push(command),
        openReport: async (server, at) => void this.done.push(['report', server, at]),
      }),
    });
  }

  get(id: string): ServerView | undefined {
    return this.servers.get(id);
  }

  is(connection: Connection): void {
    this.connection = connection;
    this.connectionChanged.fire(undefined as never);
  }

  dispose(): void {
    this.notifier.dispose();
    this.alerts.dispose();
  }
}

let core: FakeCore;
let first: Window;
let second: Window;
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const shown = (): string[] => [...first.shown, ...second.shown];

beforeEach(() => {
  vi.useFakeTimers({ now: noon });
  core = new FakeCore();
  first = new Window(core);
  second = new Window(core);
});
afterEach(() => {
  first.dispose();
  second.dispose();
  vi.useRealTimers();
});

describe('the alerts of a window', () => {
  test('are listed at every connect; those that are over go', async () => {
    core.list = [alert(), alert({ id: 'old', state: 'resolved' }), alert({ id: 'seen', state: 'acknowledged' })];
    first.is('connected');
    await pass(0);
    expect(first.alerts.open().map(({ id }) => id)).toEqual(['a1', 'seen']);
    expect(first.alerts.active().map(({ id }) => id)).toEqual(['a1']);
    first.is('connecting');
    expect(first.alerts.open()).toEqual([]);
    core.list = [alert({ id: 'new', rule: 'hung' })];
    first.is('connected');
    await pass(0);
    expect(first.alerts.open().map(({ id }) => id)).toEqual(['new']);
  });

  test('follow what is told: new, acknowledged, resolved', async () => {
    let changes = 0;
    first.alerts.onDidChange(() => changes++);
    core.raise(alert());
    core.raise(alert({ id: 'b', lastAt: noon + 1 }));
    expect(first.alerts.open().map(({ id }) => id)).toEqual(['b', 'a1']);
    await second.alerts.acknowledge('b');
    expect(first.alerts.open().map(({ id }) => id)).toEqual(['a1', 'b']);
    core.raise(alert({ state: 'resolved' }));
    expect(first.alerts.open().map(({ id }) => id)).toEqual(['b']);
    expect(first.alerts.resolved().map(({ id }) => id)).toEqual(['a1']);
    expect(changes).toBe(4);
  });

  test('a background process that knows none is no fault', async () => {
    core.refuses = true;
    first.is('connected');
    await pass(0);
    expect(first.alerts.open()).toEqual([]);
    expect(await first.alerts.claim('a1')).toBe(false);
    await first.alerts.acknowledgeOf('crash', 'demo');
    expect(first.alerts.isListed).toBe(false);
    await expect(first.alerts.mute('a1', null)).rejects.toThrow();
  });

  test('those that are over stay for a while, the newest of them', async () => {
    for (let index = 0; index < 25; index++) {
      core.list.push(alert({ id: `old${index}`, state: 'resolved', lastAt: noon + index }));
    }
    first.is('connected');
    await pass(0);
    expect(first.alerts.isListed).toBe(true);
    const ids = first.alerts.resolved().map(({ id }) => id);
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([20, 'old24', 'old5']);
    core.raise(alert({ id: 'new', state: 'resolved', lastAt: noon + 99 }));
    expect(first.alerts.resolved().map(({ id }) => id)).toEqual(['new', ...ids.slice(0, -1)]);
    first.is('down');
    expect([first.alerts.isListed, first.alerts.resolved()]).toEqual([false, []]);
  });

  test('muted ones come last, and those of servers that somebody works on do not press', async () => {
    core.raise(alert({ id: 'muted', state: 'muted', mutedUntil: null, lastAt: noon + 9 }));
    core.raise(alert({ id: 'seen', state: 'acknowledged' }));
    core.raise(alert({ id: 'worked', server: 'other', lastAt: noon + 5 }));
    core.raise(alert({ id: 'new' }));
    first.servers.set('other', view({ id: 'other', maintenance: { until: null } }));
    expect(first.alerts.open().map(({ id }) => id)).toEqual(['worked', 'new', 'seen', 'muted']);
    expect(first.alerts.pressing().map(({ id }) => id)).toEqual(['new']);
  });
});

describe('a notification', () => {
  test('is shown in one window, when the alert begins', async () => {
    core.raise(alert());
    await pass(0);
    expect(shown()).toEqual(['error: Demo Server crashed (SIGSEGV).']);
    expect([...first.offered, ...second.offered]).toEqual([['incident', 'start', 'acknowledge', 'never']]);
  });

  test('is not shown again while it counts on, nor after a lost connection', async () => {
    core.raise(alert({ severity: 'warning' }));
    await pass(0);
    core.raise(alert({ severity: 'warning', count: 2 }));
    first.is('connecting');
    first.is('connected');
    await pass(0);
    expect(shown()).toHaveLength(1);
  });

  test('is shown again for what was acknowledged and happens again', async () => {
    core.raise(alert());
    await pass(0);
    await first.alerts.acknowledge('a1');
    core.raise(alert({ count: 2 }));
    await pass(0);
    expect(shown()).toHaveLength(2);
  });

  test('is shown for what has begun while no window was connected', async () => {
    core.list = [alert()];
    first.is('connected');
    second.is('connected');
    await pass(0);
    expect(shown()).toHaveLength(1);
  });

  test('a button acknowledges and does what it says; closing does neither', async () => {
    core.raise(alert());
    await pass(0);
    expect(core.list[0]?.state).toBe('active');
    first.answer = 'start';
    second.answer = 'start';
    core.raise(alert({ id: 'b', server: 'other' }));
    await pass(0);
    expect(core.list.map(({ state }) => state)).toEqual(['active', 'acknowledged']);
    expect([...first.done, ...second.done]).toEqual([['gameServers.start', 'other']]);
  });

  test('Open Crash Report shows the report of that very crash', async () => {
    first.answer = 'incident';
    core.raise(alert());
    await pass(0);
    expect(first.done).toEqual([['report', { id: 'demo', name: 'Demo Server' }, noon]]);
  });

  test('what is about no server asks which one, and a webhook is tested by its name', async () => {
    const ofPc = { server: 'monitor', serverName: '' };
    first.answer = 'metrics';
    core.raise(alert({ ...ofPc, rule: 'host-cpu-saturated', data: {} }));
    await pass(0);
    first.answer = 'webhook';
    core.raise(alert({ ...ofPc, id: 'b', rule: 'webhook-paused', data: { target: 'friends' } }));
    await pass(0);
    expect(first.done).toEqual([['gameServers.openMetrics'], ['gameServers.testWebhook', 'friends']]);
  });

  test("Don't Show Again mutes it for good, and nothing more pops up", async () => {
    first.answer = 'never';
    core.raise(alert());
    await pass(0);
    expect(core.list[0]).toMatchObject({ state: 'muted', mutedUntil: null });
    expect(first.done).toEqual([]);
    core.raise(alert({ state: 'muted', mutedUntil: null, count: 2 }));
    await pass(0);
    expect(shown()).toHaveLength(1);
  });

  test('is shown once more when it is worse because nobody looked, in one window', async () => {
    const waiting = { severity: 'warning', activeSince: noon } as const;
    core.raise(alert(waiting));
    await pass(900_000);
    const worse = { severity: 'error', activeSince: noon, escalation: { step: 1, at: noon + 900_000 } } as const;
    core.raise(alert(worse));
    core.raise(alert({ ...worse, count: 2 }));
    await pass(0);
    expect(shown()).toEqual([
      'warning: Demo Server crashed (SIGSEGV).',
      expect.stringMatching(/^error: .* Nobody has looked at this for 15 min\.$/) as string,
    ]);
    core.raise(alert({ ...worse, count: 2, escalation: { step: 2, at: noon + 1_800_000 } }));
    await pass(0);
    expect(shown()).toHaveLength(3);
  });

  test('is not shown while somebody works on the server', async () => {
    for (const window of [first, second]) window.servers.set('demo', view({ maintenance: { until: null } }));
    core.raise(alert());
    core.raise(alert({ id: 'late', rule: 'stop-timeout' }));
    await pass(10_000);
    expect(shown()).toEqual([]);
    expect(core.asked).toEqual([]);
  });

  test('nothing is shown for what is acknowledged or over already', async () => {
    core.raise(alert({ state: 'acknowledged' }));
    core.raise(alert({ id: 'b', state: 'resolved' }));
    await pass(10_000);
    expect(shown()).toEqual([]);
    expect(core.asked).toEqual([]);
  });
});

describe('a stop that takes too long', () => {
  const late = alert({ rule: 'stop-timeout', data: { graceSeconds: 60 } });

  test('is shown by no window when one of them has asked for the stop: it has its own question', async () => {
    second.questions.begin('demo');
    core.raise(late);
    await pass(60_000);
    expect(shown()).toEqual([]);
    second.questions.answered('demo');
    await pass(0);
    expect(core.list[0]?.state).toBe('acknowledged');
  });

  test('is shown by one of them when none has asked, or asked for another server', async () => {
    first.questions.begin('other');
    second.questions.begin('demo');
    second.questions.begin('demo');
    second.questions.end('demo');
    expect(second.questions.has('demo')).toBe(true);
    second.questions.end('demo');
    core.raise(late);
    await pass(60_000);
    expect(shown()).toEqual(['error: Demo Server has not stopped within 1 min. Its world may still be saving.']);
    expect([...first.offered, ...second.offered]).toEqual([['wait', 'kill', 'never']]);
  });

  test('is not shown when it has stopped meanwhile', async () => {
    core.raise(late);
    await pass(100);
    core.raise({ ...late, state: 'resolved' });
    await pass(60_000);
    expect(shown()).toEqual([]);
  });
});
