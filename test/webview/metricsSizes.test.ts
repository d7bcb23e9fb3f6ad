import type { Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import { setTheme } from './panelFixture.js';
import { chart, feed, lines, usePanels } from './suite.js';

vi.mock('vscode', () => import('./fakeVscode.js'));
const suite = usePanels();

describe('looks', () => {
  test('resize: the drawing follows, and nothing needs a horizontal scroll bar', async () => {
    const { page } = await suite.fixture.open();
    feed(suite.fixture, 40);
    await lines(page, 'CPU').waitFor();
    const width = async () => Number(await chart(page, 'CPU').locator('svg').getAttribute('width'));
    const wide = await width();
    for (const size of [700, 420, 300]) {
      await page.setViewportSize({ width: size, height: 700 });
      await expect.poll(async () => (await width()) === (await plotWidth(page))).toBe(true);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(size);
    }
    expect(await width()).toBeLessThan(wide);
  });

  test('theme change: colours follow at once', async () => {
    const { page } = await suite.fixture.open();
    feed(suite.fixture, 5);
    await lines(page, 'CPU').waitFor();
    const colour = () => lines(page, 'CPU').evaluate((path) => getComputedStyle(path).stroke);
    expect(await colour()).toBe('rgb(89, 164, 249)');
    await setTheme(page, 'light');
    expect(await colour()).toBe('rgb(0, 99, 211)');
  });
});

function plotWidth(page: Page): Promise<number> {
  return chart(page, 'CPU')
    .locator('.plot')
    .evaluate((plot) => plot.clientWidth);
}
