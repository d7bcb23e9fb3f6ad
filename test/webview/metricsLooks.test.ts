import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { root } from './browser.js';
import type { Sample } from '../../src/shared/contract.js';
import { Failure } from '../../src/shared/failure.js';
import { env, host } from './fakeVscode.js';
import { historyOf, type HistoryParams } from './history.js';
import { coreStatus, historyOfPc } from './hostSamples.js';
import { settled, type PanelOptions } from './panelFixture.js';
import { serverView } from './views.js';
import { chart, gib, id, lineCount, start, usePanels } from './suite.js';
import { themes, type ThemeName } from './themes.js';

vi.mock('vscode', () => import('./fakeVscode.js'));
const suite = usePanels();

const screenshots = join(root, 'out', 'test', 'screenshots');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

beforeAll(() => mkdirSync(screenshots, { recursive: true }));
afterEach(() => {
  host.translations = {};
  env.language = 'en';
});

/** A quarter of an hour of a server under changing load, with a gap of a minute and a half. */
function feed(told: (i: number) => Partial<Sample> = () => ({})): void {
  vi.spyOn(Date, 'now').mockReturnValue(start + 897_000);
  for (let i = 0; i < 300; i++) {
    if (i > 180 && i < 210) continue;
    const wave = 90 + 45 * Math.sin(i / 14) + 18 * Math.sin(i / 3.1) + (i > 240 ? 70 : 0);
    const players = Math.max(0, Math.round(4 + 3 * Math.sin(i / 40)));
    const memory = (5.1 + i / 280 + 0.12 * Math.sin(i / 9)) * gib;
    suite.fixture.mirror.sample(id, start + i * 3000, wave, memory, players, told(i));
  }
}

/** A week with its evenings, a night without the server, and one sharp peak. */
function week(at: number): readonly [mean: number, min: number, max: number] | null {
  const hours = (at - start) / 3_600_000;
  if (hours > -60 && hours < -49) return null;
  const evening = Math.max(0, Math.sin(((hours + 5) / 24) * 2 * Math.PI));
  const mean = 40 + 150 * evening + 12 * Math.sin(hours * 3.7);
  return [mean, mean * 0.6, Math.abs(hours + 100) < 0.2 ? 380 : mean * (1.25 + 0.1 * Math.sin(hours * 5))];
}

function answerOfWeek(params: HistoryParams): unknown {
  return historyOf(
    params,
    {
      cpu: week,
      memory: (at) => {
        const load = week(at);
        return load && [(4.8 + load[0] / 90) * gib, (4.7 + load[0] / 95) * gib, (4.9 + load[0] / 80) * gib];
      },
      players: (at) => {
        const load = week(at);
        return load && [Math.max(0, load[0] - 40) / 12, Math.floor(load[1] / 20), Math.ceil(load[0] / 11)];
      },
    },
    '15m',
  );
}

const situations: Record<string, (theme: ThemeName, options?: PanelOptions) => Promise<Page>> = {
  async charts(theme, options) {
    const { page } = await suite.fixture.open(serverView({ since: start - 8_040_000 }), { theme, ...options }, () =>
      feed(),
    );
    await expect.poll(() => lineCount(page, 'CPU')).toBe(2);
    return page;
  },
  async game(theme, options) {
    const players = { online: 4, max: 32, source: 'rest', at: start };
    const save = { lastAt: start + 700_000, nextAt: null, running: false, tookMs: 2100, bytes: null };
    const view = serverView({
      ...{ since: start - 8_040_000, players },
      save: { ...save, intervalMs: 300_000, isLearned: true },
    });
    const told = (i: number) => ({
      tickRate: 59 + Math.sin(i / 5),
      frameTime: 17 - Math.sin(i / 5),
      apiTime: 12 + 5 * Math.abs(Math.sin(i / 7)),
    });
    const { page } = await suite.fixture.open(view, { theme, height: 1100, ...options }, () => feed(told));
    await expect.poll(() => lineCount(page, 'API response time')).toBe(2);
    return page;
  },
  async week(theme, options) {
    suite.fixture.answer = async (params) => answerOfWeek(params);
    const state = { serverId: id, rangeMinutes: 10_080, show: 'charts' };
    const { page } = await suite.fixture.open(serverView(), { theme, state, ...options }, () => feed());
    await expect.poll(() => lineCount(page, 'CPU')).toBe(2);
    return page;
  },
  async pc(theme, options) {
    suite.fixture.mirror.told = coreStatus();
    suite.fixture.answer = async (params) => historyOfPc(params);
    const state = { serverId: id, rangeMinutes: 60, source: 'host', show: 'charts' };
    const { page } = await suite.fixture.open(serverView(), { theme, state, height: 800, ...options }, () => feed());
    await page.locator('.legend').nth(1).waitFor();
    await page.locator('gs-monitoring-footer').waitFor();
    return page;
  },
  async 'pc-empty'(theme, options) {
    const state = { serverId: id, rangeMinutes: 15, source: 'host', show: 'charts' };
    const { page } = await suite.fixture.open(serverView({ state: 'stopped', pid: null }), {
      theme,
      state,
      ...options,
    });
    await page.getByText('Nothing recorded yet').waitFor();
    return page;
  },
  async over(theme, options) {
    suite.fixture.mirror.told = { ...coreStatus({ budget: 'over' }), sampling: { intervalMs: 6000, reason: 'budget' } };
    const page = await situations.charts!(theme, { height: 940, ...options });
    await page.locator('gs-monitoring-footer .over').scrollIntoViewIfNeeded();
    return page;
  },
  async unsupported(theme, options) {
    suite.fixture.answer = () => Promise.reject(new Failure('unsupported'));
    const page = await situations.charts!(theme, options);
    await page.locator('.banner').waitFor();
    return page;
  },
  async slow(theme, options) {
    const page = await situations.week!(theme, options);
    suite.fixture.answer = () => new Promise(() => {});
    await page.getByText('24 h', { exact: true }).click();
    await page.getByText('Loading…').waitFor();
    return page;
  },
  async table(theme, options) {
    const page = await situations.charts!(theme, options);
    await page.locator('.toolbar gs-button').click();
    await page.locator('gs-sample-table').waitFor();
    return page;
  },
  async empty(theme, options) {
    const { page } = await suite.fixture.open(serverView({ state: 'stopped', pid: null }), { theme, ...options });
    return page;
  },
  async waiting(theme, options) {
    const { page } = await suite.fixture.open(serverView({ state: 'starting' }), { theme, ...options });
    return page;
  },
  async away(theme, options) {
    const page = await situations.charts!(theme, options);
    suite.fixture.mirror.connect('down');
    await page.locator('.banner').waitFor();
    return page;
  },
  async crashed(theme, options) {
    const page = await situations.charts!(theme, options);
    const exit = { code: 1, signal: null, cause: 'crash', at: start + 897_000 } as const;
    suite.fixture.mirror.change(id, { state: 'crashed', exit, pid: null, sample: null });
    await page.locator('.bad').waitFor();
    return page;
  },
};

async function axeFindings(page: Page): Promise<string[]> {
  // By evaluate, which the page's policy does not hold back; a script element it would.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations.flatMap(({ id: rule, nodes }) =>
    nodes.map((node) => `${rule}: ${node.html} ${node.failureSummary ?? ''}`),
  );
}

describe.each(Object.keys(themes) as ThemeName[])('%s', (theme) => {
  test.each(Object.keys(situations))('%s: looks right to axe', async (situation) => {
    const page = await situations[situation]!(theme);
    await settled(page);
    await page.screenshot({ path: join(screenshots, `webview-${situation}-${theme}.png`) });
    expect(await suite.fixture.faults()).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
  });
});

test.each([
  ['charts', 'narrow', { width: 420, height: 820 }],
  ['week', 'narrow-week', { width: 300, height: 700 }],
  ['week', 'wide', { width: 1600, height: 900 }],
  ['week', 'low', { width: 1100, height: 420 }],
  ['pc', 'narrow-pc', { width: 320, height: 1000 }],
] as const)('%s, %s', async (situation, name, size) => {
  const page = await situations[situation]!('dark', size);
  await settled(page);
  await page.screenshot({ path: join(screenshots, `webview-${name}.png`) });
});

test('Korean', async () => {
  const bundle = readFileSync(join(root, 'l10n', 'bundle.l10n.ko.json'), 'utf8');
  host.translations = JSON.parse(bundle) as Record<string, string>;
  env.language = 'ko';
  const page = await situations.charts!('dark');
  expect(await page.locator('html').getAttribute('lang')).toBe('ko');
  const text = await page.locator('main').ariaSnapshot();
  for (const part of [
    '실행 중',
    '종료',
    '콘솔 열기',
    '메모리',
    '플레이어',
    '최고',
    '표로 보기',
    '15분',
    '7일',
    '가동 2시간 28분',
  ]) {
    expect(text).toContain(part);
  }
  expect(await page.locator('.plot').first().getAttribute('aria-label')).toMatch(/^CPU, 최근 15분: 현재 \d+%/);
  expect(host.panels[0]!.title).toBe('Green Valley – 지표');
  await page.screenshot({ path: join(screenshots, 'webview-korean.png') });
});

test('Korean, this PC', async () => {
  const bundle = readFileSync(join(root, 'l10n', 'bundle.l10n.ko.json'), 'utf8');
  host.translations = JSON.parse(bundle) as Record<string, string>;
  env.language = 'ko';
  const state = { serverId: id, rangeMinutes: 60, source: 'host', show: 'charts' };
  suite.fixture.mirror.told = coreStatus();
  suite.fixture.answer = async (params) => historyOfPc(params);
  const { page } = await suite.fixture.open(serverView(), { state, height: 800 }, () => feed());
  await page.locator('gs-monitoring-footer').waitFor();
  const text = await page.locator('main').ariaSnapshot();
  for (const part of [
    '이 서버',
    '이 PC',
    '이 PC의 부하',
    '스왑',
    '디스크 대기',
    '이 PC의 네트워크',
    '받음',
    '모니터링 자체',
    '한도 이내',
  ]) {
    expect(text).toContain(part);
  }
  await page.screenshot({ path: join(screenshots, 'webview-korean-pc.png') });
});

describe('keyboard', () => {
  const focused = (page: Page) =>
    page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return `${element?.localName ?? ''} ${element?.getAttribute('aria-label') ?? element?.textContent?.trim() ?? ''}`;
    });

  test('Tab reaches everything in order, nothing that is disabled', async () => {
    const page = await situations.charts!('dark');
    const order: string[] = [];
    for (let i = 0; i < 8; i++) {
      await page.keyboard.press('Tab');
      order.push(await focused(page));
    }
    expect(order.map((text) => text.split(',')[0])).toEqual([
      'gs-button Stop',
      'gs-button Open Console',
      'input ',
      'input ',
      'gs-button Show as Table',
      'div CPU',
      'div Memory',
      'div Players',
    ]);
    await page.screenshot({ path: join(screenshots, 'webview-focus.png') });
  });

  test('arrow keys choose the range, Enter and Space press', async () => {
    const page = await situations.charts!('dark');
    for (let i = 0; i < 4; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('radio', { name: '1 h', exact: true }).isChecked()).toBe(true);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('radio', { name: 'This PC' }).isChecked()).toBe(true);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await vi.waitFor(() => expect(suite.fixture.actions.openConsole).toHaveBeenCalledTimes(1));
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    await vi.waitFor(() => expect(suite.fixture.actions.stop).toHaveBeenCalledTimes(1));
  });

  test('arrow keys read points in all charts at once, and are heard', async () => {
    const page = await situations.week!('dark');
    await chart(page, 'CPU').locator('.plot').focus();
    await page.keyboard.press('End');
    const tip = chart(page, 'CPU').locator('.tip');
    const spoken = chart(page, 'CPU').locator('[aria-live]');
    const newest = (await tip.innerText()).trim();
    expect(newest).toMatch(/^Mar 1, 12:08\sPM\s+\d+ %\s+[\d.]+ % – \d+ %$/);
    expect(await spoken.textContent()).toMatch(/^Mar 1, 12:08\sPM, \d+ %, Lowest [\d.]+ %, Highest \d+ %$/);
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => tip.innerText()).toMatch(/^Mar 1, 11:5\d/);
    expect(await chart(page, 'Memory').locator('.tip').innerText()).toMatch(/^Mar 1, 11:5\d\sAM\s+\d\.\d GB/);
    expect(await chart(page, 'Players').locator('.tip').innerText()).toMatch(/^Mar 1, 11:5\d\sAM\s+\d/);
    expect(await chart(page, 'Memory').locator('[aria-live]').textContent()).toBe('');
    await page.keyboard.press('Home');
    await expect.poll(() => tip.innerText()).toMatch(/^Feb 22, 12:2\d/);
    await page.keyboard.press('ArrowLeft');
    expect(await tip.innerText()).toMatch(/^Feb 22, 12:2\d/);
    for (let i = 0; i < 60; i++) await page.keyboard.press('ArrowRight');
    await settled(page);
    await page.screenshot({ path: join(screenshots, 'webview-reading.png') });
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.tip').count()).toBe(0);
    expect(await spoken.textContent()).toBe('');
  });

  test('the focus stays where it was when its button becomes disabled', async () => {
    const { page } = await suite.fixture.open(serverView({ state: 'stopped' }));
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('gs-button Start');
    suite.fixture.mirror.change(id, { state: 'starting' });
    await page.getByText('Starting').first().waitFor();
    expect(await focused(page)).toBe('gs-button Start');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('gs-button Stop');
    expect(suite.fixture.actions.start).not.toHaveBeenCalled();
  });
});

test('the pointer reads points, in all charts at once', async () => {
  const page = await situations.charts!('light');
  const memory = chart(page, 'Memory');
  await memory.locator('.plot').hover({ position: { x: 250, y: 60 } });
  expect((await memory.locator('.tip').innerText()).trim()).toMatch(/^12:\d\d:\d\d\sPM\s+5\.\d GB$/);
  expect(await chart(page, 'CPU').locator('.tip').innerText()).toMatch(/^12:\d\d:\d\d\sPM\s+\d+ %$/);
  await page.screenshot({ path: join(screenshots, 'webview-pointer.png') });
  await page.mouse.move(5, 5);
  await expect.poll(() => page.locator('.tip').count()).toBe(0);
});

describe('table', () => {
  test('of a quarter of an hour, newest first', async () => {
    const page = await situations.table!('dark');
    const rows = page.locator('gs-sample-table tbody tr');
    expect(await rows.count()).toBe(82);
    expect((await rows.first().innerText()).split('\t')).toEqual([
      expect.stringMatching(/^12:14:50\sPM$/),
      expect.stringMatching(/^\d+ % \(\d+ %\)$/),
      ...['6.3 GB (6.3 GB)', '7'],
    ]);
  });

  test('of a week', async () => {
    const page = await situations.week!('dark');
    await page.locator('.toolbar gs-button').click();
    const rows = page.locator('gs-sample-table tbody tr');
    await rows.first().waitFor();
    expect(await rows.count()).toBeLessThanOrEqual(100);
    expect(await rows.count()).toBeGreaterThan(70);
    expect((await rows.first().innerText()).split('\t')[0]).toMatch(/^Mar 1, 12:00\sPM$/);
    expect(await page.locator('gs-sample-table table').innerText()).toContain('(95 %)');
    await page.screenshot({ path: join(screenshots, 'webview-table-week.png') });
  });
});
