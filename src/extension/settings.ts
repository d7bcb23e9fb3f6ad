import { alertSettings } from './alertSettings.js';
import { flag, list, megabytes, number, oneOf, seconds, text, textLike, type Setting } from './settingKinds.js';

/** What players are told: a single line. */
const announcement = /^[^\0\r\n]{1,200}$/;

/** Every setting below `gameServers.`. A test holds this table and package.json together, defaults included. */
export const settings = {
  dataDirectory: text(''),
  nodePath: text(''),
  cpuScale: oneOf(['pc', 'core']),
  language: oneOf(['auto', 'en', 'ko'], ['language']),
  rememberPasswords: flag(false, ['secrets', 'remember']),
  'sampling.baseIntervalMs': number(3000, 2000, 60_000, ['sampling', 'baseIntervalMs']),
  'sampling.busyIntervalMs': number(5000, 2000, 60_000, ['sampling', 'busyIntervalMs']),
  'sampling.saturatedIntervalMs': number(10_000, 2000, 60_000, ['sampling', 'saturatedIntervalMs']),
  'sampling.busyPercent': number(70, 10, 100, ['sampling', 'busyPercent']),
  'sampling.saturatedPercent': number(90, 10, 100, ['sampling', 'saturatedPercent']),
  'sampling.panelIntervalMs': number(0, 0, 60_000, ['sampling', 'panelIntervalMs']),
  'sampling.relaxWhenHidden': flag(false, ['sampling', 'relaxWhenHidden']),
  'memory.highPercent': number(80, 10, 100, ['memory', 'highPercent']),
  'memory.criticalPercent': number(90, 10, 100, ['memory', 'criticalPercent']),
  'budget.cpuPercent': number(1, 0.05, 100, ['budget', 'cpuPercent']),
  'budget.memoryMegabytes': megabytes(190, 16, 4096, ['budget', 'memoryBytes']),
  'games.pollInterval': seconds(15, 5, 300, ['games', 'pollIntervalMs']),
  'games.busyPollInterval': seconds(30, 5, 300, ['games', 'busyPollIntervalMs']),
  'history.rawHours': number(24, 1, 168, ['store', 'retention', 'rawHours']),
  'history.minuteDays': number(8, 1, 60, ['store', 'retention', 'minuteDays']),
  'history.quarterDays': number(60, 1, 400, ['store', 'retention', 'quarterDays']),
  'history.hourDays': number(400, 1, 4000, ['store', 'retention', 'hourDays']),
  'history.eventDays': number(400, 1, 4000, ['store', 'retention', 'eventDays']),
  'history.memoryMegabytes': megabytes(50, 8, 1024, ['memory', 'cacheBytes']),
  'history.flushIntervalMs': number(10_000, 1000, 600_000, ['store', 'flushIntervalMs']),
  'history.flushRows': number(1000, 1, 100_000, ['store', 'flushRows']),
  'announcements.stop': textLike(announcement, ['announcements', 'stop']),
  'announcements.restart': textLike(announcement, ['announcements', 'restart']),
  'insight.enabled': flag(true, ['insight', 'enabled']),
  'insight.method': oneOf(['robust', 'three-sigma'], ['insight', 'method']),
  ...alertSettings,
  webhooks: list(['webhooks']),
} as const;

export type SettingKey = keyof typeof settings;

/** Those of the background process: it is told when one of them changes. */
export const monitoringKeys: readonly SettingKey[] = (Object.keys(settings) as SettingKey[]).filter(
  (key) => 'told' in settings[key],
);
type ValueOf<K extends SettingKey> = (typeof settings)[K]['fallback'];

export const settingsSection = 'gameServers';

/** The part of VS Code's configuration that is needed here. */
export interface SettingsSource {
  get(key: string): unknown;
  /** The value that the user set for all windows of this PC; undefined where it is not set. */
  explicit(key: string): unknown;
}

export interface SettingsStore extends SettingsSource {
  /** Sets it for all windows of this PC; undefined takes it back to its default. */
  set(key: string, value: unknown): Promise<void>;
}

export class Settings {
  constructor(private readonly source: SettingsSource) {}

  get<K extends SettingKey>(key: K): ValueOf<K> {
    const { read, fallback }: Setting<unknown> = settings[key];
    return (read(this.source.get(key)) ?? fallback) as ValueOf<K>;
  }

  /**
   * The settings of the background process that somebody really set, as its tree: a window that never touched them must
   * not overwrite another's. `sent` are the keys that were explicit before; null takes one back to its default.
   */
  forMonitoring(sent: ReadonlySet<SettingKey>): { tree: Record<string, unknown>; keys: ReadonlySet<SettingKey> } {
    const tree: Record<string, unknown> = {};
    const keys = new Set<SettingKey>();
    const explicit = (key: string): unknown => this.source.explicit(key);
    for (const key of monitoringKeys) {
      const { read, told }: Setting<unknown> = settings[key];
      const isSet = read(explicit(key)) !== undefined;
      if (isSet) keys.add(key);
      if (!isSet && !sent.has(key)) continue;
      for (const [path, value] of told?.(explicit(key), explicit) ?? []) put(tree, path, value);
    }
    return { tree, keys };
  }
}

/** The setting that goes to this place of the background process's settings (`a.b.c`), or has it in itself. */
export function settingAt(place: string): SettingKey | undefined {
  return monitoringKeys.find((key) => pathsOf(key).some((path) => place === path || place.startsWith(`${path}.`)));
}

function pathsOf(key: SettingKey): string[] {
  const { told }: Setting<unknown> = settings[key];
  return (told?.(undefined, () => undefined) ?? []).map(([path]) => path.join('.'));
}

function put(tree: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path;
  if (head === undefined) return;
  if (rest.length === 0) {
    tree[head] = value;
    return;
  }
  const branch = (tree[head] ?? {}) as Record<string, unknown>;
  tree[head] = branch;
  put(branch, rest, value);
}
