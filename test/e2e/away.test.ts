import fs from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { startCore } from '../../src/node/startCore.js';
import type { Definition } from '../../src/shared/contract.js';
import { CoreProbe, eventually } from './support/core.js';
import { clone } from './support/machine.js';
import { Profile } from './support/profile.js';
import { useVscode } from './support/useVscode.js';

/* The morning after: a night without a window, and the first one that is opened. */

const dist = (name: string): string => path.join(clone, 'dist', name);

/** What somebody who comes within ten seconds sees happen, nobody sees. */
const nobodyIsThereMs = 11_000;

async function night({ dataDir, mark }: Profile): Promise<void> {
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const away = { lastAt: Date.now() - 9 * 3_600_000, absence: null };
  const state = { version: 1, language: null, attention: { told: [], held: [], dropped: 0 }, away };
  fs.writeFileSync(path.join(dataDir, 'attention.json'), JSON.stringify(state));
  // So that it ends with everything else of this VS Code.
  vi.stubEnv(Profile.markName, mark);
  await startCore({ node: process.execPath, core: dist('core.js'), dataDir, idleExitSeconds: 3600 });

  const probe = new CoreProbe(dataDir);
  const args = [dist('demoServer.js'), path.join(dataDir, 'worlds', 'night.json'), '--players', '3'];
  const definition: Definition = {
    ...{ id: 'night', name: 'Night Shift', game: 'demo', launch: { command: process.execPath, args } },
    restart: { policy: 'on-crash', backoffSeconds: [0.2] },
  };
  await probe.ask((core) => core.request('server/add', { definition }));
  await probe.ask((core) => core.request('server/start', { id: 'night' }, { timeoutMs: 60_000 }));
  await probe.ask((core) => core.request('server/send', { id: 'night', line: 'crash' }));
  await eventually('the restart', async () => {
    const { state: now, restarts } = await probe.server('night');
    return now === 'running' && restarts.used === 1;
  });
  await new Promise((resolve) => setTimeout(resolve, nobodyIsThereMs));
}

const vscode = useVscode({ prepare: night });

test('the first window after a night says in one line what happened, and shows it', async () => {
  const { window } = vscode();
  await window.messages.toast('While you were away: 1 crash, 1 restart').waitFor();
  await window.screenshot('away-1-morning');
  // What popped up in nobody's window does not do so now.
  expect(await window.messages.toasts.filter({ hasText: 'Night Shift crashed' }).count()).toBe(0);
  await window.messages.press('While you were away', 'Show Events');
  const text = window.page.locator('.editor-instance .view-lines');
  await text
    .filter({ hasText: /Night.Shift/ })
    .first()
    .waitFor();
  await window.screenshot('away-2-events');
});
