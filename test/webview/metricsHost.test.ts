import type { Locator, Page } from 'playwright-core';
import { describe, expect, test, vi } from 'vitest';
import { Failure } from '../../src/shared/failure.js';
import { historyOf } from './history.js';
import { coreStatus, historyOfPc } from './hostSamples.js';
import { feed, id, lineCount, start, usePanels } from './suite.js';
import { serverView } from './views.js';

vi.mock('vscode', () => import('./fakeVscode.js'));
const suite = usePanels();

const pc = { serverId: id, rangeMinutes: 15, source: 'host', show: 'charts' };
const load = (page: Page) => page.locator('gs-time-chart', { hasText: 'Load of this PC' });
const network = (page: Page) => page.locator('gs-time-chart', { hasText: 'Network of this PC' });
const names = (chart: Locator) => chart.locator('.legend tbody th').allInnerTexts();
const allNames = [...['CPU', 'Memory', 'Swap', 'Waiting for CPU', 'Waiting for memory', 'Waiting for disks']];

/** Whether something on the canvas is of this colour. */
function isPainted(chart: Locator, colour: readonly number[]): Promise<boolean> {
  return chart.locator('canvas').evaluate((canvas: HTMLCanvasElement, wanted) => {
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const isNear = (i: number) => wanted.every((part, n) => Math.abs(part - data[i + n]!) < 12);
    return Array.from({ length: data.length / 4 }, (_, i) => i * 4).some((i) => data[i + 3]! > 100 && isNear(i));
  }, colour);
}

describe('this PC', () => {
  test('is chosen beside the server, in the same ranges, and goes back to it', async () => {
    suite.fixture.answer = async (params) =>
      params.id === 'host' ? historyOfPc(params) : historyOf(params, { cpu: () => 80 });
    const { page } = await suite.fixture.open();
    await expect.poll(() => lineCount(page, 'CPU')).toBe(1);
    await page.getByText('This PC', { exact: true }).click();
    await load(page).waitFor();
    expect(await names(load(page))).toEqual(allNames);
    expect(await names(network(page))).toEqual(['Received', 'Sent']);
    expect(await page.locator('gs-time-chart').count()).toBe(2);
    await page.getByText('7 days', { exact: true }).click();
    await expect
      .poll(() => load(page).locator('.plot').getAttribute('aria-label'))
      .toContain('CPU, last 7 days: now unknown');
    await page.getByText('This Server', { exact: true }).click();
    await expect
      .poll(() => page.locator('gs-time-chart .plot').first().getAttribute('aria-label'))
      .toMatch(/^CPU, last 7 days/);
    expect(suite.fixture.asked.map(({ id: of, from, to }) => [of, (to - from) / 60_000])).toEqual([
      ['valley', 15],
      ['host', 15],
      ['host', 10_080],
      ['valley', 10_080],
    ]);
  });

  test('figures: now where that is known, lowest and highest of the single measurements', async () => {
    suite.fixture.answer = async (params) =>
      historyOf(params, { cpu: () => [40, 10, 90], netIn: () => 300 * 1024, netOut: () => 2 * 1024 ** 2 });
    const { page } = await suite.fixture.open(serverView(), { state: pc });
    await load(page).waitFor();
    const row = (chart: Locator, n: number) => chart.locator('.legend tr').nth(n).innerText();
    expect((await row(load(page), 0)).trim().split(/\s+/)).toEqual(['Now', 'Lowest', 'Highest']);
    expect((await row(load(page), 1)).split('\t')).toEqual(['CPU', '40 %', '10 %', '90 %']);
    expect((await row(network(page), 1)).split('\t')).toEqual(['Received', '300 KB/s', '300 KB/s', '300 KB/s']);
    expect(await network(page).locator('.plot').getAttribute('aria-label')).toBe(
      'Network of this PC. Received, last 15 min: now 300 KB/s, lowest 300 KB/s, highest 300 KB/s. ' +
        'Sent, last 15 min: now 2.0 MB/s, lowest 2.0 MB/s, highest 2.0 MB/s',
    );
    await page.getByText('24 h', { exact: true }).click();
    await expect.poll(async () => (await row(load(page), 0)).trim().split(/\s+/)).toEqual(['Lowest', 'Highest']);
  });

  test('what it was minutes ago is not what it is now', async () => {
    suite.fixture.answer = async (params) => historyOf(params, { cpu: (at) => (at < start - 120_000 ? 40 : null) });
    const { page } = await suite.fixture.open(serverView(), { state: pc });
    await load(page).waitFor();
    expect(await load(page).locator('.plot').getAttribute('aria-label')).toContain('now unknown');
  });

  test('what this system does not tell is left out: no empty chart, no column', async () => {
    suite.fixture.answer = async (params) => historyOfPc(params, 'windows');
    const { page } = await suite.fixture.open(serverView(), { state: pc });
    await load(page).waitFor();
    expect(await names(load(page))).toEqual(['CPU', 'Memory']);
    expect(await load(page).locator('.note').innerText()).toBe('');
    expect(await network(page).count()).toBe(0);
    await page.getByRole('button', { name: 'Show as Table' }).click();
    const heads = page.locator('gs-sample-table thead th');
    expect(await heads.allInnerTexts()).toEqual(['Time', 'CPU (highest)', 'Memory (highest)']);
  });

  test('lines come and go with the range', async () => {
    suite.fixture.answer = async (params) =>
      historyOfPc(params, params.to - params.from > 3_600_000 ? 'linux' : 'windows');
    const { page } = await suite.fixture.open(serverView(), { state: pc });
    await expect.poll(() => names(load(page))).toEqual(['CPU', 'Memory']);
    await page.getByText('24 h', { exact: true }).click();
    await expect.poll(() => names(load(page))).toEqual(allNames);
    // Each in its own colour: swap is green.
    await expect.poll(() => isPainted(load(page), [137, 209, 133])).toBe(true);
    expect(await load(page).locator('canvas').count()).toBe(1);
    await page.getByText('15 min', { exact: true }).click();
    await expect.poll(() => names(load(page))).toEqual(['CPU', 'Memory']);
    expect(await network(page).count()).toBe(0);
  });

  test('the table has all of it, newest first', async () => {
    suite.fixture.answer = async (params) => historyOfPc(params);
    const { page } = await suite.fixture.open(serverView(), { state: { ...pc, show: 'table' } });
    const heads = page.locator('gs-sample-table thead th');
    await expect.poll(() => heads.count()).toBe(9);
    expect((await heads.allInnerTexts()).slice(1)).toEqual(
      [...allNames, 'Received', 'Sent'].map((name) => `${name} (highest)`),
    );
    const cells = await page.locator('gs-sample-table tbody tr').first().locator('td').allInnerTexts();
    expect(cells[0]).toMatch(/^[\d.]+ % \([\d.]+ %\)$/);
    expect(cells[7]).toMatch(/^[\d.]+ [KM]B\/s \([\d.]+ [KM]B\/s\)$/);
  });

  test('arrow keys and the pointer read all lines at once', async () => {
    suite.fixture.answer = async (params) => historyOfPc(params);
    const { page } = await suite.fixture.open(serverView(), { state: pc });
    await load(page).locator('.plot').focus();
    await page.keyboard.press('End');
    await expect
      .poll(() => load(page).locator('[aria-live]').textContent())
      .toMatch(/^\d+:\d\d:\d\d\s[AP]M, CPU \d+ %, Memory \d+ %, Swap 12 %, Waiting for CPU .* %$/);
    expect(await load(page).locator('.tip strong').count()).toBe(6);
    expect(await load(page).locator('.dot').count()).toBe(6);
    expect(await network(page).locator('.tip').innerText()).toMatch(/Received\s+\d+ KB\/s\s+Sent\s+[\d.]+ [KM]B\/s/);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('.tip').count()).toBe(0);
    await network(page)
      .locator('.plot')
      .hover({ position: { x: 300, y: 50 } });
    await expect.poll(() => load(page).locator('.tip strong').count()).toBe(6);
  });

  test('live samples of the server do not draw it again', async () => {
    suite.fixture.answer = async (params) => historyOfPc(params);
    const { page } = await suite.fixture.open(serverView(), { state: pc });
    await load(page).waitFor();
    const data = () =>
      load(page).evaluate(
        (element) => (element as unknown as { data: unknown }).data === (window as unknown as { kept: unknown }).kept,
      );
    await load(page).evaluate((element) =>
      Object.assign(window, { kept: (element as unknown as { data: unknown }).data }),
    );
    feed(suite.fixture, 3);
    suite.fixture.mirror.change(id, { name: 'Blue Valley' });
    await page.getByRole('heading', { name: 'Blue Valley' }).waitFor();
    expect(await data()).toBe(true);
  });

  test('nothing recorded: says so, and when it will be', async () => {
    const { page } = await suite.fixture.open(serverView({ state: 'stopped', pid: null }), { state: pc });
    await page.getByText('Nothing recorded yet in this time: this PC is recorded while a server runs.').waitFor();
    expect(await page.locator('.notice gs-button').count()).toBe(0);
  });

  test('trouble with the history: says so, and tries again when asked', async () => {
    suite.fixture.answer = () => Promise.reject(new Failure('io'));
    const { page } = await suite.fixture.open(serverView(), { state: pc });
    await page.locator('.banner', { hasText: 'The history could not be read.' }).waitFor();
    suite.fixture.answer = async (params) => historyOfPc(params);
    await page.getByRole('button', { name: 'Try Again' }).click();
    await load(page).waitFor();
    expect(await page.locator('.banner').count()).toBe(0);
    expect(suite.fixture.asked.map(({ id: of }) => of)).toEqual(['host', 'host']);
  });
});

describe('the monitoring itself', () => {
  const footer = (page: Page) => page.locator('gs-monitoring-footer');

  test('what it costs and may cost stands below, for the server and for the PC', async () => {
    suite.fixture.mirror.told = coreStatus();
    suite.fixture.answer = async (params) => historyOfPc(params);
    const { page } = await suite.fixture.open();
    await footer(page).waitFor();
    expect((await footer(page).locator('p').allInnerTexts()).map((text) => text.trim())).toEqual([
      'Monitoring itself: CPU 0.2 % of one core · 100 MB · 56 KB/h written · 12 KB/h network',
      'Within its budget: CPU 1.0 % of one core, 190 MB',
    ]);
    await page.getByText('This PC', { exact: true }).click();
    await load(page).waitFor();
    expect(await footer(page).count()).toBe(1);
  });

  test('over its budget: says so, and that it measures less often', async () => {
    suite.fixture.mirror.told = { ...coreStatus({ budget: 'over' }), sampling: { intervalMs: 6000, reason: 'budget' } };
    const { page } = await suite.fixture.open();
    const over = 'Over its budget (CPU 1.0 % of one core, 190 MB): it measures every 6 s until it uses less.';
    await expect.poll(async () => (await footer(page).locator('.over').innerText()).trim()).toBe(over);
    expect(await footer(page).locator('.over svg').count()).toBe(1);
  });

  test('asked while a view is shown, and gone without a connection', async () => {
    suite.fixture.mirror.told = coreStatus();
    const { page, panel } = await suite.fixture.open();
    await footer(page).waitFor();
    expect(suite.fixture.mirror.statusAsked).toBe(1);
    suite.fixture.mirror.connect('down');
    await expect.poll(() => footer(page).count()).toBe(0);
    suite.fixture.mirror.connect('connected');
    await footer(page).waitFor();
    expect(suite.fixture.mirror.statusAsked).toBe(2);
    panel.setVisible(false);
    suite.fixture.mirror.connect('down');
    suite.fixture.mirror.connect('connected');
    expect(suite.fixture.mirror.statusAsked).toBe(2);
  });
});
