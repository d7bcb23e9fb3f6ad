import { describe, expect, test } from 'vitest';
import { alertPolicy, defaultRules } from '../../../src/core/alerts/policy.js';
import { alertRow } from '../../../src/extension/alerts/alertRows.js';
import { commandTable, fits, menuCapabilities } from '../../../src/extension/commands/table.js';
import { monitoringKeys, settingAt, Settings, settings, type SettingKey } from '../../../src/extension/settings.js';
import { alertRules } from '../../../src/shared/alert.js';
import type { Alert, State } from '../../../src/shared/contract.js';
import { serverRow } from '../../../src/extension/tree/rows.js';
import { alert, noon, reader, view } from './fixtures.js';
import { manifest, readJson } from './manifest.js';

const states: State[] = ['stopped', 'starting', 'running', 'stopping', 'crashed', 'restarting', 'failed'];
/** What a row is to the menus, with all that it may have behind it. */
const rowOf = (state: State, capabilities: readonly string[] = menuCapabilities): string => {
  const stop = state === 'stopping' ? { steps: [step], endsAt: null } : undefined;
  const context = { ...reader, live: true, down: false, now: noon, cpus: 4, scale: 'pc', stop } as const;
  const maintenance = { until: null };
  return serverRow(view({ state, capabilities: [...capabilities], maintenance }), context).contextValue;
};
const step = { step: 'announce', startedAt: noon, endedAt: 0, outcome: 'done', detail: null } as const;
const able = (state: State) => ({ state, capabilities: [...menuCapabilities], maintenance: { until: null } });
const languages = ['package.nls.json', 'package.nls.ko.json'].map((file) => readJson(file) as Record<string, string>);

describe('commands', () => {
  const contributed = manifest.contributes.commands;

  test('the table and the manifest have the same', () => {
    expect(contributed.map(({ command }) => command).sort()).toEqual(commandTable.map(({ id }) => id).sort());
  });

  test.each(contributed)('$command has a title in every language', ({ title, category }) => {
    for (const texts of languages) {
      expect(texts[title.slice(1, -1)]).toBeTruthy();
      expect(texts[category.slice(1, -1)]).toBeTruthy();
    }
  });

  test('every menu item is a command, and is offered in no state in which it makes no sense', () => {
    for (const { command, when = '' } of Object.values(manifest.contributes.menus).flat()) {
      const row = commandTable.find(({ id }) => id === command);
      expect(row, command).toBeDefined();
      const pattern = /viewItem =~ \/(.+)\//.exec(when)?.[1];
      if (pattern === undefined || row?.on !== 'servers') continue;
      const offered = states.filter((state) => new RegExp(pattern).test(rowOf(state)));
      expect(
        offered.filter((state) => !fits(row, able(state))),
        `${command}: ${when}`,
      ).toEqual([]);
    }
  });

  test('every command on servers is in the context menu, in every state in which it makes sense', () => {
    const items = manifest.contributes.menus['view/item/context']!.filter(({ group }) => !group!.startsWith('inline'));
    for (const row of commandTable.filter(({ on }) => on === 'servers')) {
      const pattern = /viewItem =~ \/(.+)\//.exec(items.find(({ command }) => command === row.id)?.when ?? '')?.[1];
      expect(pattern, row.id).toBeDefined();
      const offered = states.filter((state) => new RegExp(pattern!).test(rowOf(state)));
      expect(offered, row.id).toEqual(states.filter((state) => fits(row, able(state))));
    }
  });

  test('what a game cannot do is offered nowhere', () => {
    const items = manifest.contributes.menus['view/item/context']!.filter(({ when }) => !when!.includes('alerts'));
    for (const row of commandTable.filter(({ capability }) => capability !== undefined)) {
      const others = menuCapabilities.filter((one) => one !== row.capability);
      expect(fits(row, { state: 'running', capabilities: others }), row.id).toBe(false);
      for (const { when = '' } of items.filter(({ command }) => command === row.id)) {
        const pattern = new RegExp(/viewItem =~ \/(.+)\//.exec(when)![1]!);
        expect(pattern.test(rowOf('running')), row.id).toBe(true);
        expect(pattern.test(rowOf('running', others)), row.id).toBe(false);
      }
    }
  });

  test('the end of maintenance is offered only where somebody works, whatever a game is called', () => {
    const item = manifest.contributes.menus['view/item/context']!.find(
      ({ command }) => command === 'gameServers.endMaintenance',
    );
    const pattern = new RegExp(/viewItem =~ \/(.+)\//.exec(item!.when!)![1]!);
    for (const context of ['server.running.demo', 'server.stopped.maintenance', 'server.running.maintenance.can-save'])
      expect(pattern.test(context), context).toBe(false);
    for (const context of ['server.running.demo.maintenance', 'server.stopping.demo.can-save.maintenance.cancellable'])
      expect(pattern.test(context), context).toBe(true);
    const row = commandTable.find(({ id }) => id === 'gameServers.endMaintenance')!;
    expect([fits(row, view()), fits(row, view({ maintenance: { until: null } }))]).toEqual([false, true]);
  });

  describe('on alerts', () => {
    const items = manifest.contributes.menus['view/item/context']!.filter(({ when }) => when!.includes('alerts'));
    const matches = (when: string, one: Alert): boolean =>
      new RegExp(/viewItem =~ \/(.+)\//.exec(when)![1]!).test(alertRow(one, undefined, noon, reader).contextValue);
    const alertStates = ['active', 'acknowledged', 'muted', 'resolved'] as const;

    test('what they can be told is in their menu in the states in which it makes sense', () => {
      const rows = commandTable.filter(({ id, on }) => on === 'alerts' && id !== 'gameServers.alertActions');
      for (const row of rows) {
        const found = items.filter(({ command }) => command === row.id);
        expect(found.length, row.id).toBeGreaterThan(0);
        for (const { when = '' } of found) {
          for (const rule of row.rules ?? ['crash' as const]) {
            const offered = alertStates.filter((state) => matches(when, alert({ state, rule })));
            expect(offered, `${row.id}: ${when}`).toEqual(row.alerts ?? alertStates);
          }
          const others = alertRules.filter((rule) => row.rules !== undefined && !row.rules.includes(rule));
          for (const rule of others) expect(matches(when, alert({ rule })), `${row.id} ${rule}`).toBe(false);
        }
      }
    });

    test('what helps is in the menu of those that it helps with', () => {
      const offered = (rule: Alert['rule'], change: Partial<Alert> = {}): string[] =>
        items
          .filter(({ when, group }) => /^(1_do|9)/.test(group!) && matches(when!, alert({ rule, ...change })))
          .map(({ command }) => command.replace('gameServers.', ''));
      expect(offered('crash')).toEqual(['openAlertReport', 'start']);
      expect(offered('crash', { state: 'resolved' })).toEqual(['openAlertReport']);
      expect(offered('hung')).toEqual(['restart', 'openConsole']);
      expect(offered('stop-timeout')).toEqual(['kill']);
      // A webhook is tested by its name, which a menu does not give.
      for (const rule of alertRules) expect(offered(rule), rule).not.toEqual([]);
    });
  });

  test('what acts on servers says what there is none of', () => {
    for (const row of commandTable) expect(row.none !== undefined, row.id).toBe(row.on === 'servers');
  });
});

describe('settings', () => {
  const properties = Object.assign(
    {},
    ...manifest.contributes.configuration.map((part) => part.properties),
  ) as Manifest;
  type Manifest = Record<string, (typeof manifest)['contributes']['configuration'][number]['properties'][string]>;
  const own = Object.entries(settings).map(([key, setting]) => [`gameServers.${key}`, setting] as const);

  test('the table and the manifest have the same', () => {
    expect(Object.keys(properties).sort()).toEqual(own.map(([key]) => key).sort());
  });

  test.each(own)('%s: the same default, type and limits', (key, { fallback, read }) => {
    const property = properties[key]!;
    expect(property.default).toEqual(fallback);
    expect(property.type).toBe(Array.isArray(fallback) ? 'array' : typeof fallback);
    expect(read(property.default)).toEqual(fallback);
    for (const choice of property.enum ?? []) expect(read(choice)).toBe(choice);
    for (const limit of [property.minimum, property.maximum]) if (limit !== undefined) expect(read(limit)).toBe(limit);
    if (property.minimum !== undefined) expect(read(property.minimum - 1)).toBeUndefined();
    if (property.maximum !== undefined) expect(read(property.maximum + 1)).toBeUndefined();
  });

  test('no folder can set what becomes a command line or concerns all windows', () => {
    const free = Object.entries(properties).filter(([, { scope }]) => scope !== 'machine');
    expect(free.map(([key]) => key)).toEqual(['gameServers.cpuScale']);
  });

  const reading = (values: Record<string, unknown>): Settings =>
    new Settings({ get: (key) => values[key], explicit: (key) => values[key] });

  test('a value that makes no sense counts as not set', () => {
    const read = reading({ cpuScale: 'moon', dataDirectory: 7, 'sampling.busyPercent': '70' });
    expect(read.get('cpuScale')).toBe('pc');
    expect(read.get('dataDirectory')).toBe('');
    expect(read.forMonitoring(new Set()).tree).toEqual({});
  });

  test('the monitoring is told of every setting that is its own, and of no other', () => {
    const { tree } = new Settings({ get: () => undefined, explicit: () => undefined }).forMonitoring(
      new Set(Object.keys(settings) as SettingKey[]),
    );
    // What is taken back goes back to its default, at every place.
    const places = (branch: unknown, path: string): string[] =>
      branch === null
        ? [path]
        : Object.entries(branch as object).flatMap(([key, part]) => places(part, path === '' ? key : `${path}.${key}`));
    const told = places(tree, '');
    const quiet: SettingKey[] = ['alerts.quietTo', 'alerts.quietDays', 'alerts.quietTellsErrors'];
    expect([...new Set(told.map(settingAt)), ...quiet].sort()).toEqual([...monitoringKeys].sort());
    expect(monitoringKeys).toEqual(expect.arrayContaining(['budget.cpuPercent', 'memory.highPercent', 'language']));
    expect(monitoringKeys).not.toContain('cpuScale');
  });

  test('only what was set is sent, and what was taken back goes back to its default', () => {
    const first = reading({ 'sampling.baseIntervalMs': 2000, language: 'ko', cpuScale: 'core' }).forMonitoring(
      new Set(),
    );
    expect(first.tree).toEqual({ sampling: { baseIntervalMs: 2000 }, language: 'ko' });
    const keys = new Set<SettingKey>(['sampling.baseIntervalMs', 'language']);
    expect(first.keys).toEqual(keys);
    const second = reading({ language: 'ko' }).forMonitoring(first.keys);
    expect(second.tree).toEqual({ sampling: { baseIntervalMs: null }, language: 'ko' });
    expect(reading({}).forMonitoring(new Set()).tree).toEqual({});
    const consent = reading({ rememberPasswords: true }).forMonitoring(new Set());
    expect(consent.tree).toEqual({ secrets: { remember: true } });
    // Seconds here, milliseconds there.
    const games = reading({ 'games.pollInterval': 20, 'games.busyPollInterval': 301 }).forMonitoring(new Set());
    expect(games.tree).toEqual({ games: { pollIntervalMs: 20_000 } });
    // Megabytes here, bytes there.
    const budget = reading({ 'budget.cpuPercent': 0.5, 'budget.memoryMegabytes': 150 }).forMonitoring(new Set());
    expect(budget.tree).toEqual({ budget: { cpuPercent: 0.5, memoryBytes: 150 * 1024 * 1024 } });
    expect(reading({}).forMonitoring(budget.keys).tree).toEqual({ budget: { cpuPercent: null, memoryBytes: null } });
    expect(reading({}).forMonitoring(consent.keys).tree).toEqual({ secrets: { remember: null } });
    expect(reading({ rememberPasswords: 'yes' }).forMonitoring(new Set()).tree).toEqual({});
  });

  describe('of alerts', () => {
    const rules = (key: string) => properties[`gameServers.alerts.${key}`]!;
    const told = (values: Record<string, unknown>, sent: SettingKey[] = []) =>
      reading(values).forMonitoring(new Set(sent)).tree.alerts;

    test('every rule can be set, and nothing else', () => {
      for (const key of ['enabled', 'severity', 'cooldownMinutes']) {
        expect(Object.keys(rules(key).properties!).sort(), key).toEqual([...alertRules].sort());
        expect(rules(key).additionalProperties).toBe(false);
      }
      for (const [rule, property] of Object.entries(rules('enabled').properties!)) {
        expect(property.default, rule).toBe(settings['alerts.enabled'].fallback[rule as (typeof alertRules)[number]]);
      }
    });

    test('what is on, and every number, is by default what the monitoring takes for it', () => {
      const values = Object.fromEntries(own.map(([key, { fallback }]) => [key.replace('gameServers.', ''), fallback]));
      const { tree } = reading(values).forMonitoring(new Set());
      const given = withoutNulls(tree.alerts) as Parameters<typeof alertPolicy>[0];
      expect(alertPolicy(given)).toEqual(alertPolicy());
      expect(alertPolicy(given).rules).toEqual(defaultRules);
      expect(Object.keys(given!.rules!.leak!)).toEqual(['enabled', 'hoursLeft']);
    });

    test('what is in an object counts, what is not is taken back, what makes no sense is left out', () => {
      const first = told({
        'alerts.enabled': { crash: false, anomaly: true, moon: true, hung: 'no' },
        'alerts.cooldownMinutes': { crash: 5, leak: -1 },
        'alerts.severity': { hung: 'error', leak: 'loud' },
        'alerts.diskFreeGigabytes': 20,
      }) as { rules: Record<string, unknown> };
      expect(Object.keys(first.rules).sort()).toEqual([...alertRules].sort());
      expect(first.rules.crash).toEqual({ enabled: false, cooldownSeconds: 300, severity: null });
      expect(first.rules.hung).toEqual({ enabled: null, cooldownSeconds: null, severity: 'error' });
      expect(first.rules.leak).toEqual({ enabled: null, cooldownSeconds: null, severity: null });
      expect(first.rules['disk-nearly-full']).toMatchObject({ freeBytes: 20 * 1024 ** 3 });
      expect(told({ 'alerts.enabled': [] })).toBeUndefined();
      const back = told({}, ['alerts.enabled']) as typeof first;
      expect(Object.values(back.rules)).toEqual(alertRules.map(() => ({ enabled: null })));
    });

    test('quiet hours are there where both ends are set', () => {
      const ends = { 'alerts.quietFrom': '23:00', 'alerts.quietTo': '08:00' };
      const plain = { from: '23:00', to: '08:00', days: null, tellErrors: null };
      expect(told(ends)).toEqual({ quietHours: plain });
      const all = { ...ends, 'alerts.quietDays': ['sat', 'fri', 'moon'], 'alerts.quietTellsErrors': false };
      expect(told(all)).toEqual({ quietHours: { ...plain, days: ['fri', 'sat'], tellErrors: false } });
      for (const to of ['', '8:00', '24:30', 7]) {
        expect(told({ ...ends, 'alerts.quietTo': to })).toEqual({ quietHours: null });
      }
      expect(told({ ...ends, 'alerts.quietTo': '24:00' })).toMatchObject({ quietHours: { to: '24:00' } });
      expect(told({}, ['alerts.quietFrom'])).toEqual({ quietHours: null });
    });

    test('0 minutes of absence: never', () => {
      expect(told({ 'alerts.awayMinutes': 0 })).toEqual({ away: { enabled: false, minMinutes: null } });
      expect(told({ 'alerts.awayMinutes': 60 })).toEqual({ away: { enabled: null, minMinutes: 60 } });
      expect(told({ 'alerts.awayMinutes': 0.5 })).toBeUndefined();
    });
  });

  test('webhooks are told as they are, as a whole; the monitoring looks at them', () => {
    const webhooks = [{ name: 'a', kind: 'discord', later: 1 }, 'what?'];
    const { tree, keys } = reading({ webhooks }).forMonitoring(new Set());
    expect(tree).toEqual({ webhooks });
    expect(reading({}).forMonitoring(keys).tree).toEqual({ webhooks: null });
  });

  test('a place in the settings of the monitoring leads back to the setting', () => {
    const places = [
      'webhooks.1.kind',
      'alerts.quietHours.to',
      'alerts.rules.leak.hoursLeft',
      'alerts.rules.hung.severity',
    ];
    expect(places.map(settingAt)).toEqual(['webhooks', 'alerts.quietFrom', 'alerts.leakHours', 'alerts.severity']);
    expect(settingAt('alerts')).toBeUndefined();
    expect(settingAt('languages')).toBeUndefined();
  });
});

function withoutNulls(tree: unknown): unknown {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return tree;
  const entries = Object.entries(tree).filter(([, value]) => value !== null);
  return Object.fromEntries(entries.map(([key, value]) => [key, withoutNulls(value)]));
}
