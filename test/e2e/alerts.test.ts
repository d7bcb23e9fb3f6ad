import path from 'node:path';
import { expect, test } from 'vitest';
import type { Alert, Definition } from '../../src/shared/contract.js';
import { CoreProbe, eventually } from './support/core.js';
import { clone } from './support/machine.js';
import { useVscode } from './support/useVscode.js';

/* What a person must know, in one VS Code: the list of alerts, and how somebody gets rid of them. */

const vscode = useVscode();
const probe = (): CoreProbe => new CoreProbe(vscode().dataDir);
const title = 'Brittle crashed';

const start = async (): Promise<void> => {
  await probe().ask((core) => core.request('server/start', { id: 'brittle' }, { timeoutMs: 60_000 }));
  await vscode().window.servers.description('Brittle').filter({ hasText: 'CPU' }).waitFor({ timeout: 60_000 });
};
const crash = async (): Promise<void> => {
  await probe().ask((core) => core.request('server/send', { id: 'brittle', line: 'crash' }));
  await vscode().window.servers.description('Brittle').filter({ hasText: 'Crashed' }).waitFor();
};
const newest = async (): Promise<Alert | undefined> => {
  const alerts = await probe().ask((core) => core.request('alert/list', {}));
  return alerts.filter(({ rule }) => rule === 'crash').sort((a, b) => b.firstAt - a.firstAt)[0];
};

test('there are none; a crash is one row, read aloud as a whole, and is grey once it is acknowledged', async () => {
  const { window } = vscode();
  await window.servers.show();
  await window.alerts.welcome.getByText('No alerts.').waitFor();
  const world = path.join(vscode().dataDir, 'worlds', 'brittle.json');
  const args = [path.join(clone, 'dist', 'demoServer.js'), world];
  const definition: Definition = {
    id: 'brittle',
    name: 'Brittle',
    game: 'demo',
    launch: { command: process.execPath, args },
  };
  await probe().ask((core) => core.request('server/add', { definition }));
  await start();
  await crash();
  const row = window.alerts.row(title);
  await row.waitFor();
  expect(await row.getAttribute('aria-label')).toMatch(/^Error: Brittle crashed \(SIGSEGV\)\./);
  const toast = window.messages.toast(title);
  for (const name of ['Report', 'Start', 'Acknowledge', "Don't Show Again"])
    await toast.getByRole('button', { name, exact: true }).waitFor();
  await window.screenshot('alerts-1-crash');
  await window.messages.clear();
  await window.alerts.inline(title, 'Acknowledge');
  await window.alerts.description(title).filter({ hasText: 'Acknowledged' }).waitFor();
  await row.locator('.codicon-check').first().waitFor();
  await window.status.filter({ hasNotText: 'crashed' }).waitFor();
  await window.screenshot('alerts-2-acknowledged');
  expect((await probe().server('brittle')).alerts).toBe(0);
});

test('what is over is folded away; what is muted stays, and pops up no more', async () => {
  const { window } = vscode();
  await start();
  await window.alerts.row('Resolved').waitFor();
  await window.alerts.row(title).waitFor({ state: 'detached' });
  await crash();
  await window.messages.toast(title).waitFor();
  await window.messages.clear();
  await window.alerts.menu(title, 'Mute…');
  await window.quickInput.pick('For 1 hour');
  await window.alerts.description(title).filter({ hasText: 'Muted until' }).waitFor();
  await window.screenshot('alerts-3-muted');
  expect(await newest()).toMatchObject({ state: 'muted', mutedUntil: expect.any(Number) as number });
  // A click offers what can be done about it.
  await window.alerts.row(title).click();
  await window.quickInput.pick('Unmute');
  await window.alerts.description(title).filter({ hasNotText: 'Muted' }).waitFor();
  expect(await newest()).toMatchObject({ state: 'active' });
});

test('maintenance: said in the row of the server; what happens meanwhile is listed, and pops up nowhere', async () => {
  const { window } = vscode();
  await start();
  await window.messages.clear();
  await window.servers.menu('Brittle', 'Maintenance…');
  await window.quickInput.pick('For 2 hours');
  await window.servers.description('Brittle').filter({ hasText: 'Maintenance until' }).waitFor();
  expect((await probe().server('brittle')).maintenance).toEqual({ until: expect.any(Number) as number });
  await crash();
  await window.alerts.description(title).filter({ hasText: 'Maintenance until' }).waitFor();
  await window.page.waitForTimeout(3000);
  expect(await window.messages.toasts.filter({ hasText: title }).count()).toBe(0);
  expect(await window.status.innerText()).not.toContain('crashed');
  await window.screenshot('alerts-4-maintenance');
  await window.servers.menu('Brittle', 'End Maintenance');
  await window.servers.description('Brittle').filter({ hasNotText: 'Maintenance' }).waitFor();
  await eventually(
    'the end of the maintenance',
    async () => (await probe().server('brittle')).maintenance === undefined,
  );
});
