import { alertRules, type AlertRule } from '../shared/alert.js';

/** Something of the settings of the background process: where it is, and what it is. null: as it is by default. */
export type Leaf = readonly [path: readonly string[], value: unknown];

/** What a value must look like to be taken; anything else counts as not set. */
export interface Setting<T> {
  readonly fallback: T;
  readonly read: (value: unknown) => T | undefined;
  /**
   * What the background process is told where somebody has set `value`, or has taken it back (undefined). others: what is set
   * of another key. Absent: it concerns this window only.
   */
  readonly told?: (value: unknown, others: (key: string) => unknown) => readonly Leaf[];
}

type Path = readonly string[];

/** Goes there as it is, or as `convert` makes it. */
function one<T>(
  read: (value: unknown) => T | undefined,
  path: Path,
  convert: (value: T) => unknown = (value) => value,
): NonNullable<Setting<T>['told']> {
  return (set) => {
    const value = read(set);
    return [[path, value === undefined ? null : convert(value)]];
  };
}

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const asFlag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined);
const asList = (value: unknown): readonly unknown[] | undefined =>
  Array.isArray(value) ? (value as unknown[]) : undefined;
const within =
  (min: number, max: number) =>
  (value: unknown): number | undefined =>
    typeof value === 'number' && value >= min && value <= max ? value : undefined;
const among =
  <T extends string>(allowed: readonly T[]) =>
  (value: unknown): T | undefined =>
    allowed.find((choice) => choice === value);

export const text = (fallback: string): Setting<string> => ({ fallback, read: asText });

/** A text of its own, or none; without a path another one tells it. */
export const textLike = (pattern: RegExp, path?: Path): Setting<string> => {
  const read = (value: unknown): string | undefined =>
    value === '' || pattern.test(asText(value) ?? '') ? asText(value) : undefined;
  return { fallback: '', read, ...(path === undefined ? {} : { told: one(read, path) }) };
};

export const oneOf = <T extends string>(allowed: readonly [T, ...T[]], path?: Path): Setting<T> => {
  const read = among(allowed);
  return { fallback: allowed[0], read, ...(path === undefined ? {} : { told: one(read, path) }) };
};

/** factor: what the background process counts in, per unit here. */
export const number = (fallback: number, min: number, max: number, path: Path, factor = 1): Setting<number> => {
  const read = within(min, max);
  return { fallback, read, told: one(read, path, (value) => value * factor) };
};

/** Megabytes here, bytes there. */
export const megabytes = (fallback: number, min: number, max: number, path: Path): Setting<number> =>
  number(fallback, min, max, path, 1024 * 1024);

/** Seconds here, milliseconds there. */
export const seconds = (fallback: number, min: number, max: number, path: Path): Setting<number> =>
  number(fallback, min, max, path, 1000);

export const flag = (fallback: boolean, path: Path): Setting<boolean> => ({
  fallback,
  read: asFlag,
  told: one(asFlag, path),
});

/** Replaced as a whole; what is in it is looked at there. */
export const list = (path: Path): Setting<readonly unknown[]> => ({
  fallback: [],
  read: asList,
  told: one(asList, path),
});

type ByRule<T> = Readonly<Partial<Record<AlertRule, T>>>;

/**
 * One value for each rule of the alerts, as `field` of the rule. Where the setting is set, all rules are told: whoever has
 * taken one out of it has taken that one back.
 */
function byRule<T>(
  fallback: ByRule<T>,
  readOne: (value: unknown) => T | undefined,
  field: string,
  convert: (value: T) => unknown = (value) => value,
): Setting<ByRule<T>> {
  const read = (value: unknown): ByRule<T> | undefined => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const given = value as Record<string, unknown>;
    const entries = alertRules.map((rule) => [rule, readOne(given[rule])] as const);
    return Object.fromEntries(entries.filter(([, set]) => set !== undefined));
  };
  const told = (value: unknown): Leaf[] => {
    const set = read(value) ?? {};
    return alertRules.map((rule) => {
      const own = set[rule];
      return [['alerts', 'rules', rule, field], own === undefined ? null : convert(own)];
    });
  };
  return { fallback, read, told };
}

export const flagByRule = (fallback: ByRule<boolean>, field: string): Setting<ByRule<boolean>> =>
  byRule(fallback, asFlag, field);

export const choiceByRule = <T extends string>(allowed: readonly T[], field: string): Setting<ByRule<T>> =>
  byRule({}, among(allowed), field);

/** factor: as for a number. */
export const numberByRule = (min: number, max: number, field: string, factor: number): Setting<ByRule<number>> =>
  byRule({}, within(min, max), field, (value) => value * factor);
