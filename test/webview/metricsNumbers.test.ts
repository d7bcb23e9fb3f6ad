import { describe, expect, test, vi } from 'vitest';
import { host } from './fakeVscode.js';
import { settled } from './panelFixture.js';
import { chart, current, feed, gib, id, lineCount, lines, start, usePanels } from './suite.js';
import { pointOf, serverView } from './views.js';

vi.mock('vscode', () => import('./fakeVscode.js'));
const suite = usePanels();

describe('numbers', () => {
  test('not running, nothing measured: says so and offers Start', async () => {
    const { page } = await suite.fixture.open(serverView({ state: 'stopped', pid: null }));
    await page.getByText('No history yet: numbers appear when the server runs.').waitFor();
    expect(await page.locator('gs-time-chart').count()).toBe(0);
    await page.locator('.notice').getByRole('button', { name: 'Start' }).click();
    await vi.waitFor(() => expect(suite.fixture.actions.start).toHaveBeenCalledExactlyOnceWith(id));
  });

  test('running, nothing measured yet: waits', async () => {
    const { page } = await suite.fixture.open();
    await page.getByText('Waiting for the first numbers…').waitFor();
  });

  test('one point: a dot, no line', async () => {
    const { page } = await suite.fixture.open();
    suite.fixture.mirror.sample(id, start, 80, 3 * gib);
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('20 %');
    expect(await current(page, 'Memory').textContent()).toBe('3.0 GB');
    await expect.poll(() => lineCount(page, 'CPU')).toBe(1);
    const [{ from, to } = { from: 0, to: 0 }] = await lines(page, 'CPU');
    expect(to - from).toBeLessThan(8);
  });

  test('live: figures and line follow the samples', async () => {
    const { page } = await suite.fixture.open();
    feed(suite.fixture, 21);
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('15 %');
    expect(await lineCount(page, 'CPU')).toBe(1);
    expect(await chart(page, 'CPU').locator('.ends').innerText()).toMatch(/Lowest\s+10 %\s+Highest\s+15 %/);
  });

  test('a missing measurement is a gap, and unknown is not 0', async () => {
    const { page } = await suite.fixture.open();
    feed(suite.fixture, 5);
    suite.fixture.mirror.sample(id, start + 15_000, null, 2 * gib);
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('–');
    expect(await current(page, 'Memory').textContent()).toBe('2.0 GB');
    feed(suite.fixture, 5, start + 18_000);
    await expect.poll(() => lineCount(page, 'CPU')).toBe(2);
    expect(await lineCount(page, 'Memory')).toBe(1);
    expect(await chart(page, 'CPU').locator('.ends').innerText()).toMatch(/Lowest\s+10 %/);
  });

  test('a long silence is a gap, a busy PC that is asked less often is not', async () => {
    const { page } = await suite.fixture.open();
    feed(suite.fixture, 5);
    suite.fixture.mirror.sample(id, start + 22_000, 50, gib);
    suite.fixture.mirror.sample(id, start + 32_000, 50, gib);
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('13 %');
    expect(await lineCount(page, 'CPU')).toBe(1);
    feed(suite.fixture, 5, start + 120_000);
    await expect.poll(() => lineCount(page, 'CPU')).toBe(2);
  });

  test('a stop ends the line, and what was measured stays', async () => {
    const { page } = await suite.fixture.open();
    feed(suite.fixture, 5);
    suite.fixture.mirror.change(id, { state: 'crashed', pid: null, sample: null });
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('–');
    expect(await lineCount(page, 'CPU')).toBe(1);
    await page.getByText('Not running: numbers appear').waitFor();
  });

  test('the axis of a quarter of an hour grows with the data', async () => {
    const { page } = await suite.fixture.open(serverView(), {}, () => feed(suite.fixture, 80));
    const label = () => chart(page, 'CPU').locator('.plot').getAttribute('aria-label');
    await expect.poll(label).toBe('CPU, last 5 min: now 30 %, lowest 10 %, highest 30 %');
    feed(suite.fixture, 1, start + 301_000);
    await expect.poll(label).toContain('last 10 min');
  });

  test('the CPU scale is a setting', async () => {
    const { page } = await suite.fixture.open();
    feed(suite.fixture, 3);
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('11 %');
    await page.getByText('of the whole PC').waitFor();
    suite.fixture.cpuScale = 'core';
    host.configured.fire({ affectsConfiguration: (section) => section === 'gameServers' });
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('42 %');
    await page.getByText('100 % is one core').waitFor();
  });

  test('a chart is drawn again for new numbers only', async () => {
    const { page } = await suite.fixture.open(serverView(), {}, () => feed(suite.fixture, 300));
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('85 %');
    await page.evaluate(() => {
      const charts = document.querySelector('gs-metrics-app')!.shadowRoot!.querySelectorAll('gs-time-chart');
      const counter = Object.assign(window, { drawn: 0 });
      for (const element of charts as Iterable<unknown> as Iterable<{ render(): unknown }>) {
        const draw = element.render.bind(element);
        element.render = () => {
          counter.drawn++;
          return draw();
        };
      }
    });
    const drawn = () => page.evaluate(() => (window as unknown as { drawn: number }).drawn);
    suite.fixture.mirror.change(id, { health: { is: 'degraded', reason: null } });
    await page.getByText('Game API not answering').first().waitFor();
    await settled(page);
    expect(await drawn()).toBe(0);
    suite.fixture.mirror.sample(id, start + 900_000, 44, gib);
    await expect.poll(drawn).toBe(2);
  });
});

test('a live update of both charts with 15 minutes on screen is cheap', async () => {
  const { page, panel } = await suite.fixture.open(serverView(), {}, () => feed(suite.fixture, 300));
  await expect.poll(() => current(page, 'CPU').textContent()).toBe('85 %');
  const [snapshot] = panel.sent;
  expect(snapshot).toMatchObject({ type: 'snapshot' });
  const nothing = pointOf(0);
  const ms = await page.evaluate(
    async ({ first, nothing }) => {
      const app = document.querySelector('gs-metrics-app')! as unknown as { updateComplete: Promise<boolean> };
      const took: number[] = [];
      for (let i = 0; i < 40; i++) {
        const data = { type: 'sample', sample: { ...nothing, at: first + i * 3000, cpu: 40, memory: 2e9, players: 3 } };
        const before = performance.now();
        window.dispatchEvent(new MessageEvent('message', { data }));
        await app.updateComplete;
        document.body.getBoundingClientRect();
        took.push(performance.now() - before);
      }
      return took.sort((a, b) => a - b)[20]!;
    },
    { first: start + 900_000, nothing },
  );
  console.log(`live update of two charts, 300 points each: ${ms.toFixed(1)} ms of the main thread (median of 40)`);
  expect(ms).toBeLessThan(16);
});
