import { afterAll, expect, test } from 'vitest';
import { FakeTarget } from '../unit/core/alerts/webhooks/support/fakeTarget.js';
import { CoreProbe, eventually } from './support/core.js';
import { useVscode } from './support/useVscode.js';

/* Somebody wants to be told elsewhere, too: asked for, tried, and seen to fail, in one VS Code. */

const vscode = useVscode();
const target = new FakeTarget();

afterAll(async () => {
  await target.close();
});

test('a webhook is added by questions, tried, and its address is nowhere to be read', async () => {
  await target.listen();
  const { window } = vscode();
  await window.servers.show();
  await window.quickInput.runCommand('Game Servers: Add Webhook…');
  await window.quickInput.pick('Generic JSON');
  await window.quickInput.answer('Address (https://)', 'http://example.org/hook');
  await window.quickInput.message.filter({ hasText: 'http:// is for this PC' }).waitFor();
  await window.screenshot('webhooks-1-mistake');
  await window.quickInput.answer('http:// is for this PC', target.url('/a-secret-path'));
  await window.quickInput.answer('Name of the webhook', 'my-log');
  await window.quickInput.pick('Warnings and errors');
  await window.messages.press('The webhook my-log was added.', 'Send Test Message');
  await window.messages.toast(/my-log: .* answered 204\./).waitFor();
  await window.screenshot('webhooks-2-works');
  expect(JSON.parse(target.heard[0]?.body ?? '{}')).toMatchObject({ version: 1, kind: 'test' });
  const list = await new CoreProbe(vscode().dataDir).ask((core) => core.request('webhook/list', {}));
  expect(list).toMatchObject([{ name: 'my-log', kind: 'generic', hasAddress: true, enabled: true }]);
  await window.messages.clear();
});

test('one that is gone says so, with what can be done; removing it asks first', async () => {
  const { window } = vscode();
  target.modes = [{ is: 'answer', status: 404 }];
  await window.quickInput.runCommand('Game Servers: Manage Webhooks…');
  await window.quickInput.row('my-log').waitFor();
  await window.screenshot('webhooks-3-list');
  await window.quickInput.pick('my-log');
  await window.quickInput.pick('Send Test Message');
  await window.messages.toast('my-log did not take the test message').waitFor();
  await window.messages.toast('The address is wrong, or the webhook was deleted there.').waitFor();
  await window.screenshot('webhooks-4-gone');
  await window.messages.clear();
  await window.quickInput.runCommand('Game Servers: Manage Webhooks…');
  await window.quickInput.pick('my-log');
  await window.quickInput.pick('Remove…');
  await window.messages.answer('Remove');
  const none = async (): Promise<boolean> =>
    (await new CoreProbe(vscode().dataDir).ask((core) => core.request('webhook/list', {}))).length === 0;
  await eventually('that it is gone', none);
});
