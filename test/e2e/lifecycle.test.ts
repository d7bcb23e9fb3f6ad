import path from 'node:path';
import { expect, test } from 'vitest';
import type { Definition } from '../../src/shared/contract.js';
import { CoreProbe, eventually } from './support/core.js';
import { clone } from './support/machine.js';
import { useVscode } from './support/useVscode.js';

/* How servers end, as seen in one VS Code: a stop that takes its time, a crash and what is left of it, a loop of them. */

const vscode = useVscode();
const probe = (): CoreProbe => new CoreProbe(vscode().dataDir);

function demo(id: string, name: string, change: Partial<Definition> = {}): Definition {
  const world = path.join(vscode().dataDir, 'worlds', `${id}.json`);
  const args = [path.join(clone, 'dist', 'demoServer.js'), world, '--players', '2'];
  return { id, name, game: 'demo', launch: { command: process.execPath, args }, ...change };
}

async function started(definition: Definition): Promise<void> {
  const { id, name } = definition;
  await probe().ask((core) => core.request('server/add', { definition }));
  await probe().ask((core) => core.request('server/start', { id }, { timeoutMs: 60_000 }));
  await vscode().window.servers.description(name).filter({ hasText: 'CPU' }).waitFor({ timeout: 60_000 });
}

const type = async (id: string, line: string): Promise<void> => {
  await probe().ask((core) => core.request('server/send', { id, line }));
};

test('a stop that takes its time shows each step while it goes', async () => {
  const { window } = vscode();
  await window.servers.show();
  await eventually(
    'the monitoring',
    async () =>
      await probe()
        .pid()
        .catch(() => false as const),
  );
  await started(demo('slow', 'Slow'));
  await type('slow', 'slowstop 12');
  await window.servers.inline('Slow', 'Stop');
  const toast = window.messages.toasts.filter({ hasText: 'Slow' }).first();
  await toast.waitFor();
  await toast.filter({ hasText: /ending|stop|wait/i }).waitFor();
  await window.screenshot('lifecycle-1-stop-steps');
  console.log(`the stop says: ${(await toast.innerText()).replaceAll('\n', ' | ')}`);
  await window.servers.description('Slow').filter({ hasText: 'Stopped' }).waitFor();
  await toast.waitFor({ state: 'detached' });
  expect((await probe().server('slow')).exit).toMatchObject({ code: 0, cause: 'asked' });
  expect(await window.messages.errors()).toEqual([]);
});

test('a crash: said once, with its report', async () => {
  const { window } = vscode();
  await started(demo('brittle', 'Brittle'));
  await window.page.waitForTimeout(7000); // some numbers for the report
  await type('brittle', 'crash');
  await window.messages.toast('Brittle crashed').waitFor();
  await window.servers.description('Brittle').filter({ hasText: 'Crashed (SIGSEGV)' }).waitFor();
  await window.status.filter({ hasText: 'Brittle crashed' }).waitFor();
  await window.screenshot('lifecycle-2-crash');
  await window.messages.press('Brittle crashed', 'Report');
  const preview = window.page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe#active-frame');
  await preview.getByRole('heading', { name: 'Crash of Brittle' }).waitFor();
  const report = await preview.locator('body').innerText();
  for (const told of ['SIGSEGV', 'Players', 'Fatal error: segmentation fault', 'World.tick (world.ts:133)'])
    expect(report).toContain(told);
  await window.screenshot('lifecycle-3-report');
  await preview
    .locator('table tr')
    .last()
    .evaluate((row) => row.scrollIntoView());
  await window.screenshot('lifecycle-4-report-numbers');
  // Seen: neither the number nor the status bar goes on about it.
  await eventually('the alert is acknowledged', async () => (await probe().server('brittle')).alerts === 0);
  await window.status.filter({ hasNotText: 'crashed' }).waitFor();
});

test('a crash loop: one alert that counts, an end of trying, and a list', async () => {
  const { window } = vscode();
  await window.messages.clear();
  const restart = { policy: 'on-crash' as const, maxAttempts: 2, backoffSeconds: [1] };
  const definition = demo('loop', 'Loop', { restart });
  const broken = {
    ...definition,
    launch: { command: '/bin/sh', args: ['-c', 'echo "Ready for players"; sleep 4; exit 3'] },
  };
  await probe().ask((core) => core.request('server/add', { definition: broken }));
  await probe().ask((core) => core.request('server/start', { id: 'loop' }));
  await window.servers.description('Loop').filter({ hasText: 'Restart failed (2/2)' }).waitFor({ timeout: 60_000 });
  await window.messages.toast('Loop was not restarted again').waitFor();
  await window.screenshot('lifecycle-5-loop');
  await window.messages.clear();
  await window.run('Game Servers: Show Alerts');
  await window.alerts.row('Loop was not restarted again').waitFor();
  await window.alerts.description('Loop crashed').filter({ hasText: '3 times' }).waitFor();
  await window.screenshot('lifecycle-6-alerts');
  const alerts = await probe().ask((core) => core.request('alert/list', {}));
  const open = alerts.filter(({ server, state }) => server === 'loop' && state === 'active');
  expect(open.map(({ rule, count }) => [rule, count]).sort()).toEqual([
    ['crash', 3],
    ['gave-up', 1],
  ]);
});

test('a server that does not respond is said to, and is well again', async () => {
  const { window } = vscode();
  await started(demo('stuck', 'Stuck'));
  const { pid } = await probe().server('stuck');
  process.kill(pid ?? 0, 'SIGSTOP');
  await window.servers.description('Stuck').filter({ hasText: 'Not responding' }).waitFor({ timeout: 60_000 });
  await window.messages.toast('Stuck is not responding').waitFor();
  await window.screenshot('lifecycle-7-not-responding');
  process.kill(pid ?? 0, 'SIGCONT');
  await window.servers.description('Stuck').filter({ hasNotText: 'Not responding' }).waitFor({ timeout: 60_000 });
});

test('stop all: asked once, with names', async () => {
  const { window } = vscode();
  await started(demo('other', 'Other'));
  await window.messages.clear();
  await window.run('Game Servers: Stop All Servers…');
  await window.messages.dialog.filter({ hasText: 'Stop all 2 servers?' }).waitFor();
  await window.screenshot('lifecycle-8-stop-all');
  await window.messages.answer('Stop All');
  for (const name of ['Stuck', 'Other'])
    await window.servers.description(name).filter({ hasText: 'Stopped' }).waitFor({ timeout: 60_000 });
  for (const id of ['stuck', 'other']) expect((await probe().server(id)).exit).toMatchObject({ cause: 'asked' });
});
