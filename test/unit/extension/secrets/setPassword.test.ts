import { beforeEach, expect, test, vi } from 'vitest';
import type { Passwords } from '../../../../src/extension/secrets/passwords.js';
import { setPassword } from '../../../../src/extension/secrets/setPassword.js';
import { Settings } from '../../../../src/extension/settings.js';
import { Failure } from '../../../../src/shared/failure.js';
import type { ServerView } from '../../../../src/shared/contract.js';
import { t, view } from '../fixtures.js';

interface Question {
  prompt: string;
  password: boolean;
  validateInput(text: string): string | undefined;
}
interface Item {
  label: string;
  description: string;
  key: string;
}

const user = vi.hoisted(() => ({
  types: [] as (string | undefined)[],
  picks: undefined as string | undefined,
  answers: undefined as string | undefined,
  questions: [] as Question[],
  items: [] as Item[],
  offers: [] as unknown[][],
  updates: [] as unknown[][],
}));

vi.mock('vscode', () => ({
  l10n: { t: (...args: Parameters<typeof t>) => t(...args) },
  ConfigurationTarget: { Global: 1 },
  window: {
    showInputBox: async (question: Question) => {
      user.questions.push(question);
      return user.types.shift();
    },
    showQuickPick: async (items: Item[]) => {
      user.items = items;
      return items.find(({ key }) => key === user.picks);
    },
    showInformationMessage: async (...offer: unknown[]) => {
      user.offers.push(offer);
      return user.answers;
    },
  },
  workspace: {
    getConfiguration: (section: string) => ({
      update: async (...change: unknown[]) => user.updates.push([section, ...change]),
    }),
  },
}));

let set: unknown[][];
let fails: Failure | undefined;
let reported: unknown[];
let memory: Map<string, unknown>;
let explicit: Record<string, unknown>;
beforeEach(() => {
  Object.assign(user, {
    types: [],
    picks: undefined,
    answers: undefined,
    questions: [],
    items: [],
    offers: [],
    updates: [],
  });
  set = [];
  fails = undefined;
  reported = [];
  memory = new Map();
  explicit = {};
});

async function ask(...views: ServerView[]): Promise<void> {
  const passwords: Pick<Passwords, 'set' | 'has'> = {
    has: async (_, key) => key === 'restPassword',
    set: async (...args) => {
      if (fails !== undefined) throw fails;
      set.push(args);
    },
  };
  const parts = {
    passwords,
    reporter: { failure: async (error: unknown) => void reported.push(error) },
    settings: new Settings({ get: (key) => explicit[key], explicit: (key) => explicit[key] }),
    memory: {
      get: (key: string, fallback: unknown) => memory.get(key) ?? fallback,
      update: async (key: string, value: unknown) => void memory.set(key, value),
    },
  };
  await setPassword(parts as never, views);
}
const survival = view({ id: 'survival', name: 'Survival', secretsMissing: ['rconPassword'] });

test('asks for the missing one at once, hidden, and says of which server', async () => {
  user.types = ['hunter2'];
  await ask(survival);
  expect(user.items).toEqual([]);
  expect(user.questions[0]).toMatchObject({ prompt: 'RCON password of Survival', password: true });
  expect(set).toEqual([['survival', 'rconPassword', 'hunter2']]);
});

test('what cannot be a password is said while it is typed', async () => {
  await ask(survival);
  const { validateInput } = user.questions[0]!;
  expect(validateInput('x'.repeat(1025))).toBe('At most 1024 characters.');
  expect(validateInput('a\nb')).toBe('It must be a single line.');
  expect(validateInput('x'.repeat(1024))).toBeUndefined();
  expect(validateInput('')).toBeUndefined();
});

test('asks which where it is not clear, the missing ones first', async () => {
  user.picks = 'adminPassword';
  user.types = ['hunter2'];
  await ask({ ...survival, secretsMissing: ['econPassword', 'rconPassword'] });
  expect(user.items.map(({ key, description }) => [key, description])).toEqual([
    ['rconPassword', 'missing'],
    ['econPassword', 'missing'],
    ['restPassword', 'kept in VS Code'],
    ['telnetPassword', ''],
    ['adminPassword', ''],
  ]);
  expect(set).toEqual([['survival', 'adminPassword', 'hunter2']]);
});

test('nothing typed forgets it, and Escape changes nothing', async () => {
  user.types = ['', undefined];
  await ask(survival);
  expect(set).toEqual([['survival', 'rconPassword', null]]);
  await ask(survival);
  expect(set).toHaveLength(1);
  expect(user.offers).toEqual([]);
});

test('several servers are asked for one after the other, until a question is not answered', async () => {
  user.types = ['one', undefined, 'three'];
  await ask(survival, { ...survival, id: 'b', name: 'B' }, { ...survival, id: 'c' });
  expect(user.questions.map(({ prompt }) => prompt)).toEqual(['RCON password of Survival', 'RCON password of B']);
  expect(set).toEqual([['survival', 'rconPassword', 'one']]);
});

test('a failure is told, and nothing is offered', async () => {
  fails = new Failure('io');
  user.types = ['hunter2'];
  await ask(survival);
  expect(reported).toEqual([fails]);
  expect(user.offers).toEqual([]);
});

test('to remember it is offered once, with what that means', async () => {
  user.types = ['one', 'two'];
  await ask(survival);
  await ask(survival);
  expect(user.offers).toHaveLength(1);
  const [text, ...buttons] = user.offers[0]!;
  expect(text).toMatch(/^Remember for unattended running\? .*no window open.*only you can read\.$/);
  expect(buttons).toEqual(['Remember', 'Only in VS Code']);
  expect(JSON.stringify(user.offers)).not.toContain('one"');
  expect(user.updates).toEqual([]);
});

test('only Remember remembers', async () => {
  user.types = ['one'];
  user.answers = 'Remember';
  await ask(survival);
  expect(user.updates).toEqual([['gameServers', 'rememberPasswords', true, 1]]);
  user.types = ['one'];
  user.answers = 'Only in VS Code';
  memory.clear();
  await ask(survival);
  expect(user.updates).toHaveLength(1);
});

test.each([true, false])('where %s was chosen already, nothing is offered', async (chosen) => {
  explicit = { rememberPasswords: chosen };
  user.types = ['one'];
  await ask(survival);
  expect(user.offers).toEqual([]);
});
