import { expect, test } from 'vitest';
import { priorityNotice } from '../../../src/extension/priorityNotice.js';
import type { ServerView } from '../../../src/shared/contract.js';
import { view } from './fixtures.js';

test('is given once for each server, in the window that somebody looks at', () => {
  const views = new Map<string, ServerView>();
  const told: string[] = [];
  let isFocused = false;
  let change: (ids: ReadonlySet<string>) => unknown = () => undefined;
  const onDidChange = (listener: typeof change) => {
    change = listener;
    return { dispose: () => undefined };
  };
  priorityNotice({
    mirror: { onDidChange, get: (id) => views.get(id) },
    isFocused: () => isFocused,
    tell: ({ name }) => told.push(name),
  });
  views.set('a', view({ id: 'a', name: 'A', priority: 'refused' }));
  views.set('b', view({ id: 'b', name: 'B' }));
  const all = new Set(['a', 'b', 'gone']);
  change(all);
  expect(told).toEqual([]);
  isFocused = true;
  change(all);
  change(all);
  expect(told).toEqual(['A']);
  views.set('b', view({ id: 'b', name: 'B', priority: 'refused' }));
  change(all);
  change(new Set(['a']));
  expect(told).toEqual(['A', 'B']);
});
