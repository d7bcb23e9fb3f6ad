import type { Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import { setTheme } from './panelFixture.js';
import { chart, feed, lineCount, usePanels } from './suite.js';

vi.mock('vscode', () => import('./fakeVscode.js'));
const suite = usePanels();

describe('looks', () => {
  test('resize: the drawing follows, and nothing needs a horizontal scroll bar', async () => {
    const { page } = await suite.fixture.open();
    feed(suite.fixture, 40);
    await expect.poll(() => lineCount(page, 'CPU')).toBe(1);
    const width = () =>
      chart(page, 'CPU')
        .locator('canvas')
        .evaluate((canvas: HTMLCanvasElement) => canvas.width / devicePixelRatio);
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
    await expect.poll(() => lineCount(page, 'CPU')).toBe(1);
    const colours = () =>
      chart(page, 'CPU')
        .locator('canvas')
        .evaluate((canvas: HTMLCanvasElement) => {
          const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
          const found = new Set<string>();
          for (let i = 0; i < data.length; i += 4) {
            if (data[i + 3] === 255) found.add(data.slice(i, i + 3).join(' '));
          }
          return [...found];
        });
    expect(await colours()).toContain('89 164 249');
    await setTheme(page, 'light');
    await expect.poll(colours).toContain('0 99 211');
    expect(await colours()).not.toContain('89 164 249');
  });
});

function plotWidth(page: Page): Promise<number> {
  return chart(page, 'CPU')
    .locator('.plot')
    .evaluate((plot) => plot.clientWidth);
}
