import type { Definition, DefinitionProblem } from '../../shared/contract.js';

type Fields = Readonly<Record<string, unknown>>;

/** Settings lie this deep at most. */
const deepest = 5;
const mostKeys = 50;
const longestKey = 100;

/** Which settings are different, as `sampling.baseIntervalMs`, sorted; never what they are. */
export function changedKeys(before: Fields, after: Fields): string[] {
  const old = new Map(leavesOf(before, '', 1));
  const now = new Map(leavesOf(after, '', 1));
  const keys = [...new Set([...old.keys(), ...now.keys()])].filter((key) => old.get(key) !== now.get(key));
  return keys.sort().slice(0, mostKeys);
}

function leavesOf(fields: Fields, path: string, depth: number): [string, string][] {
  return Object.entries(fields).flatMap(([key, value]): [string, string][] => {
    const name = `${path}${key}`.slice(0, longestKey);
    const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value) && depth < deepest;
    return isGroup ? leavesOf(value as Fields, `${name}.`, depth + 1) : [[name, JSON.stringify(value)]];
  });
}

export interface DefinitionChange {
  readonly is: 'added' | 'changed' | 'removed';
  readonly id: string;
  readonly name: string;
  /** The fields of the definition that are different. */
  readonly keys: readonly string[];
}

/** What has become of the definitions since the last look, however they were changed. */
export class DefinitionWatch {
  private known: Map<string, Definition> | undefined;
  /** Entries that had faults at the first look: once mended, they are nothing new. */
  private readonly broken = new Set<string>();

  /** The first look tells nothing: what is there was there before. */
  look(definitions: readonly Definition[], problems: readonly Pick<DefinitionProblem, 'id'>[]): DefinitionChange[] {
    const { known } = this;
    if (known === undefined) {
      this.known = new Map(definitions.map((definition) => [definition.id, definition]));
      for (const { id } of problems) if (id !== null) this.broken.add(id);
      return [];
    }
    const changes: DefinitionChange[] = [];
    for (const definition of definitions) {
      const { id, name } = definition;
      const keys = changedKeysOf(known.get(id), definition);
      const isNew = !known.has(id) && !this.broken.delete(id);
      if (isNew) changes.push({ is: 'added', id, name, keys: [] });
      else if (keys.length > 0) changes.push({ is: 'changed', id, name, keys });
      known.set(id, definition);
    }
    // While the file has faults, an entry that is missing may be one of them.
    if (problems.length > 0) return changes;
    this.broken.clear();
    const ids = new Set(definitions.map(({ id }) => id));
    for (const [id, { name }] of known) {
      if (ids.has(id)) continue;
      known.delete(id);
      changes.push({ is: 'removed', id, name, keys: [] });
    }
    return changes;
  }
}

function changedKeysOf(before: Definition | undefined, after: Definition): string[] {
  if (before === undefined) return [];
  const old = new Map<string, unknown>(Object.entries(before));
  const now = new Map<string, unknown>(Object.entries(after));
  const isDifferent = (key: string): boolean => JSON.stringify(old.get(key)) !== JSON.stringify(now.get(key));
  return [...new Set([...old.keys(), ...now.keys()])].filter(isDifferent).sort();
}
