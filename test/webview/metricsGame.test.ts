import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Sample } from '../../src/shared/contract.js';
import { root } from './browser.js';
import { env, host } from './fakeVscode.js';
import { historyOf } from './history.js';
import { settled } from './panelFixture.js';
import { chart, current, feed, gib, id, lineCount, start, usePanels } from './suite.js';
import { serverView } from './views.js';

vi.mock('vscode', () => import('./fakeVscode.js'));
const suite = usePanels();
const saved = { nextAt: null, running: false, tookMs: null, intervalMs: null, isLearned: false, bytes: null };

afterEach(() => {
  host.translations = {};
  env.language = 'en';
});

function tell(told: Partial<Sample>, at = start): void {
  suite.fixture.mirror.sample(id, at, 40, gib, 3, told);
}

describe('what a game tells of itself', () => {
  test('has charts only where it is told, in its units', async () => {
    const { page } = await suite.fixture.open();
    feed(suite.fixture, 3);
    await expect.poll(() => page.locator('gs-time-chart').count()).toBe(2);
    for (let i = 3; i < 10; i++) tell({ tickRate: 58.24, frameTime: 17.2, apiTime: 8.4 }, start + i * 3000);
    await expect.poll(() => current(page, 'Tick rate').textContent()).toBe('58.2/s');
    expect(await current(page, 'Frame time').textContent()).toBe('17 ms');
    expect(await current(page, 'API response time').textContent()).toBe('8.4 ms');
    expect(await page.locator('gs-time-chart h2').allInnerTexts()).toEqual([
      ...['CPU', 'Memory', 'Players', 'Tick rate', 'Frame time', 'API response time'],
    ]);
    for (const name of ['Tick rate', 'Frame time', 'API response time'] as const) {
      expect([name, await lineCount(page, name)]).toEqual([name, 1]);
    }
  });

  test('a game that tells one thing has one more chart', async () => {
    const { page } = await suite.fixture.open();
    suite.fixture.mirror.sample(id, start, 40, gib, null, { apiTime: 12 });
    await expect.poll(() => page.locator('gs-time-chart').count()).toBe(3);
    expect(await chart(page, 'API response time').locator('.plot').getAttribute('aria-label')).toMatch(
      /^API response time, last .*: now 12 ms, lowest 12 ms, highest 12 ms$/,
    );
  });

  test('the history has them too, and is asked for them', async () => {
    suite.fixture.answer = async (params) => historyOf(params, { cpu: () => 40, tickRate: () => [60, 20, 60] });
    const { page } = await suite.fixture.open();
    await expect.poll(() => lineCount(page, 'Tick rate')).toBe(1);
    expect(suite.fixture.asked[0]!.metrics).toEqual(expect.arrayContaining(['tickRate', 'frameTime', 'apiTime']));
    expect(await chart(page, 'Tick rate').locator('.ends').innerText()).toMatch(/Lowest\s+20.0\/s\s+Highest\s+60.0\/s/);
  });

  test('the table has a column for what is told', async () => {
    const { page } = await suite.fixture.open();
    feed(suite.fixture, 1);
    await page.getByRole('button', { name: 'Show as Table' }).click();
    const headings = () => page.locator('gs-sample-table thead th').allInnerTexts();
    await expect.poll(headings).toEqual(['Time', 'CPU (highest)', 'Memory (highest)', 'Players']);
    tell({ tickRate: 60, frameTime: 16 }, start + 3000);
    await expect.poll(headings).toContain('Frame time (highest)');
    expect(await headings()).toContain('Tick rate');
    expect(await page.locator('gs-sample-table tbody').innerText()).toMatch(/60\.0\/s\s+16 ms \(16 ms\)/);
  });

  test('in Korean', async () => {
    host.translations = JSON.parse(
      readFileSync(join(root, 'l10n/bundle.l10n.ko.json'), 'utf8'),
    ) as typeof host.translations;
    env.language = 'ko';
    const { page } = await suite.fixture.open(
      serverView({
        players: { online: 3, max: 32, source: 'rest', at: start },
        save: { ...saved, lastAt: start - 180_000 },
      }),
    );
    tell({ tickRate: 58.24, frameTime: 17.2, apiTime: 8.4 });
    await expect
      .poll(() => page.locator('gs-time-chart h2').allInnerTexts())
      .toEqual(['CPU', '메모리', '플레이어', '틱 레이트', '프레임 시간', 'API 응답 시간']);
    expect(await page.locator('gs-time-chart .current dd').allInnerTexts()).toEqual(
      expect.arrayContaining(['초당 58.2', '17ms', '8.4ms']),
    );
    const facts = await page.locator('gs-server-header .facts').innerText();
    expect(facts).toContain('플레이어 3/32명');
    expect(facts).toContain('3분 전 마지막 세이브');
  });
});

describe('the header', () => {
  test('has the players and the last save where they are known', async () => {
    const { page } = await suite.fixture.open();
    const facts = page.locator('gs-server-header .facts');
    feed(suite.fixture, 1);
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('10 %');
    expect(await facts.innerText()).not.toMatch(/players|save/i);
    suite.fixture.mirror.change(id, {
      players: { online: 3, max: 32, source: 'rest', at: start },
      save: { ...saved, lastAt: start - 180_000 },
    });
    await expect.poll(() => facts.innerText()).toMatch(/3\/32 players\s*·?\s*Last save 3 min ago/);
    suite.fixture.mirror.change(id, { save: { ...saved, lastAt: start - 180_000, running: true } });
    await expect.poll(() => facts.innerText()).toContain('saving…');
  });

  test('shows none of it without a connection, and none of one that has ended', async () => {
    const players = { online: 3, max: 32, source: 'rest', at: start };
    const { page } = await suite.fixture.open(serverView({ players, save: { ...saved, lastAt: start - 180_000 } }));
    const facts = page.locator('gs-server-header .facts');
    tell({});
    await expect.poll(() => facts.innerText()).toContain('3/32 players');
    suite.fixture.mirror.connect('down');
    await expect.poll(() => facts.innerText()).not.toContain('players');
    suite.fixture.mirror.connect('connected');
    await expect.poll(() => facts.innerText()).toContain('Last save');
    suite.fixture.mirror.change(id, { state: 'stopped', pid: null, sample: null });
    await expect.poll(() => facts.innerText()).not.toMatch(/players|save/i);
    await settled(page);
  });
});
