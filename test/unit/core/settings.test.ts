import fs from 'node:fs';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { alertPolicy } from '../../../src/core/alerts/policy.js';
import { defaultBudget } from '../../../src/core/budget/budget.js';
import { defaultLimits } from '../../../src/core/console/limits.js';
import { defaultIntervals } from '../../../src/core/sampling/interval.js';
import { Settings } from '../../../src/core/settings.js';
import { failing, thrownBy } from '../node/support/failing.js';
import { useTempFolder } from '../node/support/tempFolder.js';

const at = useTempFolder();
const logged: string[] = [];
const settings = (): Settings => new Settings(at(), { write: (level, tag) => logged.push(`${level} ${tag}`) });
const onDisk = (): unknown => JSON.parse(fs.readFileSync(at('settings.json'), 'utf8'));
beforeEach(() => {
  logged.length = 0;
});

describe('settings', () => {
  test('have their defaults, without a file and without a word', () => {
    const fresh = settings();
    expect(fresh.sampling).toEqual(defaultIntervals);
    const secrets = { remember: false };
    const retention = { rawHours: 24, minuteDays: 8, quarterDays: 60, hourDays: 400, eventDays: 400 };
    const store = { flushIntervalMs: 10_000, flushRows: 1000, retention };
    const memory = { cacheBytes: 50 * 1024 * 1024, highPercent: 80, criticalPercent: 90 };
    const { rules, escalateAfterMinutes, away } = alertPolicy();
    const insight = { enabled: true, method: 'robust' };
    const told = { alerts: { rules, escalateAfterMinutes, away }, language: 'auto', insight };
    const rest = { console: defaultLimits, budget: defaultBudget, secrets, store, memory, ...told };
    expect(fresh.all).toEqual({ sampling: defaultIntervals, ...rest });
    expect([fresh.webhooks, fresh.announcements]).toEqual([[], { stop: undefined, restart: undefined }]);
    expect(fs.readdirSync(at())).toEqual([]);
    expect(logged).toEqual([]);
  });

  test('that were set hold, also in the next core; only they are written', () => {
    settings().set({ sampling: { baseIntervalMs: 5000 } });
    settings().set({ sampling: { busyPercent: 60 } });
    expect(settings().sampling).toEqual({ ...defaultIntervals, baseIntervalMs: 5000, busyPercent: 60 });
    expect(onDisk()).toEqual({ sampling: { baseIntervalMs: 5000, busyPercent: 60 } });
    if (process.platform !== 'win32') expect(fs.statSync(at('settings.json')).mode & 0o777).toBe(0o600);
  });

  test('of how often is measured: 2 s at least, longer with the load; what is corrected is said once', () => {
    const some = settings();
    some.set({ sampling: { baseIntervalMs: 1000, panelIntervalMs: 1 } });
    expect(some.sampling).toEqual({ ...defaultIntervals, baseIntervalMs: 2000, panelIntervalMs: 2000 });
    expect(logged).toEqual(['warn settings', 'warn settings']);
    some.set({ memory: { criticalPercent: 95 } });
    expect(logged).toHaveLength(2);
    // What was never set gives way without a word.
    some.set({ sampling: { baseIntervalMs: 20_000, panelIntervalMs: 0 } });
    expect(some.sampling).toMatchObject({ busyIntervalMs: 20_000, saturatedIntervalMs: 20_000, panelIntervalMs: 0 });
    expect(logged).toHaveLength(2);
    some.set({
      sampling: { busyIntervalMs: 30_000, saturatedIntervalMs: 25_000, busyPercent: 80, saturatedPercent: 60 },
    });
    expect(some.sampling).toMatchObject({
      baseIntervalMs: 20_000,
      busyIntervalMs: 30_000,
      saturatedIntervalMs: 30_000,
    });
    expect(some.sampling).toMatchObject({ busyPercent: 80, saturatedPercent: 80 });
    expect(some.all.sampling).toEqual(some.sampling);
    expect(logged).toHaveLength(4);
    // As it was set, for the day that it holds.
    expect(onDisk()).toMatchObject({ sampling: { saturatedIntervalMs: 25_000 } });
    settings();
    expect(logged).toHaveLength(6);
  });

  test('of consoles: 10 MB and five older files, or what was set', () => {
    const some = settings();
    expect(some.console).toEqual({ rotateBytes: 10 * 1024 * 1024, keepFiles: 5 });
    some.set({ console: { keepFiles: 2 } });
    expect(settings().console).toEqual({ rotateBytes: 10 * 1024 * 1024, keepFiles: 2 });
  });

  test('of memory: from where on it is given back', () => {
    const some = settings();
    some.set({ memory: { highPercent: 60 } });
    expect(settings().memory).toEqual({ highPercent: 60, criticalPercent: 90, cacheBytes: 50 * 1024 * 1024 });
    some.set({ memory: { highPercent: null, criticalPercent: 95 } });
    expect(settings().memory).toMatchObject({ highPercent: 80, criticalPercent: 95 });
    for (const wrong of [{ highPercent: 0 }, { criticalPercent: 101 }, { highPercent: '80' }]) {
      expect(thrownBy(() => some.set({ memory: wrong }))).toSatisfy(failing('invalid-definition'));
    }
  });

  test('of what the monitoring may cost', () => {
    const some = settings();
    expect(some.budget).toEqual(defaultBudget);
    some.set({ budget: { cpuPercent: 2.5 } });
    expect(settings().budget).toEqual({ ...defaultBudget, cpuPercent: 2.5 });
    for (const wrong of [{ cpuPercent: 0 }, { memoryBytes: 1024 }, { memoryBytes: '140 MB' }]) {
      const set = (): void => some.set({ budget: wrong });
      expect(thrownBy(set)).toSatisfy(failing('invalid-definition'));
    }
  });

  test('of the history: how long it is kept, how often it is written, how much memory it may take', () => {
    const hourMs = 3_600_000;
    expect(settings().store.retention).toEqual({
      ...{ rawMs: 24 * hourMs, minuteMs: 8 * 24 * hourMs, quarterMs: 60 * 24 * hourMs },
      ...{ hourMs: 400 * 24 * hourMs, eventsMs: 400 * 24 * hourMs },
    });
    const some = settings();
    some.set({ store: { flushRows: 50, retention: { rawHours: 6, eventDays: 30 } }, memory: { cacheBytes: 9e6 } });
    const { store } = settings();
    expect(store).toMatchObject({ flushIntervalMs: 10_000, flushRows: 50, maxBytes: 9e6 });
    expect(store.retention).toMatchObject({ rawMs: 6 * hourMs, minuteMs: 8 * 24 * hourMs, eventsMs: 30 * 24 * hourMs });
    for (const wrong of [{ rawHours: 0 }, { hourDays: 1e6 }, { minuteDays: 'long' }]) {
      const set = (): void => some.set({ store: { retention: wrong } });
      expect(thrownBy(set)).toSatisfy(failing('invalid-definition'));
    }
  });

  test('go back to their default by null, one by one or together', () => {
    const some = settings();
    some.set({ sampling: { baseIntervalMs: 5000, busyPercent: 60 } });
    some.set({ sampling: { baseIntervalMs: null } });
    expect(some.sampling).toEqual({ ...defaultIntervals, busyPercent: 60 });
    some.set({ sampling: null });
    expect(some.sampling).toEqual(defaultIntervals);
    expect(onDisk()).toEqual({});
  });

  test('remember passwords only where somebody has said so, until that is taken back', () => {
    expect(settings().remembersSecrets).toBe(false);
    settings().set({ secrets: { remember: true } });
    expect(settings().remembersSecrets).toBe(true);
    settings().set({ secrets: { remember: null } });
    expect(settings().remembersSecrets).toBe(false);
    expect(settings().isReadable).toBe(true);
  });

  test('of a newer version are kept', () => {
    settings().set({ later: { a: 1, list: [1] }, sampling: { later: true } });
    settings().set({ later: { b: 2, list: [2] } });
    expect(onDisk()).toEqual({ later: { a: 1, b: 2, list: [2] }, sampling: { later: true } });
    expect(settings().all).toMatchObject({ later: { a: 1, b: 2, list: [2] } });
  });

  test.each([
    [{ sampling: { baseIntervalMs: 999 } }, 'sampling.baseIntervalMs'],
    [{ sampling: { busyIntervalMs: 60_001 } }, 'sampling.busyIntervalMs'],
    [{ sampling: { saturatedIntervalMs: '3000' } }, 'sampling.saturatedIntervalMs'],
    [{ sampling: { busyPercent: 0 } }, 'sampling.busyPercent'],
    [{ sampling: { saturatedPercent: 101 } }, 'sampling.saturatedPercent'],
    [{ sampling: { panelIntervalMs: -1 } }, 'sampling.panelIntervalMs'],
    [{ sampling: { relaxWhenHidden: 'yes' } }, 'sampling.relaxWhenHidden'],
    [{ sampling: 5 }, 'sampling'],
    [{ secrets: { remember: 'yes' } }, 'secrets.remember'],
    [{ insight: { enabled: 'yes' } }, 'insight.enabled'],
    [{ insight: { method: 'magic' } }, 'insight.method'],
  ])('refuse %j by name, and all of it', (change, field) => {
    const some = settings();
    some.set({ sampling: { baseIntervalMs: 5000 } });
    expect(thrownBy(() => some.set({ later: 1, ...change }))).toSatisfy(failing('invalid-definition', { field }));
    expect(some.sampling.baseIntervalMs).toBe(5000);
    expect(onDisk()).toEqual({ sampling: { baseIntervalMs: 5000 } });
  });

  test.each(['', '{', '[]x', '{"sampling":{"baseIntervalMs":5}}', '5'])(
    'in a file that holds %j are the defaults, with a warning',
    (text) => {
      fs.writeFileSync(at('settings.json'), text);
      expect(settings().sampling).toEqual(defaultIntervals);
      expect(settings().isReadable).toBe(false);
      expect(logged).toEqual(['warn settings', 'warn settings']);
    },
  );

  test('that cannot be written say io', () => {
    const some = settings();
    const failure = vi.spyOn(fs, 'renameSync').mockImplementation(() => {
      throw new Error('no space');
    });
    const thrown = thrownBy(() => some.set({ sampling: { busyPercent: 60 } }));
    failure.mockRestore();
    expect(thrown).toSatisfy(failing('io', { file: at('settings.json') }));
  });

  test('take null for a key that was never set', () => {
    const some = settings();
    some.set({ sampling: { baseIntervalMs: null } });
    expect(some.sampling).toEqual(defaultIntervals);
  });

  test('that could not be written are not in force', () => {
    const some = settings();
    const failure = vi.spyOn(fs, 'renameSync').mockImplementation(() => {
      throw new Error('no space');
    });
    thrownBy(() => some.set({ sampling: { busyPercent: 60 } }));
    failure.mockRestore();
    expect(some.sampling).toEqual(defaultIntervals);
  });
});
