import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { profileFolders } from '../../.scripts/lib/codeServer.mjs';
import { CoreProbe } from './support/core.js';
import { useVscode } from './support/useVscode.js';

/* The package as a user installs it, not the source folder. */

const vscode = useVscode({ extension: 'package' });

test('installed from the VSIX: the demo server runs, from copies of the bundles, and stops with its world saved', async () => {
  const { window, dataDir } = vscode();
  const probe = new CoreProbe(dataDir);
  await window.servers.show();
  await window.servers.welcome.waitFor({ state: 'visible' });
  await window.servers.welcome.getByText('Try a Demo Server').click();
  await window.servers.description('Demo Server').filter({ hasText: 'CPU' }).waitFor({ timeout: 60_000 });
  await window.messages.toast('Servers and monitoring go on after you close VS Code.').waitFor();
  await window.screenshot('package-demo');
  const commands = vscode()
    .processes()
    .map(({ command }) => command)
    .filter((command) => /(core|launcher|demoServer)\.js/.test(command) && !command.startsWith('/bin/sh'));
  expect(commands).toHaveLength(3);
  for (const command of commands) expect(command).toContain(`${dataDir}/bin/`);
  await window.run('Game Servers: Stop');
  await window.quickInput.pick('Demo Server');
  await window.servers.description('Demo Server').filter({ hasText: 'Stopped' }).waitFor();
  expect(await probe.server('demo')).toMatchObject({ exit: { code: 0, cause: 'asked' } });
  expect(probe.world('demo').saves).toBeGreaterThan(0);
});

test('a file of the extension that is gone is said in the tree, and a click recovers when it is back', async () => {
  const { window, profile, dataDir } = vscode();
  const { extensions } = profileFolders(profile.root);
  const folder = fs.readdirSync(extensions).find((name) => name.startsWith('game-server-panel.'));
  const core = path.join(extensions, folder ?? '', 'dist', 'core.js');
  fs.renameSync(core, `${core}.away`);
  fs.rmSync(path.join(dataDir, 'bin'), { recursive: true });
  const ours = vscode()
    .processes()
    .filter(({ command }) => /(core|launcher)\.js/.test(command));
  for (const { pid } of ours) process.kill(pid, 'SIGKILL');
  // It has a role of its own, so that it is read as what it is, and not as a server.
  const notice = window.page.locator('.part.sidebar .monaco-list-row', {
    hasText: 'Files of the extension are missing',
  });
  await notice.waitFor();
  await window.screenshot('package-file-missing');
  fs.renameSync(`${core}.away`, core);
  await notice.click();
  await window.servers.description('Demo Server').filter({ hasText: 'Stopped' }).waitFor();
});
