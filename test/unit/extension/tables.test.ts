import { describe, expect, test } from 'vitest';
import { alertRow } from '../../../src/extension/alerts/alertRows.js';
import { commandTable, fits, menuCapabilities } from '../../../src/extension/commands/table.js';
import { monitoringKeys, Settings, settings, type SettingKey } from '../../../src/extension/settings.js';
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
          const offered = alertStates.filter((state) => matches(when, alert({ state })));
          expect(offered, `${row.id}: ${when}`).toEqual(row.alerts ?? alertStates);
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
    expect(property.default).toBe(fallback);
    expect(property.type).toBe(typeof fallback);
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
    const leaves = (branch: unknown): number =>
      branch === null ? 1 : Object.values(branch as object).reduce((sum: number, part) => sum + leaves(part), 0);
    expect(monitoringKeys).toHaveLength(leaves(tree));
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
});
