import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CoreProbe } from './support/core.js';
import { clone } from './support/machine.js';
import type { Language } from './support/profile.js';
import { useVscode } from './support/useVscode.js';

/*
 * The pictures of the README, in both languages: demo servers under example names. GSP_UPDATE_PICTURES=1 puts them into
 * docs/images; otherwise they are results like every other screenshot.
 */

interface Scene {
  readonly file: string;
  readonly names: readonly [string, string, string];
  readonly stopping: string;
  readonly say: string;
}

const scenes: Record<Language, Scene> = {
  en: {
    file: 'panel',
    names: ['Survival', 'Creative', 'Friends'],
    stopping: 'Stopping in',
    say: 'say Welcome back!',
  },
  ko: {
    file: 'panel.ko',
    names: ['생존 서버', '건축 서버', '친구들'],
    stopping: '뒤 종료',
    say: 'say 다들 어서 오세요!',
  },
};

describe.each(['en', 'ko'] as const)('in %s', (language) => {
  const scene = scenes[language];
  const vscode = useVscode({
    language,
    size: { width: 1280, height: 800 },
    settings: { user: { 'workbench.colorTheme': 'Default Dark Modern' } },
  });

  test('three servers: one running with its numbers and console, one counting down, one stopped', async () => {
    const { window, dataDir } = vscode();
    await window.servers.show();
    await window.servers.welcome.waitFor();
    const core = new CoreProbe(dataDir);
    const ids = ['survival', 'creative', 'friends'] as const;
    await core.ask(async (connection) => {
      for (const [index, id] of ids.entries()) {
        const players = String([12, 4, 0][index]);
        const args = ['${demoServer}', `\${dataDir}/worlds/${id}.json`, '--players', players];
        const definition = { id, name: scene.names[index] ?? id, game: 'demo', launch: { command: '${node}', args } };
        await connection.request('server/add', { definition });
      }
      await connection.request('server/start', { id: 'survival' });
      await connection.request('server/start', { id: 'creative' });
      await connection.request('server/send', { id: 'survival', line: 'players 12' });
      await connection.request('server/send', { id: 'creative', line: 'players 4' });
    });
    const [survival, creative] = scene.names;
    await window.servers.description(survival).filter({ hasText: 'CPU' }).waitFor();
    await window.servers.inline(survival, language === 'en' ? 'Open Metrics' : '지표 열기');
    await window.servers.inline(survival, language === 'en' ? 'Open Console' : '콘솔 열기');
    await window.page.locator('.terminal-wrapper.active .xterm.focus').waitFor();
    await window.page.keyboard.type(scene.say);
    await window.page.keyboard.press('Enter');
    // Long enough for a line of some length in the chart.
    await window.page.waitForTimeout(process.env.GSP_UPDATE_PICTURES === undefined ? 4000 : 35_000);
    await window.messages.clear();
    // Wide enough for the numbers behind the names.
    const box = await window.page.locator('.part.sidebar').boundingBox();
    if (box !== null) {
      const edge = box.x + box.width + 2;
      await window.page.mouse.move(edge, 300);
      await window.page.mouse.down();
      await window.page.mouse.move(edge + 60, 300, { steps: 5 });
      await window.page.mouse.up();
    }
    await core.ask(async (connection) => {
      void connection
        .request('server/stop', { id: 'creative', mode: 'graceful', countdownSeconds: 30 })
        .catch(() => undefined);
      await window.servers.description(creative).filter({ hasText: scene.stopping }).waitFor();
    });
    await window.page.mouse.move(900, 20);
    await window.page.waitForTimeout(1500);
    const picture = await window.screenshot(scene.file);
    const errors = await window.messages.errors();
    expect(errors).toEqual([]);
    if (process.env.GSP_UPDATE_PICTURES !== undefined) {
      fs.copyFileSync(picture, path.join(clone, 'docs', 'images', `${scene.file}.png`));
    }
  });
});
