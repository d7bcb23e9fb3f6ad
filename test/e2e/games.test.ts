import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { palworldIn, type FakePalworld } from '../core/support/palworld.js';
import { CoreProbe, eventually } from './support/core.js';
import { useVscode } from './support/useVscode.js';

/* A game that can be asked, as seen in one VS Code: its own settings say where, and a program of ours stands in for it. */

const vscode = useVscode();
const probe = (): CoreProbe => new CoreProbe(vscode().dataDir);
const name = 'Green Valley';
let game: FakePalworld;

const folderFor = { file: (...parts: string[]): string => path.join(vscode().dataDir, 'games', ...parts) };

test('players and more are told by the game itself, without a word about it in servers.json', async () => {
  const { window } = vscode();
  await window.servers.show();
  await eventually(
    'the monitoring',
    async () =>
      await probe()
        .pid()
        .catch(() => false as const),
  );
  game = await palworldIn(folderFor, 'valley', { name, connection: {} });
  await probe().ask((core) => core.request('settings/set', { settings: { games: { pollIntervalMs: 1000 } } }));
  await probe().ask((core) => core.request('server/add', { definition: game.definition }));
  await probe().ask((core) => core.request('server/start', { id: 'valley' }, { timeoutMs: 60_000 }));
  await game.order({ players: ['Ann', '영희'] });
  await window.servers.description(name).filter({ hasText: '2/32 players' }).waitFor({ timeout: 60_000 });
  await window.servers.row(name).hover();
  const tooltip = window.page.locator('.monaco-hover').filter({ hasText: 'Tick rate' }).first();
  await tooltip.waitFor();
  await window.screenshot('games-1-tooltip');
  expect(await tooltip.innerText()).toMatch(/2\/32.*REST/s);
  await window.page.mouse.move(900, 20);
});

test('save now, from the menu', async () => {
  const { window } = vscode();
  await window.servers.menu(name, 'Save Now');
  await eventually('the save', () => Promise.resolve(game.told().includes('save')));
  const text = window.page.locator('.part.statusbar').getByText(/Green Valley: Saved in/);
  await text.waitFor();
  await window.screenshot('games-2-saved');
});

test('who is on, and out with one', async () => {
  const { window } = vscode();
  await window.servers.menu(name, 'Players…');
  await window.quickInput.row('영희').waitFor();
  await window.screenshot('games-3-players');
  await window.quickInput.pick('Ann');
  await window.quickInput.row('Kick…').waitFor();
  await window.screenshot('games-4-player');
  await window.quickInput.pick('Kick…');
  await window.quickInput.answer('The reason', 'AFK');
  await eventually('the kick', () => Promise.resolve(game.told().includes('kick steam_Ann AFK')));
  await window.servers.description(name).filter({ hasText: '1/32 players' }).waitFor();
});

test('the connection is tested, and says what is wrong when it is', async () => {
  const { window } = vscode();
  await window.servers.menu(name, 'Test Game Connection');
  await window.quickInput.row('REST API').waitFor();
  await window.screenshot('games-5-test');
  await window.quickInput.dismiss();
  await game.order({ mode: 'closed' });
  await window.servers.description(name).filter({ hasText: 'Game API not answering' }).waitFor({ timeout: 60_000 });
  expect((await probe().server('valley')).state).toBe('running');
  await window.screenshot('games-6-silent');
});

/** A server whose interface is switched off in its settings: their file, and what it should become. */
async function switchedOff(id: string, title: string): Promise<{ file: string; before: string; after: string }> {
  const { folder, definition } = await palworldIn(folderFor, id, { name: title, connection: {} });
  const file = path.join(folder, 'Pal/Saved/Config/LinuxServer/PalWorldSettings.ini');
  const after = fs.readFileSync(file, 'utf8');
  const before = after.replace('RESTAPIEnabled=True', 'RESTAPIEnabled=False');
  fs.writeFileSync(file, before);
  await probe().ask((core) => core.request('server/add', { definition }));
  return { file, before, after };
}

test('what its settings lack is shown as a difference; where editors save by themselves it is written when asked', async () => {
  const { window } = vscode();
  const { file, before, after } = await switchedOff('other', 'Other Valley');
  await window.servers.menu('Other Valley', 'Set Up Game Connection…');
  await window.page.locator('.monaco-diff-editor').first().waitFor();
  const question = 'Write these settings into its file?';
  await window.messages.toast(question).waitFor();
  await window.page.waitForTimeout(2500);
  await window.screenshot('games-7-setup');
  expect(fs.readFileSync(file, 'utf8')).toBe(before);
  await window.messages.press(question, 'Write Them');
  await eventually('the written file', () => Promise.resolve(fs.readFileSync(file, 'utf8') === after));
  await window.messages.clear();
  await window.run('View: Close All Editors');
});

test('where they do not, the file itself is edited, and stays as it is until the user saves it', async () => {
  const { window } = vscode();
  const { file, before, after } = await switchedOff('third', 'Third Valley');
  await window.run('File: Toggle Auto Save');
  await window.servers.menu('Third Valley', 'Set Up Game Connection…');
  const editor = window.page.locator('.monaco-diff-editor').first();
  await editor.waitFor();
  await window.messages.toast('Save the file, then restart Third Valley').waitFor();
  await window.page.waitForTimeout(2500);
  await window.screenshot('games-8-setup-unsaved');
  expect(fs.readFileSync(file, 'utf8')).toBe(before);
  await editor.locator('.editor.modified .view-lines').click();
  await window.run('File: Save');
  await eventually('the saved file', () => Promise.resolve(fs.readFileSync(file, 'utf8') === after));
});

test('each game says how far it was tried', async () => {
  const { window } = vscode();
  await window.run('Game Servers: Add Server…');
  await window.quickInput.row('Palworld').waitFor();
  await window.screenshot('games-9-proof');
  expect(await window.quickInput.box.innerText()).toContain('tested by protocol');
  await window.quickInput.dismiss();
  expect(await window.messages.errors()).toEqual([]);
});
