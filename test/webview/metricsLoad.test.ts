import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ServerLoad } from '../../src/shared/contract.js';
import { root } from './browser.js';
import { env, host } from './fakeVscode.js';
import { chart, feed, id, start, usePanels } from './suite.js';

vi.mock('vscode', () => import('./fakeVscode.js'));
const suite = usePanels();

afterEach(() => {
  host.translations = {};
  env.language = 'en';
});

const load: ServerLoad = {
  ...{ cpu1: 97, cpu5: 81, cpu15: 60, cpuP95: 120, cpuPeak: 131, busiestThread: 97, isBoundToOneCore: true },
  tickRate: { m1: 58, m5: 59, m15: 60, p95: 55, worst: 21 },
  frameTime: null,
};
const cpu = 'average 1 min 24 %, 5 min 20 %, 15 min 15 % · 95 % of the time at most 30 % · highest in 15 min 33 %';
const limit = "One thread uses 97 % of a core: the game's main loop is at its limit; more cores would not help";

function tell(): void {
  feed(suite.fixture, 10);
  suite.fixture.mirror.sample(id, start + 60_000, 97, 2 ** 30, 3, { tickRate: 58 });
  suite.fixture.mirror.change(id, { load });
}

describe('the load over the last minutes', () => {
  test('stands with the chart that it is of, once it is known; the limit above all of them', async () => {
    const { page } = await suite.fixture.open();
    feed(suite.fixture, 10);
    await expect.poll(() => page.locator('gs-time-chart').count()).toBeGreaterThan(1);
    expect(await page.locator('.detail').count()).toBe(0);
    expect(await page.locator('.limit').count()).toBe(0);
    tell();
    await expect.poll(() => chart(page, 'CPU').locator('.detail').textContent()).toBe(cpu);
    expect(await chart(page, 'Tick rate').locator('.detail').textContent()).toContain('lowest in 15 min 21.0/s');
    expect(await chart(page, 'Memory').locator('.detail').count()).toBe(0);
    expect(await page.locator('.limit').textContent()).toBe(limit);
    suite.fixture.mirror.change(id, { load: { ...load, isBoundToOneCore: false } });
    await expect.poll(() => page.locator('.limit').count()).toBe(0);
    expect(await suite.fixture.faults()).toEqual([]);
  });

  test('is there beside the table, too', async () => {
    const { page } = await suite.fixture.open();
    tell();
    await page.getByRole('button', { name: 'Show as Table' }).click();
    await expect.poll(() => page.locator('.loads dt').allTextContents()).toEqual(['CPU', 'Tick rate']);
    expect(await page.locator('.loads dd').first().textContent()).toBe(cpu);
    expect(await page.locator('.limit').textContent()).toBe(limit);
  });

  test('in Korean', async () => {
    host.translations = JSON.parse(readFileSync(join(root, 'l10n/bundle.l10n.ko.json'), 'utf8')) as Record<
      string,
      string
    >;
    env.language = 'ko';
    const { page } = await suite.fixture.open();
    tell();
    await expect.poll(() => chart(page, 'CPU').locator('.detail').textContent()).toMatch(/^평균 1분 24%/);
    expect(await page.locator('.limit').textContent()).toContain('코어');
    await page.screenshot({ path: join(root, 'out/test/screenshots/load.ko.png') });
  });
});
