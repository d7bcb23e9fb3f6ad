import { beforeEach, expect, test, vi } from 'vitest';
import { Emitter } from '../../../src/extension/emitter.js';
import type { SettingFault } from '../../../src/extension/monitoringSettings.js';
import { SettingFaults } from '../../../src/extension/settingFaults.js';
import { forgetAll, user } from './games/fakeWindow.js';

const state = vi.hoisted(() => ({ focused: true, listeners: [] as (() => void)[] }));

vi.mock('vscode', async () => {
  const { fakeVscode } = await import('./games/fakeWindow.js');
  const onDidChangeWindowState = (listener: () => void) => {
    state.listeners.push(listener);
    return { dispose: () => undefined };
  };
  return { ...fakeVscode, window: { ...fakeVscode.window, state, onDidChangeWindowState } };
});

const wrong: SettingFault = { field: 'webhooks.0.kind', detail: 'must be discord or generic' };
let deliveries: Emitter<readonly SettingFault[]>;

beforeEach(() => {
  forgetAll();
  [state.focused, state.listeners, deliveries] = [true, [], new Emitter()];
  const log = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };
  new SettingFaults({ onDidDeliver: deliveries.event }, log);
});

test('each fault is told once, and again when it was mended in between', () => {
  deliveries.fire([wrong]);
  deliveries.fire([wrong]);
  expect(user.said).toHaveLength(1);
  deliveries.fire([wrong, { ...wrong, field: 'webhooks.1.kind' }]);
  expect(user.said).toHaveLength(2);
  deliveries.fire([]);
  deliveries.fire([wrong]);
  expect(user.said).toHaveLength(3);
});

test('only where somebody looks, and only what is still wrong then', () => {
  state.focused = false;
  deliveries.fire([wrong, { ...wrong, field: 'webhooks.1.kind' }]);
  deliveries.fire([wrong]);
  expect(user.said).toEqual([]);
  state.focused = true;
  for (const listener of state.listeners) listener();
  expect(user.said.map(([kind, text]) => [kind, text])).toEqual([
    ['warning', expect.stringContaining('entry 1, kind: must be discord or generic')],
  ]);
});

test('its button leads to the setting', async () => {
  user.presses = ['Open Settings'];
  deliveries.fire([wrong]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(user.ran).toEqual([['workbench.action.openSettings', '@id:gameServers.webhooks']]);
});
