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

export function chart(page: Page, name: 'CPU' | 'Memory'): Locator {
  return page.locator('gs-live-chart', { hasText: name });
}

export function current(page: Page, name: 'CPU' | 'Memory'): Locator {
  return chart(page, name).locator('.current dd');
}

export function lines(page: Page, name: 'CPU' | 'Memory'): Locator {
  return chart(page, name).locator('path.line');
}

export function button(page: Page, name: string): Locator {
  return page.locator('gs-server-header').getByRole('button', { name });
}
