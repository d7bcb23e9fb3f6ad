import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CoreProbe, eventually } from './support/core.js';
import { writeLearned } from './support/learnedServer.js';
import type { Language } from './support/profile.js';
import { useVscode } from './support/useVscode.js';

/* What was found of a server, why, and what a person says about it. */

const words = {
  en: {
    ...{
      anomalies: 'Show Anomalies…',
      title: 'CPU usage anomaly',
      why: /CPU 190 %, expected 0 to/,
      back: 'called normal',
    },
    ...{ normal: 'This Was Normal', metrics: 'Mute Metric…', cpu: 'CPU', days: 'For 1 day', muted: 'Muted until' },
    ...{ file: 'anomalies', name: 'Survival', start: 'Start' },
  },
  ko: {
    ...{ anomalies: '이상 패턴 보기…', title: 'CPU 사용량 이상', why: /CPU 190%\(예상: 이 시간대/, back: '정상' },
    ...{ normal: '정상이었음', metrics: '지표 알림 끄기…', cpu: 'CPU', days: '1일 동안', muted: '까지' },
    ...{ file: 'anomalies.ko', name: '생존 서버', start: '시작' },
  },
} as const satisfies Record<Language, Record<string, string | RegExp>>;

describe.each(['en', 'ko'] as const)('in %s', (language) => {
  const { anomalies, title, why, normal, back, metrics, cpu, days, muted, file, name, start } = words[language];
  const vscode = useVscode({
    language,
    settings: { user: { 'gameServers.cpuScale': 'core' } },
    prepare: ({ dataDir }) => {
      writeLearned(dataDir, 'survival');
      const launch = { command: '${node}', args: ['${demoServer}', '${dataDir}/world.json'] };
      const servers = [{ id: 'survival', name, game: 'demo', launch }];
      fs.writeFileSync(path.join(dataDir, 'servers.json'), JSON.stringify({ version: 1, servers }));
    },
  });
  const known = (): Promise<{ findings: { endedBy: string }[]; muted: Record<string, unknown> }> =>
    new CoreProbe(vscode().dataDir).ask((core) => core.request('baseline/get', { id: 'survival' })) as never;

  test('it is listed with its reason; called normal, it says so', async () => {
    const { window } = vscode();
    await window.servers.show();
    await window.servers.inline(name, start);
    await window.servers.description(name).filter({ hasText: 'CPU' }).waitFor();
    await window.messages.clear();
    await window.servers.menu(name, anomalies);
    const row = window.quickInput.rows.filter({ hasText: title }).first();
    await row.filter({ hasText: why }).waitFor();
    await window.screenshot(`${file}-1-list`);
    await row.click();
    await window.quickInput.row(normal).waitFor();
    await window.screenshot(`${file}-2-offer`);
    await window.quickInput.pick(normal);
    await eventually('the answer', async () => (await known()).findings[0]?.endedBy === 'normal');
    await window.servers.menu(name, anomalies);
    await row.filter({ hasText: back }).waitFor();
    await window.quickInput.dismiss();
  });

  test('a metric is muted for a day, and says so', async () => {
    const { window } = vscode();
    await window.servers.menu(name, metrics);
    await window.quickInput.row(cpu).waitFor();
    await window.screenshot(`${file}-3-metrics`);
    await window.quickInput.pick(cpu);
    await window.quickInput.pick(days);
    await eventually('that it is muted', async () => typeof (await known()).muted.cpu === 'number');
    await window.servers.menu(name, metrics);
    await window.quickInput.rows.filter({ hasText: cpu }).first().filter({ hasText: muted }).waitFor();
    await window.quickInput.dismiss();
    expect(await window.messages.errors()).toEqual([]);
  });
});
