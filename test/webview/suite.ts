import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { launchBrowser, requireFreshBundle } from './browser.js';
import { PanelFixture } from './panelFixture.js';

export const id = 'valley';
export const start = Date.parse('2026-03-01T12:00:00');
export const gib = 1024 ** 3;

/** A browser per file, a fixture per test. A broken policy or an error on a console fails the test that caused it. */
export function usePanels(): { browser: Browser; fixture: PanelFixture } {
  vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
  const suite = {} as { browser: Browser; fixture: PanelFixture };
  let closeBrowser: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    requireFreshBundle();
    const launched = await launchBrowser();
    [suite.browser, closeBrowser] = [launched.browser, launched.close];
  });
  afterAll(() => closeBrowser?.());
  beforeEach(async () => {
    vi.spyOn(Date, 'now').mockReturnValue(start);
    suite.fixture = await PanelFixture.create(suite.browser);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    const faults = await suite.fixture.faults();
    await suite.fixture.close();
    expect(faults).toEqual([]);
  });
  return suite;
}

/** Samples every 3 s: CPU 40 % of a core, 41 %, 42 % …, memory 2 GB. */
export function feed({ mirror }: PanelFixture, count: number, from = start): void {
  for (let i = 0; i < count; i++) mirror.sample(id, from + i * 3000, 40 + i, 2 * gib);
}

export type ChartName = 'CPU' | 'Memory' | 'Players' | 'Tick rate' | 'Frame time' | 'API response time';

export function chart(page: Page, name: ChartName): Locator {
  return page.locator('gs-time-chart', { hasText: name });
}

export function current(page: Page, name: ChartName): Locator {
  return chart(page, name).locator('.current dd');
}

/** The ranges of columns, in device pixels, in which the line is seen on the canvas: a gap is between two of them. */
export function lines(page: Page, name: ChartName): Promise<{ from: number; to: number }[]> {
  return chart(page, name).evaluate((element) => {
    const canvas = element.shadowRoot?.querySelector('canvas');
    if (canvas == null) return [];
    const [red, green, blue] = inkOf('line');
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
    const found: { from: number; to: number }[] = [];
    for (let x = 0; x < width; x++) {
      if (!hasInk(x)) continue;
      const last = found.at(-1);
      if (last?.to === x - 1) last.to = x;
      else found.push({ from: x, to: x });
    }
    return found;

    function hasInk(x: number): boolean {
      for (let y = 0; y < height; y++) {
        const i = (y * width + x) * 4;
        const distance = Math.abs(data[i]! - red!) + Math.abs(data[i + 1]! - green!) + Math.abs(data[i + 2]! - blue!);
        if (data[i + 3]! > 80 && distance < 60) return true;
      }
      return false;
    }

    // Painted, as a colour has many ways to be written.
    function inkOf(ink: string): Uint8ClampedArray {
      const paint = document.createElement('canvas').getContext('2d')!;
      paint.fillStyle = getComputedStyle(element.shadowRoot!.querySelector(`[data-ink=${ink}]`)!).color;
      paint.fillRect(0, 0, 1, 1);
      return paint.getImageData(0, 0, 1, 1).data;
    }
  });
}

export async function lineCount(page: Page, name: ChartName): Promise<number> {
  return (await lines(page, name)).length;
}

export function button(page: Page, name: string): Locator {
  return page.locator('gs-server-header').getByRole('button', { name });
}
