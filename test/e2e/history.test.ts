import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runawayPercent, writePastWeek } from './support/pastWeek.js';
import type { Language } from './support/profile.js';
import { useVscode } from './support/useVscode.js';

/* From the files of a core that is gone to the picture in a window. */

const words = {
  en: {
    ...{ open: 'Open Metrics', name: 'Survival', week: '7 days', day: '24 h', table: 'Show as Table', file: 'history' },
    ...{ start: 'Start', save: 'Game Servers: Export History…', days: 'Last 7 days', saved: 'lines were written' },
  },
  ko: {
    ...{ open: '지표 열기', name: '생존 서버', week: '7일', day: '24시간', table: '표로 보기', file: 'history.ko' },
    ...{ start: '시작', save: '게임 서버: 기록 내보내기…', days: '최근 7일', saved: '줄을 저장했습니다' },
  },
} as const satisfies Record<Language, Record<string, string>>;

describe.each(['en', 'ko'] as const)('in %s', (language) => {
  const { open, name, week, day, table, file, start, save, days, saved } = words[language];
  const vscode = useVscode({
    language,
    size: { width: 1280, height: 800 },
    settings: { user: { 'workbench.colorTheme': 'Default Dark Modern', 'gameServers.cpuScale': 'core' } },
    prepare: async ({ dataDir }) => {
      await writePastWeek(dataDir, 'survival');
      const args = ['${demoServer}', '${dataDir}/world.json', '--players', '5'];
      const definition = { id: 'survival', name, game: 'demo', launch: { command: '${node}', args } };
      fs.writeFileSync(path.join(dataDir, 'servers.json'), JSON.stringify({ version: 1, servers: [definition] }));
    },
  });

  test('a week of a server: the peak of one minute is there, the night without numbers is a gap, and the table tells it too', async () => {
    const { window } = vscode();
    await window.servers.show();
    await window.servers.inline(name, start);
    await window.servers.description(name).filter({ hasText: 'CPU' }).waitFor();
    await window.servers.inline(name, open);
    await window.panel.getByText(name).first().waitFor();
    await window.panel.getByText(week, { exact: true }).click();
    const cpu = window.panel.getByRole('img', { name: /^CPU/ });
    await expect
      .poll(() => cpu.first().getAttribute('aria-label'), { timeout: 15_000 })
      .toContain(String(runawayPercent));
    await window.messages.clear();
    await window.page.mouse.move(640, 790);
    await window.screenshot(file);
    await window.panel.getByText(table, { exact: true }).click();
    await window.panel
      .getByRole('cell', { name: new RegExp(String(runawayPercent)) })
      .first()
      .waitFor();
    await window.screenshot(`${file}-table`);
    await window.panel.getByText(day, { exact: true }).click();
    const rows = window.panel.getByRole('row');
    await expect.poll(() => rows.count(), { timeout: 15_000 }).toBeGreaterThan(10);
    expect(window.consoleLines.filter((line) => line.includes('Content Security Policy'))).toEqual([]);
    expect(await window.messages.errors()).toEqual([]);
  });

  test('the same as a file', async () => {
    const { window, profile } = vscode();
    await window.run(save);
    await window.quickInput.pick(days);
    // The name that is proposed: of the server and the day, in the folder that is open.
    const input = window.page.locator('.quick-input-widget .quick-input-box input');
    await expect.poll(() => input.inputValue()).toContain(`${path.join(profile.workspace, name)} 20`);
    await window.page.keyboard.press('Enter');
    await window.page.getByText(saved).first().waitFor();
    const [file] = fs.readdirSync(profile.workspace).filter((entry) => entry.endsWith('.csv'));
    const [head, ...lines] = fs
      .readFileSync(path.join(profile.workspace, file ?? ''), 'utf8')
      .trimEnd()
      .split('\n');
    expect(head).toMatch(/^time,seconds,samples,cpu,cpu_min,cpu_max,memory,/);
    expect(lines.length).toBeGreaterThan(2000);
    expect(lines.filter((line) => line.split(',')[5] === String(runawayPercent))).not.toEqual([]);
  });
});
