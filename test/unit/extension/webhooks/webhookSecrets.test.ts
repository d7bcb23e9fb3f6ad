import { beforeEach, expect, test } from 'vitest';
import type { Connection } from '../../../../src/extension/coreClient.js';
import { Emitter } from '../../../../src/extension/emitter.js';
import type { SettingFault } from '../../../../src/extension/monitoringSettings.js';
import { Passwords } from '../../../../src/extension/secrets/passwords.js';
import { WebhookSecrets } from '../../../../src/extension/webhooks/webhookSecrets.js';
import type { WebhookStatus } from '../../../../src/shared/contract.js';
import { FakeStorage } from '../secrets/fakeStorage.js';
import { status } from './fakeWebhooks.js';

const address = 'https://discord.com/api/webhooks/1/s3cret-t0ken';

let storage: FakeStorage;
let statuses: WebhookStatus[];
let sent: unknown[];
let told: string[][];
let logged: string[];
let isFocused: boolean;
let refuses: Error | undefined;
let passwords: Passwords;
let secrets: WebhookSecrets;
let deliveries: Emitter<readonly SettingFault[]>;
let focuses: Emitter<void>;

beforeEach(() => {
  secrets?.dispose();
  passwords?.dispose();
  [storage, statuses, sent, told, logged] = [new FakeStorage(), [], [], [], []];
  [deliveries, focuses, isFocused, refuses] = [new Emitter(), new Emitter(), true, undefined];
  const write = (...parts: unknown[]): unknown => logged.push(JSON.stringify(parts));
  const log = { error: write, warn: write, info: write, debug: write };
  const current: Connection = { at: 'connected' };
  const request = async (method: string, params: { key: string }): Promise<unknown> => {
    if (refuses !== undefined) throw refuses;
    if (method === 'webhook/list') return statuses;
    sent.push(params);
    statuses = statuses.map((one) => (params.key === `webhook.${one.name}` ? { ...one, hasAddress: true } : one));
    return null;
  };
  const client = { current, request: request as never };
  const nothing = new Emitter<never>().event;
  const mirror = { servers: () => [], onDidChange: nothing, onDidChangeConnection: nothing };
  passwords = new Passwords({ client, mirror, storage, dataDir: () => '/srv/panel', log });
  secrets = new WebhookSecrets({
    ...{ client, passwords, log },
    monitoring: { onDidDeliver: deliveries.event },
    window: { isFocused: () => isFocused, onDidFocus: focuses.event },
    tell: async (webhooks) => void told.push(webhooks.map(({ name }) => name)),
  });
});

const settled = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
async function delivered(): Promise<void> {
  deliveries.fire([]);
  await settled();
}
const lacking = (name: string, change: Partial<WebhookStatus> = {}): WebhookStatus =>
  status({ name, hasAddress: false, ...change });
const secret = (name: string) => ({ id: 'alerts', key: `webhook.${name}`, value: address });

test('what is lacking and kept here is handed over, once the settings are there; what is known is not', async () => {
  await passwords.set('alerts', 'webhook.a', address);
  await passwords.set('alerts', 'webhook.b', address);
  [sent, statuses] = [[], [lacking('a'), status({ name: 'b' })]];
  await settled();
  expect(sent).toEqual([]);
  await delivered();
  expect(sent).toEqual([secret('a')]);
  expect(told).toEqual([]);
});

test('what another window has stored is handed over where it is lacking', async () => {
  await passwords.set('alerts', 'webhook.a', address);
  const [place] = [...storage.kept.keys()];
  [sent, statuses] = [[], [lacking('a')]];
  await storage.store(place!, address);
  await settled();
  expect(sent).toEqual([secret('a')]);
  statuses = [lacking('a')];
  await storage.store(place!.replace('alerts.webhook.a', 'survival.rconPassword'), 'hunter2');
  await settled();
  expect(sent).toHaveLength(1);
});

test('of those that nobody knows it is told once, all at once, and not of those that are switched off', async () => {
  statuses = [lacking('a'), lacking('b'), lacking('c', { enabled: false })];
  await delivered();
  await delivered();
  expect(told).toEqual([['a', 'b']]);
  statuses.push(lacking('d'));
  await delivered();
  expect(told).toEqual([['a', 'b'], ['d']]);
});

test('it is told where somebody looks, if it is still so then', async () => {
  [isFocused, statuses] = [false, [lacking('a')]];
  await delivered();
  expect(told).toEqual([]);
  isFocused = true;
  focuses.fire();
  await settled();
  expect(told).toEqual([['a']]);
  statuses.push(lacking('b'));
  isFocused = false;
  await delivered();
  statuses = statuses.map((one) => ({ ...one, hasAddress: true }));
  isFocused = true;
  focuses.fire();
  await settled();
  expect(told).toHaveLength(1);
});

test('an address that cannot be handed over is not called unknown, and is in no log', async () => {
  await passwords.set('alerts', 'webhook.a', address);
  statuses = [lacking('a')];
  storage.fails = new Error('no keyring');
  await delivered();
  storage.fails = undefined;
  refuses = new Error('gone');
  await delivered();
  expect(told).toEqual([]);
  expect(logged).toHaveLength(2);
  expect(logged.join()).not.toContain('s3cret');
});

test('a server of the same id may go: the addresses stay', async () => {
  await passwords.set('alerts', 'webhook.a', address);
  await passwords.set('alerts', 'rconPassword', 'hunter2');
  await passwords.forget('alerts');
  expect([...storage.kept.values()]).toEqual([address]);
});
