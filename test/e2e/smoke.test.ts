import { expect, test } from 'vitest';
import { whySkipped } from './support/machine.js';
import { useVscode } from './support/useVscode.js';

const vscode = useVscode();

test('a fresh window shows the empty view, and nothing complains', async () => {
  const { window, profile } = vscode();
  await window.servers.show();
  await window.servers.welcome.waitFor({ state: 'visible' });
  await window.screenshot('smoke');
  expect(await window.messages.errors()).toEqual([]);
  expect(window.consoleLines.filter((line) => line.startsWith('uncaught') && line.includes('game-server'))).toEqual([]);
  if (whySkipped('VSCODE_LOGS') !== undefined) return;
  const own = profile
    .logs()
    .filter(({ file, text }) => file.includes('game-server-panel') || text.includes('gameServers'));
  expect(own.map(({ text }) => text).join('\n')).toMatch(/activated in [\d.]+ ms/);
  expect(own.flatMap(({ text }) => text.split('\n')).filter((line) => line.includes('[error]'))).toEqual([]);
});
