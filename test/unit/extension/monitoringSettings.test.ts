import { beforeEach, describe, expect, test } from 'vitest';
import type { Connection } from '../../../src/extension/coreClient.js';
import { Emitter } from '../../../src/extension/emitter.js';
import { MonitoringSettings, type SettingFault } from '../../../src/extension/monitoringSettings.js';
import { Settings } from '../../../src/extension/settings.js';
import { settingFaultText } from '../../../src/extension/settingFaultText.js';
import { Failure } from '../../../src/shared/failure.js';
import { t } from './fixtures.js';

type Tree = Record<string, unknown>;

let values: Record<string, unknown>;
let connection: Connection;
let sent: Tree[];
/** Answers what was sent last. */
let replies: ((error?: Error) => void)[];
let delivered: (readonly SettingFault[])[];
let connections: Emitter<Connection>;
let monitoring: MonitoringSettings;

beforeEach(() => {
  monitoring?.dispose();
  [values, sent, replies, delivered, connections] = [{}, [], [], [], new Emitter()];
  connection = { at: 'connected' };
  const request = (_: string, { settings }: { settings: Tree }): Promise<unknown> => {
    sent.push(settings);
    return new Promise((resolve, reject) => {
      replies.push((error) => (error === undefined ? resolve({}) : reject(error)));
    });
  };
  const log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
  const client = {
    get current() {
      return connection;
    },
    onDidChange: connections.event,
    request: request as never,
  };
  const read = (key: string): unknown => values[key];
  monitoring = new MonitoringSettings(client, new Settings({ get: read, explicit: read }), log);
  monitoring.onDidDeliver((faults) => delivered.push(faults));
});

async function answer(error?: Error): Promise<void> {
  replies.shift()?.(error);
  await settled();
}
const settled = async (): Promise<void> => await new Promise((resolve) => setImmediate(resolve));
const fault = (field: string): SettingFault => ({ field, detail: 'must be discord or generic' });
const refused = (field: string): Failure => new Failure('invalid-definition', { ...fault(field) });
const webhooks = [{ name: 'a', kind: 'moon' }];

test('at each connect what is set is told, and then that it was', async () => {
  values = { 'alerts.leakHours': 24 };
  connections.fire(connection);
  expect(sent).toEqual([{ alerts: { rules: { leak: { hoursLeft: 24 } } } }]);
  expect(delivered).toEqual([]);
  await answer();
  expect(delivered).toEqual([[]]);
});

test('where nothing is set nothing is sent, and everything is delivered', async () => {
  connections.fire(connection);
  await settled();
  expect([sent, delivered]).toEqual([[], [[]]]);
});

describe('what is wrong', () => {
  test('is left out and told, so that the rest counts', async () => {
    values = { webhooks, 'alerts.quietFrom': '08:00', 'alerts.quietTo': '08:00', 'alerts.leakHours': 24 };
    monitoring.send();
    await answer(refused('webhooks.0.kind'));
    expect(Object.keys(sent[1]!)).toEqual(['alerts']);
    await answer(refused('alerts.quietHours.to'));
    expect(sent[2]).toEqual({ alerts: { rules: { leak: { hoursLeft: 24 } } } });
    await answer();
    expect(delivered).toEqual([[fault('webhooks.0.kind'), fault('alerts.quietHours.to')]]);
  });

  test('somewhere else than in what was sent ends it', async () => {
    values = { webhooks };
    monitoring.send();
    await answer(refused('sampling.baseIntervalMs'));
    expect([sent.length, delivered]).toEqual([1, []]);
  });

  test('alone is told all the same', async () => {
    values = { webhooks };
    monitoring.send();
    await answer(refused('webhooks'));
    expect([sent.length, delivered]).toEqual([1, [[fault('webhooks')]]]);
  });

  test('is not sent once more after what is newer', async () => {
    values = { webhooks, 'alerts.leakHours': 24 };
    monitoring.send();
    values = { 'alerts.leakHours': 48 };
    monitoring.send();
    await answer(refused('webhooks.0.kind'));
    await answer();
    expect(sent).toHaveLength(2);
    expect(delivered).toEqual([[]]);
  });
});

test('what was taken back while it could not be told is taken back the next time', async () => {
  values = { 'alerts.leakHours': 24 };
  monitoring.send();
  await answer();
  values = {};
  monitoring.send();
  await answer(new Failure('unreachable'));
  monitoring.send();
  await answer();
  monitoring.send();
  const back = { alerts: { rules: { leak: { hoursLeft: null } } } };
  expect(sent.slice(1)).toEqual([back, back]);
});

test.each([
  ['webhooks.1.kind', 'must be discord or generic', 'entry 2, kind: must be discord or generic'],
  ['webhooks', 'must have names that are different', 'two webhooks have the same name'],
  [
    'webhooks.0.servers.3',
    'must be ids of servers',
    'entry 1, servers, entry 4: must be ids of servers, as servers.json has them',
  ],
])('the fault of %s in words', (field, detail, words) => {
  expect(settingFaultText({ field, detail }, t)).toBe(
    `The setting gameServers.webhooks is not right: ${words}. The others count.`,
  );
});

test('a fault at a place that this window does not know is told as it came', () => {
  expect(settingFaultText({ field: 'moon.phase', detail: 'must be full' }, t)).toBe(
    'The settings are not right: moon.phase: must be full. The others count.',
  );
  expect(settingFaultText({ field: 'alerts.quietHours.to', detail: 'must not be the same as from' }, t)).toBe(
    'The setting gameServers.alerts.quietFrom is not right: the end is the same as the beginning. The others count.',
  );
});
