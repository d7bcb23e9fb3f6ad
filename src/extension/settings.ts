/** What a value must look like to be taken; anything else counts as not set. */
interface Setting<T> {
  readonly fallback: T;
  readonly read: (value: unknown) => T | undefined;
  /** Where in the settings of the background process it goes; absent: it concerns this window only. */
  readonly path?: readonly string[];
  /** What the background process counts in, per unit here. */
  readonly factor?: number;
}

const text = (fallback: string): Setting<string> => ({
  fallback,
  read: (value) => (typeof value === 'string' ? value : undefined),
});

const oneOf = <T extends string>(allowed: readonly [T, ...T[]], path?: readonly string[]): Setting<T> => ({
  fallback: allowed[0],
  read: (value) => allowed.find((choice) => choice === value),
  ...(path === undefined ? {} : { path }),
});

const number = (fallback: number, min: number, max: number, path: readonly string[]): Setting<number> => ({
  fallback,
  read: (value) => (typeof value === 'number' && value >= min && value <= max ? value : undefined),
  path,
});

/** Megabytes here, bytes there. */
const megabytes = (fallback: number, min: number, max: number, path: readonly string[]): Setting<number> => ({
  ...number(fallback, min, max, path),
  factor: 1024 * 1024,
});

/** Seconds here, milliseconds there. */
const seconds = (fallback: number, min: number, max: number, path: readonly string[]): Setting<number> => ({
  ...number(fallback, min, max, path),
  factor: 1000,
});

const flag = (fallback: boolean, path: readonly string[]): Setting<boolean> => ({
  fallback,
  read: (value) => (typeof value === 'boolean' ? value : undefined),
  path,
});

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
} as const;

export type SettingKey = keyof typeof settings;

/** Those of the background process: it is told when one of them changes. */
export const monitoringKeys: readonly SettingKey[] = (Object.keys(settings) as SettingKey[]).filter(
  (key) => 'path' in settings[key],
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
    const setting: Setting<string | number | boolean> = settings[key];
    return setting.read(this.source.get(key)) ?? setting.fallback;
  }

  /**
   * The settings of the background process that somebody really set, as its tree: a window that never touched them must
   * not overwrite another's. `sent` are the keys that were explicit before; null takes one back to its default.
   */
  forMonitoring(sent: ReadonlySet<SettingKey>): { tree: Record<string, unknown>; keys: ReadonlySet<SettingKey> } {
    const tree: Record<string, unknown> = {};
    const keys = new Set<SettingKey>();
    for (const key of Object.keys(settings) as SettingKey[]) {
      const setting: Setting<string | number | boolean> = settings[key];
      if (setting.path === undefined) continue;
      const value = setting.read(this.source.explicit(key));
      if (value !== undefined) keys.add(key);
      const told = typeof value === 'number' ? value * (setting.factor ?? 1) : value;
      if (value !== undefined || sent.has(key)) put(tree, setting.path, told ?? null);
    }
    return { tree, keys };
  }
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
