import { beforeEach, describe, expect, test, vi } from 'vitest';
import { applyRecommended } from '../../../src/extension/recommended/applyRecommended.js';
import { Settings } from '../../../src/extension/settings.js';
import type { Definition } from '../../../src/shared/contract.js';
import { Failure } from '../../../src/shared/failure.js';
import { forgetAll } from './games/fakeWindow.js';
import { view } from './fixtures.js';

interface Item {
  label: string;
  description: string;
  detail: string;
  picked: boolean;
}
/** What somebody sees and does. */
const user = {
  listed: [] as Item[][],
  choose: (items: Item[]): Item[] | undefined => items.filter(({ picked }) => picked),
  said: [] as string[],
  press: undefined as string | undefined,
};

vi.mock('vscode', async () => {
  const { fakeVscode } = await import('./games/fakeWindow.js');
  const window = {
    showQuickPick: (items: Item[]) => {
      user.listed.push(items);
      return Promise.resolve(user.choose(items));
    },
    showInformationMessage: (text: string, ...buttons: string[]) => {
      user.said.push(text);
      return Promise.resolve(buttons.find((button) => button === user.press));
    },
  };
  return { ...fakeVscode, window };
});

let values: Record<string, unknown>;
let definitions: Record<string, Definition>;
let canRaise: boolean;
let failures: unknown[];
const definition = (id: string, more: Partial<Definition> = {}): Definition => ({
  ...{ id, name: id.toUpperCase(), game: 'other', launch: { command: '/x' }, ...more },
});

beforeEach(() => {
  forgetAll();
  values = {};
  definitions = {};
  canRaise = true;
  failures = [];
  user.listed = [];
  user.said = [];
  user.press = undefined;
  user.choose = (items) => items.filter(({ picked }) => picked);
});

async function run(): Promise<void> {
  const store = {
    get: (key: string) => values[key],
    explicit: (key: string) => values[key],
    set: (key: string, value: unknown) => {
      if (value === undefined) Reflect.deleteProperty(values, key);
      else values[key] = value;
      return Promise.resolve();
    },
  };
  const request = (method: string, params: { id?: string; definition?: Definition }): Promise<unknown> => {
    if (method === 'core/status') return Promise.resolve({ canRaise });
    if (method === 'server/get') return Promise.resolve(definitions[params.id!]);
    if (params.definition!.id === 'broken') return Promise.reject(new Failure('io'));
    definitions[params.definition!.id] = params.definition!;
    return Promise.resolve(view());
  };
  await applyRecommended({
    ...{ store, settings: new Settings(store) },
    client: { request } as unknown as Parameters<typeof applyRecommended>[0]['client'],
    mirror: { servers: () => Object.keys(definitions).map((id) => view({ id })) },
    reporter: { failure: (error: unknown) => Promise.resolve(void failures.push(error)) },
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('recommended settings', () => {
  test('are shown first, with what is now and what will be', async () => {
    values = { 'history.memoryMegabytes': 200 };
    definitions = { a: definition('a'), b: definition('b', { priority: 'above-normal' }) };
    user.choose = () => undefined;
    await run();
    expect(user.listed[0]!.map(({ label, description, picked }) => [label, description, picked])).toEqual([
      ['Monitoring interval', 'from 3 s to 5 s', true],
      ['Monitoring interval while a metrics panel is open', 'from as usual to 2 s', true],
      ['Memory for the history', 'from 200 MB to 50 MB', true],
      ['Priority of A', 'from normal to above normal', true],
    ]);
    // Who closes the list has changed nothing.
    expect(values).toEqual({ 'history.memoryMegabytes': 200 });
    expect(definitions.a).not.toHaveProperty('priority');
    expect(user.said).toEqual([]);
  });

  test('are applied where they are confirmed, then there is nothing to change', async () => {
    definitions = { a: definition('a', { autoStart: true }) };
    await run();
    expect(values).toEqual({ 'sampling.baseIntervalMs': 5000, 'sampling.panelIntervalMs': 2000 });
    expect(definitions.a).toEqual(definition('a', { autoStart: true, priority: 'above-normal' }));
    expect(user.said).toEqual(['Recommended settings were applied (3 changes).']);
    await run();
    expect(user.listed).toHaveLength(1);
    expect(user.said.at(-1)).toBe('Everything is as recommended; there is nothing to change.');
  });

  test('only those that are chosen', async () => {
    user.choose = (items) => items.slice(0, 1);
    await run();
    expect(values).toEqual({ 'sampling.baseIntervalMs': 5000 });
  });

  test('are taken back by Undo: what was a default is one again', async () => {
    values = { 'sampling.baseIntervalMs': 4000 };
    definitions = { a: definition('a'), b: definition('b', { priority: 'normal' }) };
    user.press = 'Undo';
    await run();
    expect(user.said).toEqual([
      'Recommended settings were applied (4 changes).',
      'The settings are as they were before.',
    ]);
    expect(values).toEqual({ 'sampling.baseIntervalMs': 4000 });
    expect(definitions).toEqual({ a: definition('a'), b: definition('b', { priority: 'normal' }) });
  });

  test('offer a higher priority where the system allows none, but do not choose it', async () => {
    canRaise = false;
    definitions = { a: definition('a') };
    await run();
    const item = user.listed[0]!.at(-1)!;
    expect([item.picked, item.detail]).toEqual([false, expect.stringContaining('does not allow it')]);
    expect(definitions.a).toEqual(definition('a'));
  });

  test('that fail are told, and do not keep the others', async () => {
    definitions = { broken: definition('broken'), a: definition('a') };
    await run();
    expect(failures).toHaveLength(1);
    expect(definitions.a!.priority).toBe('above-normal');
    expect(user.said).toEqual(['Recommended settings were applied (3 changes).']);
  });
});
