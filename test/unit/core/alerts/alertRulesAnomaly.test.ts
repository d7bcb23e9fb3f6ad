import { beforeEach, expect, test } from 'vitest';
import { AlertRules } from '../../../../src/core/alerts/alertRules.js';
import { Alerts } from '../../../../src/core/alerts/alerts.js';
import { alertPolicy } from '../../../../src/core/alerts/policy.js';
import type { Definition } from '../../../../src/shared/contract.js';
import { noon, view } from '../../extension/fixtures.js';
import { Shelf } from './support/shelf.js';

const definition: Definition = { id: 'demo', name: 'Demo', game: 'demo', launch: { command: 'x' } };
const server = { id: 'demo', definition, view: () => view() };
const cpu = { kind: 'cpu-high', metric: 'cpu', severity: 'warning' };
let alerts: Alerts;
let rules: AlertRules;
let told: number;

function make(settings: Parameters<typeof alertPolicy>[0]): void {
  const policy = alertPolicy(settings);
  told = 0;
  alerts = new Alerts({ keeper: new Shelf(), changed: () => told++, now: () => noon, policy: () => policy });
  rules = new AlertRules(alerts);
}

beforeEach(() => {
  make({});
});

const states = (): string[] =>
  alerts.list().map(({ rule, state, count, severity }) => `${rule} ${state} ${String(count)} ${severity}`);

test('what is found is raised, goes on without counting, and counts where it is another matter', () => {
  rules.anomaly(server, 'anomaly', cpu, true);
  rules.anomaly(server, 'anomaly', { ...cpu, peak: 500 }, false);
  expect(states()).toEqual(['anomaly active 1 warning']);
  expect(alerts.list()[0]?.data).toMatchObject({ peak: 500 });
  alerts.acknowledge(alerts.list()[0]?.id ?? '');
  rules.anomaly(server, 'anomaly', { ...cpu, peak: 600 }, false);
  expect(states()).toEqual(['anomaly acknowledged 1 warning']);
  rules.anomaly(server, 'anomaly', { ...cpu, kind: 'memory-high' }, true);
  expect(states()).toEqual(['anomaly active 2 warning']);
  rules.anomalyOver('demo', 'anomaly');
  expect(states()).toEqual(['anomaly resolved 2 warning']);
});

test('how bad it is follows what is found', () => {
  rules.anomaly(server, 'anomaly', cpu, true);
  rules.anomaly(server, 'anomaly', { ...cpu, severity: 'error' }, false);
  expect(states()).toEqual(['anomaly active 1 error']);
});

test('a leak matters when the memory would be used up soon', () => {
  const leak = { kind: 'leak', metric: 'memory', severity: 'warning' };
  rules.anomaly(server, 'leak', { ...leak, hoursLeft: null }, true);
  rules.anomaly(server, 'leak', { ...leak, hoursLeft: 12.5 }, true);
  expect(states()).toEqual([]);
  rules.anomaly(server, 'leak', { ...leak, hoursLeft: 12 }, false);
  expect(states()).toEqual(['leak active 1 warning']);
  rules.anomaly(server, 'leak', { ...leak, hoursLeft: 20 }, false);
  expect(states()).toEqual(['leak active 1 warning']);
  make({ rules: { leak: { hoursLeft: 100 } } });
  rules.anomaly(server, 'leak', { ...leak, hoursLeft: 99 }, true);
  expect(states()).toEqual(['leak active 1 warning']);
});

test('what is switched off is told to nobody', () => {
  make({ rules: { anomaly: { enabled: false } } });
  rules.anomaly(server, 'anomaly', cpu, true);
  rules.anomaly(server, 'anomaly', cpu, false);
  expect([states(), told]).toEqual([[], 0]);
});

test.each([
  ['save-missing', 'save-overdue', () => rules.saveOverdue(server, { lastAt: null, intervalMs: null })],
  ['save-long', 'save-overdue', () => rules.saveOverdue(server, { lastAt: null, intervalMs: null })],
] as const)('%s is not told beside %s', (kind, rule, tell) => {
  tell();
  rules.anomaly(server, 'anomaly', { kind, metric: 'save', severity: 'warning' }, true);
  expect(alerts.list().map((one) => one.rule)).toEqual([rule]);
  // Anything else is.
  rules.anomaly(server, 'anomaly', cpu, true);
  expect(alerts.list()).toHaveLength(2);
});

test('crashes one after the other are told by each crash, which counts them', () => {
  rules.anomaly(server, 'anomaly', { kind: 'crash-loop', metric: 'ends', severity: 'error' }, true);
  expect([states(), told]).toEqual([[], 0]);
});

test('of an earlier process it stays open while the server runs, and no longer', () => {
  rules.anomaly(server, 'anomaly', cpu, true);
  rules.begin([server], true);
  expect(states()).toEqual(['anomaly active 1 warning']);
  rules.begin([{ ...server, view: () => view({ pid: null, state: 'stopped' }) }], true);
  expect(states()).toEqual(['anomaly resolved 1 warning']);
});
