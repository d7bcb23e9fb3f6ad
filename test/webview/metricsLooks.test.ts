import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { root } from './browser.js';
import { env, host } from './fakeVscode.js';
import { settled, type PanelOptions } from './panelFixture.js';
import { serverView } from './views.js';
import { gib, id, start, usePanels } from './suite.js';
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
function feed(): void {
  vi.spyOn(Date, 'now').mockReturnValue(start + 897_000);
  for (let i = 0; i < 300; i++) {
    if (i > 180 && i < 210) continue;
    const wave = 90 + 45 * Math.sin(i / 14) + 18 * Math.sin(i / 3.1) + (i > 240 ? 70 : 0);
    suite.fixture.mirror.sample(id, start + i * 3000, wave, (5.1 + i / 280 + 0.12 * Math.sin(i / 9)) * gib);
  }
}

const situations: Record<string, (theme: ThemeName, options?: PanelOptions) => Promise<Page>> = {
  async charts(theme, options) {
    const { page } = await suite.fixture.open(serverView({ since: start - 8_040_000 }), { theme, ...options }, feed);
    await page.locator('path.line').first().waitFor();
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

test('narrow, in a side column', async () => {
  const page = await situations.charts!('dark', { width: 420, height: 820 });
  await settled(page);
  await page.screenshot({ path: join(screenshots, 'webview-narrow.png') });
});

test('Korean', async () => {
  const bundle = readFileSync(join(root, 'l10n', 'bundle.l10n.ko.json'), 'utf8');
  host.translations = JSON.parse(bundle) as Record<string, string>;
  env.language = 'ko';
  const page = await situations.charts!('dark');
  expect(await page.locator('html').getAttribute('lang')).toBe('ko');
  const text = await page.locator('main').ariaSnapshot();
  for (const part of ['실행 중', '종료', '콘솔 열기', '메모리', '최고', '표로 보기', '15분', '가동 2시간 28분']) {
    expect(text).toContain(part);
  }
  expect(await page.locator('.plot').first().getAttribute('aria-label')).toMatch(/^CPU, 최근 15분: 현재 \d+%/);
  expect(host.panels[0]!.title).toBe('Green Valley – 지표');
  await page.screenshot({ path: join(screenshots, 'webview-korean.png') });
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
    for (let i = 0; i < 6; i++) {
      await page.keyboard.press('Tab');
      order.push(await focused(page));
    }
    expect(order.map((text) => text.split(',')[0])).toEqual([
      'gs-button Stop',
      'gs-button Open Console',
      'input ',
      'gs-button Show as Table',
      'div CPU',
      'div Memory',
    ]);
    await page.screenshot({ path: join(screenshots, 'webview-focus.png') });
  });

  test('arrow keys choose the range and read points, Enter and Space press', async () => {
    const page = await situations.charts!('dark');
    for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowLeft');
    expect(await page.getByRole('radio', { name: '5 min', exact: true }).isChecked()).toBe(true);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    const tip = page.locator('gs-live-chart').first().locator('.tip');
    expect((await tip.innerText()).trim()).toMatch(/^12:14:54\s+\d+ %$/);
    await page.keyboard.press('Home');
    expect((await tip.innerText()).trim()).toMatch(/^12:10:/);
    await page.screenshot({ path: join(screenshots, 'webview-reading.png') });
    await page.keyboard.press('Escape');
    await expect.poll(() => tip.count()).toBe(0);
    for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await vi.waitFor(() => expect(suite.fixture.actions.openConsole).toHaveBeenCalledTimes(1));
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    await vi.waitFor(() => expect(suite.fixture.actions.stop).toHaveBeenCalledTimes(1));
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

test('the pointer reads points', async () => {
  const page = await situations.charts!('light');
  const memory = page.locator('gs-live-chart').nth(1);
  await memory.locator('.plot').hover({ position: { x: 250, y: 60 } });
  expect((await memory.locator('.tip').innerText()).trim()).toMatch(/^12:\d\d:\d\d\s+5\.\d GB$/);
  await page.screenshot({ path: join(screenshots, 'webview-pointer.png') });
  await page.mouse.move(5, 5);
  await expect.poll(() => memory.locator('.tip').count()).toBe(0);
});

test('the table holds what the charts draw, newest first', async () => {
  const page = await situations.table!('dark');
  const rows = page.locator('gs-sample-table tbody tr');
  expect(await rows.count()).toBe(271);
  expect((await rows.first().innerText()).split('\t')).toEqual(['12:14:57', expect.stringMatching(/%$/), '6.3 GB']);
});
