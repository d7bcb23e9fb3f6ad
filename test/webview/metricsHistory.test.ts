import type { Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import { Failure } from '../../src/shared/failure.js';
import { historyOf, type HistoryParams } from './history.js';
import { settled } from './panelFixture.js';
import { chart, current, feed, gib, id, lineCount, lines, start, usePanels } from './suite.js';
import { serverView } from './views.js';

vi.mock('vscode', () => import('./fakeVscode.js'));
const suite = usePanels();

const minute = 60_000;
const always = { cpu: () => 80, memory: () => gib };
const week = { serverId: id, rangeMinutes: 10_080, show: 'charts' };

/** Keeps what must not be made anew, to be compared with later. */
async function remember(page: Page): Promise<void> {
  await chart(page, 'CPU')
    .locator('canvas')
    .evaluate((canvas) => Object.assign(window, { kept: canvas }));
}
function isSame(page: Page): Promise<boolean> {
  return chart(page, 'CPU')
    .locator('canvas')
    .evaluate((canvas) => (window as unknown as { kept: Element }).kept === canvas);
}
const label = (page: Page) => chart(page, 'CPU').locator('.plot').getAttribute('aria-label');

describe('a quarter of an hour', () => {
  test('the history first, then the live samples in the same picture', async () => {
    suite.fixture.answer = async (params) => historyOf(params, always);
    const { page } = await suite.fixture.open();
    await expect.poll(() => label(page)).toBe('CPU, last 15 min: now unknown, lowest 20 %, highest 20 %');
    await remember(page);
    suite.fixture.mirror.sample(id, start + 2000, 200, gib);
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('50 %');
    expect(await label(page)).toBe('CPU, last 15 min: now 50 %, lowest 20 %, highest 50 %');
    expect(await lineCount(page, 'CPU')).toBe(1);
    expect(await isSame(page)).toBe(true);
    expect(suite.fixture.asked).toHaveLength(1);
  });

  test('a time without the server is a gap, and the rest goes on', async () => {
    const off = (at: number) => at > start - 10 * minute && at < start - 5 * minute;
    suite.fixture.answer = async (params) => historyOf(params, { cpu: (at) => (off(at) ? null : 80) });
    const { page } = await suite.fixture.open();
    await expect.poll(() => lineCount(page, 'CPU')).toBe(2);
    const [before, after] = await lines(page, 'CPU');
    // The gap is a third of the picture.
    expect(after!.from - before!.to).toBeGreaterThan((after!.to - before!.from) * 0.3);
  });

  test('what was measured while the connection was away is fetched', async () => {
    suite.fixture.answer = async (params) => historyOf(params, always);
    const { page } = await suite.fixture.open();
    await expect.poll(() => lineCount(page, 'CPU')).toBe(1);
    suite.fixture.mirror.connect('down');
    await page.locator('.banner').waitFor();
    suite.fixture.mirror.connect('connected');
    await expect.poll(() => suite.fixture.asked.length).toBe(2);
  });
});

describe('longer ranges', () => {
  test('a choice asks for it, and live samples move the figures only', async () => {
    suite.fixture.answer = async (params) => historyOf(params, always);
    const { page } = await suite.fixture.open(serverView(), {}, () => feed(suite.fixture, 3));
    await expect.poll(() => lineCount(page, 'CPU')).toBe(1);
    await page.getByText('24 h', { exact: true }).click();
    await expect.poll(() => label(page)).toBe('CPU, last 24 h: now 11 %, lowest 20 %, highest 20 %');
    expect(suite.fixture.asked.map(({ from, to }) => (to - from) / minute)).toEqual([15, 1440]);
    await page.evaluate(() => {
      const app = document.querySelector('gs-metrics-app')!.shadowRoot!;
      Object.assign(window, { data: (app.querySelector('gs-time-chart') as unknown as { data: unknown }).data });
    });
    suite.fixture.mirror.sample(id, start + 60_000, 200, gib);
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('50 %');
    const isUntouched = await page.evaluate(() => {
      const app = document.querySelector('gs-metrics-app')!.shadowRoot!;
      return (
        (app.querySelector('gs-time-chart') as unknown as { data: unknown }).data ===
        (window as unknown as { data: unknown }).data
      );
    });
    expect(isUntouched).toBe(true);
  });

  test('a peak of one bucket in a week is seen, also on a narrow screen', async () => {
    const peakAt = start - 3 * 1440 * minute;
    suite.fixture.answer = async (params) =>
      historyOf(params, { cpu: (at) => (Math.abs(at - peakAt) < 8 * minute ? [42, 38, 400] : [40, 38, 44]) });
    const { page } = await suite.fixture.open(serverView(), { width: 300, state: week });
    await expect.poll(() => label(page)).toBe('CPU, last 7 days: now unknown, lowest 9.5 %, highest 100 %');
    await settled(page);
    const rows = await chart(page, 'CPU')
      .locator('canvas')
      .evaluate((canvas: HTMLCanvasElement) => {
        const { width, height } = canvas;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
        const isBlue = (i: number) => data[i + 3]! > 60 && data[i + 2]! > data[i]! + 60;
        return Array.from({ length: height }, (_, y) => y).filter((y) =>
          Array.from({ length: width }, (_, x) => (y * width + x) * 4).some(isBlue),
        );
      });
    // From the top of the plotting area to the line near its bottom.
    expect(rows[0]).toBeLessThan(12);
    expect(rows.length).toBeGreaterThan(70);
  });

  test('an answer for another range than the chosen one is dropped', async () => {
    suite.fixture.answer = async (params) => historyOf(params, always);
    const { page, panel } = await suite.fixture.open();
    await expect.poll(() => label(page)).toContain('last 15 min');
    const old = panel.sent.at(-1);
    await page.getByText('6 h', { exact: true }).click();
    await expect.poll(() => label(page)).toContain('last 6 h');
    panel.deliver(old);
    panel.deliver({ type: 'historyFailed', source: 'server', range: 15, fault: 'failed' });
    suite.fixture.mirror.sample(id, start + 3000, 200, gib);
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('50 %');
    expect(await label(page)).toContain('last 6 h');
    expect(await page.locator('.banner').count()).toBe(0);
  });

  test('nothing measured in the chosen time: says so, and another one can be chosen', async () => {
    const yesterday = start - 1440 * minute;
    suite.fixture.answer = async (params) =>
      historyOf(params, { cpu: (at) => (at < yesterday + 600 * minute ? 80 : null) }, '1m');
    const exit = { code: 0, signal: null, cause: 'asked', at: yesterday } as const;
    const { page } = await suite.fixture.open(serverView({ state: 'stopped', pid: null, exit }));
    await page.getByText('Nothing was measured in this time.').waitFor();
    await page.getByText('24 h', { exact: true }).click();
    await expect.poll(() => lineCount(page, 'CPU')).toBe(1);
  });
});

test('who plays is drawn where the game tells it', async () => {
  suite.fixture.answer = async (params) => historyOf(params, { ...always, players: () => 3 });
  const { page } = await suite.fixture.open();
  await expect.poll(() => lineCount(page, 'Players')).toBe(1);
  suite.fixture.mirror.sample(id, start + 2000, 200, gib, 12);
  await expect.poll(() => current(page, 'Players').textContent()).toBe('12');
  suite.fixture.answer = async (params) => historyOf(params, always);
  await page.getByText('1 h', { exact: true }).click();
  await expect.poll(() => chart(page, 'Players').count()).toBe(0);
});

describe('trouble', () => {
  test.each([
    ['unsupported', 'No history is available: only live numbers are shown.'],
    ['timeout', 'The history did not come in time.'],
    ['io', 'The history could not be read.'],
  ] as const)('%s: says so, keeps what is live, and tries again when asked', async (code, text) => {
    suite.fixture.answer = () => Promise.reject(new Failure(code));
    const { page } = await suite.fixture.open(serverView(), {}, () => feed(suite.fixture, 20));
    await page.locator('.banner', { hasText: text }).waitFor();
    await expect.poll(() => lineCount(page, 'CPU')).toBe(1);
    await page.getByText('24 h', { exact: true }).click();
    await expect.poll(() => label(page)).toContain('last 24 h');
    expect(await lineCount(page, 'CPU')).toBe(1);
    suite.fixture.mirror.sample(id, start + 60_000, 200, gib);
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('50 %');
    suite.fixture.answer = async (params) => historyOf(params, always);
    await page.getByRole('button', { name: 'Try Again' }).click();
    await expect.poll(() => page.locator('.banner').count()).toBe(0);
    await expect.poll(() => label(page)).toBe('CPU, last 24 h: now 50 %, lowest 20 %, highest 20 %');
  });

  test('slow: says so over the old picture, paler, until the answer comes', async () => {
    suite.fixture.answer = async (params) => historyOf(params, always);
    const { page } = await suite.fixture.open();
    await expect.poll(() => lineCount(page, 'CPU')).toBe(1);
    await remember(page);
    let answer: (params: HistoryParams) => void = () => {};
    suite.fixture.answer = () => new Promise((resolve) => (answer = (params) => resolve(historyOf(params, always))));
    await page.getByText('24 h', { exact: true }).click();
    await page.getByText('Loading…').waitFor();
    expect(await label(page)).toContain('last 15 min');
    expect(await chart(page, 'CPU').getAttribute('stale')).toBe('');
    answer(suite.fixture.asked.at(-1)!);
    await expect.poll(() => label(page)).toContain('last 24 h');
    expect(await page.getByText('Loading…').count()).toBe(0);
    expect(await chart(page, 'CPU').getAttribute('stale')).toBeNull();
    expect(await isSame(page)).toBe(true);
  });
});

test('how soon the first chart is there', async () => {
  suite.fixture.answer = async (params) => historyOf(params, always);
  suite.fixture.mirror.put(serverView());
  const { page } = await suite.fixture.open(serverView(), {}, () => feed(suite.fixture, 300));
  await page.addInitScript(() => {
    const times: Record<string, number> = {};
    Object.assign(window, { times });
    const note = (name: string) => (times[name] ??= performance.now());
    window.addEventListener('message', () => note('snapshot'));
    const { acquireVsCodeApi } = window as unknown as { acquireVsCodeApi(): unknown };
    Object.assign(window, {
      acquireVsCodeApi() {
        note('script');
        return acquireVsCodeApi();
      },
    });
    const canvas = CanvasRenderingContext2D.prototype as { clip(...given: unknown[]): void };
    const { clip } = canvas;
    canvas.clip = function (...given) {
      note('chart');
      clip.apply(this, given);
    };
  });
  await page.reload();
  await expect.poll(() => lineCount(page, 'CPU')).toBe(1);
  const times = await page.evaluate(() => (window as unknown as { times: Record<string, number> }).times);
  const ms = (from: string) => `${(times.chart! - times[from]!).toFixed(0)} ms after`;
  console.log(`first chart ${ms('script')} the script's start, ${ms('snapshot')} the first snapshot`);
  expect(times.chart).toBeGreaterThan(times.script!);
});
