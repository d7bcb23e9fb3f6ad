import { expect, test } from 'vitest';
import { monitoringText } from '../../../src/extension/text/monitoringText.js';
import { coreStatus } from '../../webview/hostSamples.js';
import { reader } from './fixtures.js';

test('what the monitoring costs, with the process that keeps the servers, and its budget', () => {
  expect(monitoringText(coreStatus(), reader)).toEqual({
    cost: 'Monitoring itself: CPU 0.2 % of one core · 100 MB · 56 KB/h written · 12 KB/h network',
    budget: 'Within its budget: CPU 1.0 % of one core, 190 MB',
    isOver: false,
  });
  expect(monitoringText({ ...coreStatus(), launcher: null }, reader)?.cost).toContain('· 60 MB ·');
});

test('over its budget it says how often it measures instead', () => {
  const status = { ...coreStatus({ budget: 'over' }), sampling: { intervalMs: 10_000, reason: 'budget' } };
  expect(monitoringText(status, reader)).toMatchObject({
    budget: 'Over its budget (CPU 1.0 % of one core, 190 MB): it measures every 10 s until it uses less.',
    isOver: true,
  });
});

test('nothing before it can be told: its start would be most of it', () => {
  expect(monitoringText(undefined, reader)).toBeNull();
  expect(monitoringText({ ...coreStatus(), uptimeMs: 119_999 }, reader)).toBeNull();
});
