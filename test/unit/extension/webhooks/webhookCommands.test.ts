import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Settings } from '../../../../src/extension/settings.js';
import { WebhookCommands } from '../../../../src/extension/webhooks/webhookCommands.js';
import type { WebhookStatus } from '../../../../src/shared/contract.js';
import { Failure } from '../../../../src/shared/failure.js';
import { forgetAll, user } from '../games/fakeWindow.js';
import { reader, view } from '../fixtures.js';
import { chooses, enters, escape, goBack, inputs, types } from './fakeInputs.js';
import { status } from './fakeWebhooks.js';

vi.mock('vscode', async () => (await import('./fakeInputs.js')).vscodeWithInputs);

const address = 'https://discord.com/api/webhooks/1234567890/s3cret-t0ken';
const answered = { status: 204, detail: 'discord.com: 204' };

let values: Record<string, unknown>;
let statuses: WebhookStatus[];
let kept: unknown[][];
let tested: string[];
let answers: (() => unknown)[];
let reported: unknown[];
let storeFails: Error | undefined;
let commands: WebhookCommands;

beforeEach(() => {
  forgetAll();
  for (const list of Object.values(inputs)) list.length = 0;
  [statuses, kept, tested, answers, reported] = [[], [], [], [], []];
  values = { rememberPasswords: false };
  storeFails = undefined;
  const memory = new Map<string, unknown>();
  const store = {
    get: (key: string) => values[key],
    explicit: (key: string) => values[key],
    set: async (key: string, value: unknown) => {
      if (storeFails !== undefined) throw storeFails;
      values[key] = value;
    },
  };
  commands = new WebhookCommands({
    client: {
      request: async (method: string, { target }: { target: string }) => {
        if (method === 'webhook/list') return statuses;
        tested.push(target);
        return (answers.shift() ?? (() => answered))();
      },
    },
    mirror: { servers: () => [view({ id: 'survival', name: 'Survival' }), view({ id: 'arena', name: 'Arena' })] },
    passwords: { set: async (...args) => void kept.push(args) },
    reporter: { failure: async (error) => void reported.push(error) },
    ...{ store, settings: new Settings(store), reader },
    memory: {
      keys: () => [...memory.keys()],
      get: (key: string, fallback?: unknown) => memory.get(key) ?? fallback,
      update: async (key: string, value: unknown) => void memory.set(key, value),
    } as never,
  });
});

const settled = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
const texts = (): unknown[] => user.said.map(([, text]) => text);

describe('Add Webhook', () => {
  test('asks for everything, keeps the address apart from the setting, and can be tried at once', async () => {
    inputs.acts = [chooses('Discord'), types(address), types('alarm'), chooses('Warnings and errors')];
    inputs.acts.push(chooses('All servers, and this PC'));
    user.presses = ['Send Test Message'];
    await commands.add();
    expect(inputs.shown.map(({ step, totalSteps }) => `${step}/${totalSteps}`)).toEqual(
      [1, 2, 3, 4, 5].map((step) => `${step}/5`),
    );
    expect(inputs.shown[1]).toMatchObject({ title: 'Add Webhook', password: true });
    expect(values.webhooks).toEqual([{ name: 'alarm', kind: 'discord' }]);
    expect(kept).toEqual([['alerts', 'webhook.alarm', address]]);
    expect(tested).toEqual(['alarm']);
    expect(texts()).toEqual(['The webhook alarm was added.', 'alarm: Discord answered 204.']);
  });

  test('only errors of some servers; other entries stay as they are', async () => {
    const others = [{ name: 'discord', kind: 'discord', later: 7 }, 'broken'];
    values.webhooks = others;
    inputs.acts = [
      chooses('Discord'),
      types(` ${address} `),
      enters,
      chooses('Only errors'),
      chooses('Choose servers…'),
    ];
    inputs.acts.push(chooses('Arena', 'This PC and the monitoring'));
    await commands.add();
    const added = { name: 'discord-2', kind: 'discord', severity: 'error', servers: ['arena', 'monitor'] };
    expect(values.webhooks).toEqual([...others, added]);
    expect(kept).toEqual([['alerts', 'webhook.discord-2', address]]);
  });

  test('what is wrong is said, and not taken', async () => {
    values.webhooks = [{ name: 'taken', kind: 'discord' }];
    inputs.acts = [
      chooses('Generic JSON'),
      types('http://example.org/x', 'http://nas/x'),
      types('a b', 'taken', 'nas'),
    ];
    inputs.acts.push(chooses('Only errors'), chooses('All servers, and this PC'));
    await commands.add();
    expect(inputs.faults).toEqual([
      expect.stringMatching(/^http:\/\/ is for this PC/),
      '1 to 40 letters, digits, - or _',
      'There is a webhook of this name already.',
    ]);
    expect(kept).toEqual([['alerts', 'webhook.nas', 'http://nas/x']]);
    expect(texts()[0]).toMatch(/^The webhook nas was added\. Its messages go through your network/);
  });

  test('back keeps what was typed, but not the address of another kind', async () => {
    inputs.acts = [chooses('Discord'), types(address), goBack, goBack, chooses('Generic JSON'), escape];
    await commands.add();
    expect(inputs.shown.map(({ step, value }) => [step, value])).toEqual([
      ...[
        [1, ''],
        [2, address],
        [3, 'discord'],
        [2, address],
        [1, ''],
        [2, ''],
      ],
    ]);
    expect([kept, values.webhooks]).toEqual([[], undefined]);
  });

  test('where the settings cannot be written, the address is forgotten again', async () => {
    storeFails = new Error('settings.json has unsaved changes');
    inputs.acts = [chooses('Discord'), types(address), enters, chooses('Only errors')];
    inputs.acts.push(chooses('All servers, and this PC'));
    await expect(commands.add()).rejects.toBe(storeFails);
    expect(kept.at(-1)).toEqual(['alerts', 'webhook.discord', null]);
  });

  test('offers once to remember for unattended running, where nobody has decided', async () => {
    values = {};
    const add = async (name: string): Promise<void> => {
      inputs.acts = [chooses('Discord'), types(address), types(name), chooses('Only errors')];
      inputs.acts.push(chooses('All servers, and this PC'));
      await commands.add();
    };
    await add('one');
    await add('two');
    const offers = texts().filter((text) => String(text).startsWith('Remember for unattended running?'));
    expect(offers).toHaveLength(1);
    expect(JSON.stringify(user.said)).not.toContain('s3cret');
  });

  test('there are at most 20', async () => {
    values.webhooks = Array.from({ length: 20 }, (_, n) => ({ name: `n${n}`, kind: 'generic' }));
    await commands.add();
    expect(inputs.shown).toEqual([]);
    expect(texts()).toEqual(['There are 20 webhooks already: remove one first.']);
  });
});

describe('Manage Webhooks', () => {
  beforeEach(() => {
    values.webhooks = [
      { name: 'alarm', kind: 'discord', severity: 'error' },
      { name: 'bad', kind: 'generic' },
    ];
    statuses = [status(), status({ name: 'elsewhere', kind: 'generic', hasAddress: false })];
  });

  test('shows how each does, also those that are not in force or set elsewhere', async () => {
    await commands.manage();
    const lines = user.lists[0]!.items.map((item) => Object.values(item).slice(0, 3).join(' | '));
    expect(lines.slice(0, 3)).toEqual([
      '$(pass) alarm | Discord | Ready',
      '$(warning) elsewhere | Generic JSON | Its address is missing',
      '$(warning) bad | Generic JSON | Not in force: its entry in the settings is not right',
    ]);
    expect(user.lists[0]!.items[3]).toMatchObject({ label: '$(add) Add Webhook…' });
  });

  test('a name leads to what can be done with that one', async () => {
    await commands.manage('alarm');
    expect(user.lists.map(({ items }) => items.map(({ label }) => label))).toEqual([
      ['Send Test Message', 'Change Address…', 'Switch Off', 'Edit in Settings', 'Remove…'],
    ]);
  });

  test('switches one off, and leaves the rest of its entry', async () => {
    user.picks = ['$(pass) alarm', 'Switch Off'];
    await commands.manage();
    expect(values.webhooks).toEqual([
      { name: 'alarm', kind: 'discord', severity: 'error', enabled: false },
      { name: 'bad', kind: 'generic' },
    ]);
    expect(user.status).toEqual(['The webhook alarm is switched off.']);
  });

  test('changes an address, which is looked at first', async () => {
    user.picks = ['Change Address…'];
    user.types = [` ${address}`];
    await commands.manage('alarm');
    expect(user.boxes[0]).toMatchObject({ title: 'Address of alarm', password: true });
    expect(user.boxes[0]!.validateInput('https://example.org')).toMatch(/^The address of a Discord webhook/);
    expect(kept).toEqual([['alerts', 'webhook.alarm', address]]);
    user.picks = ['Change Address…'];
    await commands.manage('alarm');
    expect(kept).toHaveLength(1);
  });

  test('removes one with its address, when asked for and confirmed', async () => {
    user.picks = ['Remove…', 'Remove…'];
    await commands.manage('alarm');
    expect(kept).toEqual([]);
    user.presses = ['Remove'];
    await commands.manage('alarm');
    expect(values.webhooks).toEqual([{ name: 'bad', kind: 'generic' }]);
    expect(kept).toEqual([['alerts', 'webhook.alarm', null]]);
    [user.picks, user.presses] = [['Remove…'], ['Remove']];
    await commands.manage('bad');
    expect(values.webhooks).toBeUndefined();
  });

  test('shows the setting', async () => {
    user.picks = ['Edit in Settings'];
    await commands.manage('alarm');
    expect(user.ran).toEqual([['workbench.action.openSettings', '@id:gameServers.webhooks']]);
  });
});

describe('Send Test Message', () => {
  beforeEach(() => {
    statuses = [status(), status({ name: 'other', kind: 'generic' })];
  });

  test('asks which, unless it is told or there is one only', async () => {
    user.picks = ['$(pass) other'];
    await commands.test();
    await commands.test('alarm');
    statuses = [status()];
    await commands.test();
    expect(tested).toEqual(['other', 'alarm', 'alarm']);
    expect(user.lists).toHaveLength(1);
    expect(texts()).toEqual([
      ...['other: the receiver answered 204.', 'alarm: Discord answered 204.', 'alarm: Discord answered 204.'],
    ]);
  });

  test('a failure is told with what helps: another address, or once more', async () => {
    answers = [
      () => ({ status: 404, detail: 'discord.com: 404' }),
      () => ({ status: 500, detail: 'discord.com: 500' }),
    ];
    user.presses = ['Test Again', undefined];
    await commands.test('alarm');
    await settled();
    expect(tested).toEqual(['alarm', 'alarm']);
    expect(user.said.map(([kind, , ...buttons]) => [kind, ...buttons])).toEqual([
      ['error', 'Change Address…', 'Test Again'],
      ['error', 'Test Again'],
    ]);
  });

  test('without an address one is asked for', async () => {
    answers = [() => Promise.reject(new Failure('secret-missing', { key: 'webhook.alarm' }))];
    user.presses = ['Enter Address…'];
    user.types = [address];
    await commands.test('alarm');
    await settled();
    expect(kept).toEqual([['alerts', 'webhook.alarm', address]]);
  });

  test('one that is not in force leads to the settings', async () => {
    answers = [() => Promise.reject(new Failure('invalid-definition', { field: 'target' }))];
    user.presses = ['Open Settings'];
    await commands.test('alarm');
    await settled();
    expect(user.ran).toEqual([['workbench.action.openSettings', '@id:gameServers.webhooks']]);
  });

  test('other failures are told as everywhere, also after a button', async () => {
    const fails = new Failure('unreachable');
    answers = [() => Promise.reject(fails)];
    await expect(commands.test('alarm')).rejects.toBe(fails);
    answers = [() => ({ status: 500, detail: '' }), () => Promise.reject(fails)];
    user.presses = ['Test Again'];
    await commands.test('alarm');
    await settled();
    expect(reported).toEqual([fails]);
  });

  test('where there are none, one can be added', async () => {
    statuses = [];
    user.presses = ['Add Webhook…'];
    await commands.test();
    expect(texts()).toEqual(['There are no webhooks yet.']);
    expect(inputs.shown[0]).toMatchObject({ title: 'Add Webhook' });
  });
});
