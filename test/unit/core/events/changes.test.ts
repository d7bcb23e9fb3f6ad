import { describe, expect, test } from 'vitest';
import { changedKeys, DefinitionWatch } from '../../../../src/core/events/changes.js';
import type { Definition } from '../../../../src/shared/contract.js';

describe('settings', () => {
  test('by their names, never by what they are', () => {
    const before = { sampling: { baseIntervalMs: 1000, busyPercent: 70 }, secrets: { remember: false }, list: ['a'] };
    const after = { sampling: { baseIntervalMs: 2000, busyPercent: 70 }, secrets: { remember: true }, list: ['b'] };
    expect(changedKeys(before, after)).toEqual(['list', 'sampling.baseIntervalMs', 'secrets.remember']);
    expect(changedKeys(before, structuredClone(before))).toEqual([]);
  });

  test('also those that come and go, and only so many and so long', () => {
    expect(changedKeys({ a: { b: 1 } }, { a: 5 })).toEqual(['a', 'a.b']);
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`${'k'.repeat(500)}${n}`, n]));
    const some = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`k${n}`, n]));
    expect(changedKeys({}, some)).toHaveLength(50);
    expect(changedKeys({}, many).every((key) => key.length <= 100)).toBe(true);
    let deep: Record<string, unknown> = { value: 1 };
    for (let n = 0; n < 100; n++) deep = { deep };
    expect(changedKeys({}, deep)).toEqual(['deep.deep.deep.deep.deep']);
  });
});

describe('definitions', () => {
  const server = (id: string, change: Partial<Definition> = {}): Definition => ({
    ...{ id, name: `Server ${id}`, game: 'other', launch: { command: '/bin/true' } },
    ...change,
  });
  const broken = (id: string | null): { id: string | null }[] => [{ id }];

  test('the first look tells nothing; then what comes, changes and goes', () => {
    const watch = new DefinitionWatch();
    expect(watch.look([server('a'), server('b')], [])).toEqual([]);
    const changed = server('a', { name: 'New', launch: { command: '/bin/false', env: { TOKEN: 'hunter2' } } });
    expect(watch.look([changed, server('c')], [])).toEqual([
      { is: 'changed', id: 'a', name: 'New', keys: ['launch', 'name'] },
      { is: 'added', id: 'c', name: 'Server c', keys: [] },
      { is: 'removed', id: 'b', name: 'Server b', keys: [] },
    ]);
    expect(watch.look([changed, server('c')], [])).toEqual([]);
    expect(watch.look([server('c'), changed], [])).toEqual([]);
  });

  test('an entry with a fault is not removed, and not added when it is mended', () => {
    const watch = new DefinitionWatch();
    watch.look([server('a'), server('b')], []);
    expect(watch.look([server('a')], broken('b'))).toEqual([]);
    expect(watch.look([], broken(null))).toEqual([]);
    expect(watch.look([server('a'), server('b', { autoStart: true })], [])).toEqual([
      { is: 'changed', id: 'b', name: 'Server b', keys: ['autoStart'] },
    ]);
    expect(watch.look([server('a')], []).map(({ is }) => is)).toEqual(['removed']);
  });

  test('one that had a fault from the beginning and is gone is new when it comes again', () => {
    const watch = new DefinitionWatch();
    watch.look([], broken('b'));
    watch.look([], []);
    expect(watch.look([server('b')], []).map(({ is }) => is)).toEqual(['added']);
  });

  test('one that had a fault from the beginning is nothing new when it is mended', () => {
    const watch = new DefinitionWatch();
    watch.look([server('a')], broken('b'));
    expect(watch.look([server('a'), server('b')], [])).toEqual([]);
    expect(watch.look([server('a')], []).map(({ is }) => is)).toEqual(['removed']);
    expect(watch.look([server('a'), server('b')], []).map(({ is }) => is)).toEqual(['added']);
  });
});
