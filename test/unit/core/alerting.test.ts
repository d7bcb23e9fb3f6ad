import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Alerting, type AlertingParts } from '../../../src/core/alerting.js';
import type { HistoryEvent, HostSample } from '../../../src/core/ports.js';
import { Settings } from '../../../src/core/settings.js';
import type { ServerView, WebhookStatus } from '../../../src/shared/contract.js';
import { useTempFolder } from '../node/support/tempFolder.js';

const hooks = vi.hoisted(() => ({ calls: [] as string[], fails: false, statuses: [] as unknown[] }));

vi.mock('../../../src/core/alerts/webhooks/webhooks.js', () => {
  const call = (text: string): void => {
    if (hooks.fails) throw new Error('broken');
    hooks.calls.push(text);
  };
  class Webhooks {
    tell = (alert: { rule: string }, { reason }: { reason: string }): void => call(`${alert.rule} ${reason}`);
    configure = (): void => call('configure');
    addressChanged = (name: string): void => call(`address ${name}`);
    list = (): unknown[] => hooks.statuses;
    test = (name: string) => Promise.resolve({ status: 200, detail: name });
    dispose = (): Promise<void> => (hooks.fails ? Promise.reject(new Error('broken')) : Promise.resolve());
  }
  return { Webhooks };
});
vi.mock('../../../src/core/alertWatch.js', () => {
  class AlertWatch {
    round = (): void => {
      if (hooks.fails) throw new Error('broken');
      hooks.calls.push('round');
    };
    forget = (id: string): void => void hooks.calls.push(`forget ${id}`);
  }
  return { AlertWatch };
});

const at = useTempFolder();
const start = Date.UTC(2026, 2, 10, 12);
const minute = 60_000;
const demo = { id: 'demo', name: 'Demo' };
const host: HostSample = { cpuPercent: 1, memoryUsedPercent: 1, memoryTotalBytes: 1 };

let told: string[];
let logged: string[];
let find: ReturnType<typeof vi.fn<AlertingParts['events']['find']>>;
let settings: Settings;
let alerting: Alerting;

/** A core that begins in this folder. */
function open(): Alerting {
  const log = { write: (level: string, _: string, text: string) => void logged.push(`${level} ${text}`) };
  settings = new Settings(at(), log);
  const made: Alerting = new Alerting({
    ...{ dataDir: at(), log, settings, events: { find } },
    secrets: { kept: () => undefined },
    api: () => ({ is: 'none', via: null, since: 0, hasAnswered: false }),
    disk: () => undefined,
    server: (id) => (id === 'demo' ? ({ id, maintenance: made.maintenance.of(id) } as ServerView) : undefined),
    clients: () => ({
      broadcast: (method, params) => {
        const view = params as Partial<ServerView>;
        told.push(method === 'server/changed' ? `${String(view.id)} ${JSON.stringify(view.maintenance)}` : method);
      },
    }),
    recorder: () => ({ alertChanged: () => void told.push('recorded'), settingsChanged: () => void told.push('set') }),
  });
  made.open();
  return made;
}
function set(change: Record<string, unknown>): void {
  settings.set(change);
  alerting.settingsChanged();
}

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  told = [];
  logged = [];
  find = vi.fn(() => Promise.resolve([]));
  Object.assign(hooks, { calls: [], fails: false, statuses: [] });
  alerting = open();
});
afterEach(() => {
  vi.useRealTimers();
});

test('an alert is recorded, told to windows and to webhooks', () => {
  alerting.alerts.raise('hung', demo, {});
  expect(told).toEqual(['recorded', 'alert/raised', 'demo undefined']);
  expect(hooks.calls).toEqual(['hung new']);
  const { id } = alerting.alerts.list()[0]!;
  expect([alerting.claim(id), alerting.claim(id)]).toEqual([true, false]);
});

test('webhooks and detectors that fail at everything hold up nobody', async () => {
  hooks.fails = true;
  alerting.begin([], true);
  alerting.alerts.raise('hung', demo, {});
  alerting.round(Date.now(), host, []);
  set({ webhooks: [{ name: 'a', kind: 'generic' }], language: 'ko' });
  alerting.addressChanged(undefined);
  alerting.heard('ko');
  await alerting.dispose();
  expect(told).toContain('alert/raised');
  expect(logged.length).toBeGreaterThan(4);
  expect(logged.every((text) => text.startsWith('error'))).toBe(true);
});

describe('what waits for its time', () => {
  test('is looked at also while nothing is measured, by one timer', () => {
    set({ alerts: { escalateAfterMinutes: 15 } });
    vi.advanceTimersByTime(minute);
    const idle = vi.getTimerCount();
    alerting.alerts.raise('hung', demo, {});
    for (const id of ['a', 'b', 'c']) alerting.alerts.raise('hung', { id, name: id }, {});
    vi.advanceTimersByTime(5000);
    expect(vi.getTimerCount()).toBe(idle + 1);
    vi.advanceTimersByTime(14 * minute);
    expect(hooks.calls).not.toContain('hung worse');
    vi.advanceTimersByTime(minute + 5000);
    expect(hooks.calls).toContain('hung worse');
    expect(idle).toBe(0);
  });

  test('is looked at with the rounds, at most each 10 s', () => {
    const look = vi.spyOn(alerting.alerts, 'unmuteDue');
    for (let n = 0; n < 20; n++) alerting.round(Date.now() + n, host, []);
    expect(look).toHaveBeenCalledTimes(1);
    vi.setSystemTime(start + 10_000);
    alerting.round(Date.now(), host, []);
    expect(look).toHaveBeenCalledTimes(2);
    expect(hooks.calls.filter((call) => call === 'round')).toHaveLength(21);
  });

  test('a maintenance ends by its time, and that is told', () => {
    alerting.maintenance.set('demo', true, start + 90_000);
    expect(told).toEqual(['set', `demo {"until":${start + 90_000}}`]);
    alerting.alerts.raise('hung', demo, {});
    expect(hooks.calls).toEqual([]);
    expect(alerting.claim(alerting.alerts.list()[0]!.id)).toBe(false);
    told.length = 0;
    vi.advanceTimersByTime(91_000);
    expect(told).toEqual(['set', 'demo undefined']);
    expect(hooks.calls).toEqual(['hung new']);
    expect(settings.alerts.maintenance).toEqual({});
  });
});

describe('other settings', () => {
  test('hold at once: for what is open, and for webhooks', () => {
    alerting.alerts.raise('hung', demo, {});
    set({ alerts: { rules: { hung: { enabled: false } } } });
    expect(alerting.alerts.list()).toMatchObject([{ state: 'resolved' }]);
    expect(hooks.calls).toEqual(['hung new', 'configure']);
    expect(alerting.policy().rules.hung.enabled).toBe(false);
  });

  test('that switch a webhook off end what is said of it', () => {
    const webhook = (name: string, enabled = true) => ({ name, kind: 'generic', enabled });
    set({ webhooks: [webhook('a'), webhook('b'), webhook('c')] });
    const resumed = vi.spyOn(alerting.alertRules, 'webhookResumed');
    set({ webhooks: [webhook('a'), webhook('b', false)] });
    expect(resumed.mock.calls).toEqual([['b'], ['c']]);
  });

  test('an address is told to the webhook that it is of', () => {
    set({ webhooks: ['a', 'b'].map((name) => ({ name, kind: 'generic' })) });
    hooks.calls.length = 0;
    alerting.addressChanged('webhook.b');
    alerting.addressChanged('webhook.none');
    alerting.addressChanged(undefined);
    expect(hooks.calls).toEqual(['address b', 'address a', 'address b']);
  });
});

test('what an earlier process has left alone is known', () => {
  const status = { name: 'a', isPaused: true, detail: '404', nextAt: 5 } satisfies Partial<WebhookStatus>;
  hooks.statuses = [status, { ...status, name: 'b', isPaused: false }];
  const paused = vi.spyOn(alerting.alertRules, 'webhookPaused');
  alerting.begin([], true);
  expect(paused.mock.calls).toEqual([['a', '404', 5]]);
});

test('at the start is told what nobody has heard of, and what is switched off is over', () => {
  const alerts = ['hung', 'crash', 'tick-rate-low'].map((rule, n) => ({
    ...{ id: `a${n}`, rule, server: 'demo', serverName: 'Demo', severity: 'warning', state: 'active' },
    ...{ firstAt: 1, lastAt: 1, count: 1, data: { restarts: true } },
  }));
  fs.writeFileSync(at('alerts.json'), JSON.stringify({ version: 1, alerts }));
  alerting = open();
  alerting.begin([{ id: 'demo', view: () => ({ exit: null, pid: 5 }) }] as never, true);
  expect(hooks.calls.sort()).toEqual(['crash new', 'hung new']);
  expect(alerting.alerts.latest('tick-rate-low', 'demo')).toMatchObject({ state: 'resolved' });
  vi.advanceTimersByTime(1000);
  hooks.calls.length = 0;
  alerting = open();
  alerting.begin([{ id: 'demo', view: () => ({ exit: null, pid: 5 }) }] as never, true);
  expect(hooks.calls).toEqual([]);
});

describe('the language', () => {
  test('is that of the settings, else of the window that said so last, also of an earlier process', async () => {
    alerting.heard('ko');
    expect(alerting.language()).toBe('ko');
    expect(hooks.calls).toEqual(['configure']);
    alerting.heard('ko');
    expect(hooks.calls).toHaveLength(1);
    await alerting.dispose();
    alerting = open();
    expect(alerting.language()).toBe('ko');
    set({ language: 'en' });
    hooks.calls.length = 0;
    alerting.heard('en');
    expect([alerting.language(), hooks.calls]).toEqual(['en', []]);
  });

  test.each([
    ['ko-KR', 'ko'],
    ['de-DE', 'en'],
  ])('of a PC that speaks %s, before any window has said one: %s', (locale, language) => {
    // They put an Intl of their own in its place.
    vi.useRealTimers();
    vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockReturnValue({
      locale,
    } as Intl.ResolvedDateTimeFormatOptions);
    expect(alerting.language()).toBe(language);
    vi.restoreAllMocks();
  });
});

describe('while nobody looked', () => {
  const crashed = (time: number): HistoryEvent => ({ at: time, id: 'demo', kind: 'crashed', data: {} });
  const back = (): void => {
    alerting.setWindows(1);
    vi.setSystemTime(start + minute);
    alerting.setWindows(0);
    vi.setSystemTime(start + 60 * minute);
    alerting.setWindows(1);
    alerting.setWindows(2);
  };

  test('the first that asks is told what happened, from events of that time', async () => {
    find.mockImplementation(() => Promise.resolve([crashed(start + 5 * minute), crashed(start)]));
    back();
    const answers = await Promise.all([alerting.whileAway(), alerting.whileAway()]);
    const span = { from: start + minute, to: start + 60 * minute };
    expect(answers).toMatchObject([{ ...span, counts: { crashes: 1, servers: ['demo'] } }, null]);
    expect(find.mock.calls[0]?.[0].to).toBe(span.to);
    expect(find.mock.calls[0]?.[0].kinds).toEqual(expect.arrayContaining(['crashed', 'started', 'alert']));
  });

  test('nothing is told where it is switched off, nor after a shorter time', async () => {
    find.mockImplementation(() => Promise.resolve([crashed(start + 5 * minute)]));
    set({ alerts: { away: { enabled: false } } });
    back();
    expect(await alerting.whileAway()).toBeNull();
    set({ alerts: { away: { enabled: true, minMinutes: 90 } } });
    alerting.setWindows(0);
    vi.setSystemTime(start + 149 * minute);
    alerting.setWindows(1);
    expect(await alerting.whileAway()).toBeNull();
  });

  test('where nothing can be read, the next that asks is told', async () => {
    find.mockRejectedValueOnce(new Error('not read'));
    find.mockResolvedValueOnce([crashed(start + 5 * minute)]);
    back();
    await expect(alerting.whileAway()).rejects.toThrow('not read');
    expect(await alerting.whileAway()).toMatchObject({ counts: { crashes: 1 } });
  });

  test('a core that was killed knows within a minute or two when a window was there', async () => {
    alerting.setWindows(1);
    vi.advanceTimersByTime(600_000);
    // Killed: nothing is written any more.
    vi.clearAllTimers();
    vi.setSystemTime(start + 120 * minute);
    find.mockImplementation(() => Promise.resolve([crashed(start + 60 * minute)]));
    alerting = open();
    alerting.setWindows(1);
    const answer = await alerting.whileAway();
    expect(answer?.from).toBeGreaterThan(start + 8 * minute);
    expect(answer?.from).toBeLessThanOrEqual(start + 10 * minute);
  });
});
