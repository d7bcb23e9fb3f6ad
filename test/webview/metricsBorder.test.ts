import { describe, expect, test, vi } from 'vitest';
import { perMetric, type ToPanel } from '../../src/shared/panelMessages.js';
import { FakePanel, host } from './fakeVscode.js';
import { historyOf } from './history.js';
import { PanelFixture } from './panelFixture.js';
import { chart, current, feed, gib, id, lineCount, start, usePanels } from './suite.js';
import { pointOf, serverView } from './views.js';

vi.mock('vscode', () => import('./fakeVscode.js'));
const suite = usePanels();

describe('border', () => {
  test('malformed messages from the host are ignored, with a warning', async () => {
    const { page, panel } = await suite.fixture.open();
    feed(suite.fixture, 3);
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('11 %');
    const warnings: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'warning') warnings.push(message.text());
    });
    const [two, one] = [Float64Array.of(1, 2), Float64Array.of(1)];
    const columns = { at: two, ...perMetric(() => two), cpu: one };
    const buckets = { mean: two, min: two, max: two };
    const history = { source: 'server', range: 15, bucketMs: 1500, rowMs: 0, at: two, ...perMetric(() => buckets) };
    const bad = [
      ...[null, 7, 'sample', [], {}, { type: 'nonsense' }, { type: 'changed' }, { type: 'changed', status: {} }],
      { type: 'sample', sample: { ...pointOf(start + 9000), cpu: 'NaN' } },
      { type: 'sample', sample: pointOf(start + 9000, { cpu: -1 }) },
      { type: 'history', history: { ...history, range: 7 } },
      { type: 'history', history: { ...history, bucketMs: 0 } },
      { type: 'history', history: { ...history, source: 'host' } },
      { type: 'history', history: { ...history, source: 'moon' } },
      { type: 'history', history: { ...history, cpu: { ...buckets, max: one } } },
      { type: 'historyFailed', source: 'server', range: 15, fault: 'bored' },
      { type: 'historySlow', range: 15 },
      { ...(panel.sent[0] as object), columns },
    ];
    for (const message of bad) panel.deliver(message);
    await expect.poll(() => warnings.length).toBe(bad.length);
    expect(await current(page, 'CPU').textContent()).toBe('11 %');
    feed(suite.fixture, 1, start + 9000);
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('10 %');
  });

  test('malformed messages from the view do nothing', async () => {
    const { panel } = await suite.fixture.open();
    const before = panel.sent.length;
    const bad = [
      null,
      7,
      {},
      { type: 'action' },
      { type: 'action', action: 'kill' },
      { type: 'ready', intent: 1 },
      { type: 'range', source: 'server', rangeMinutes: 5 },
      { type: 'range', source: 'valley', rangeMinutes: 60 },
    ];
    for (const message of bad) panel.receive(message);
    expect(panel.sent.length).toBe(before);
    for (const action of Object.values(suite.fixture.actions)) expect(action).not.toHaveBeenCalled();
  });

  test('a hidden view is told nothing, a shown one everything once', async () => {
    const { page, panel } = await suite.fixture.open();
    feed(suite.fixture, 3);
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('11 %');
    await page.goto('about:blank');
    panel.setVisible(false);
    const before = panel.sent.length;
    feed(suite.fixture, 10, start + 9000);
    suite.fixture.mirror.change(id, { state: 'stopping' });
    expect(panel.sent.length).toBe(before);
    panel.setVisible(true);
    expect(panel.sent.length).toBe(before);
    await suite.fixture.load(page, panel);
    await expect
      .poll(() => panel.sent.slice(before).map((message) => (message as ToPanel).type))
      .toEqual([...['snapshot', 'history']]);
    await expect.poll(() => lineCount(page, 'CPU')).toBe(1);
    expect(await chart(page, 'CPU').locator('.ends').innerText()).toMatch(/Lowest\s+10 %\s+Highest\s+12 %/);
    await page.getByText('Stopping').first().waitFor();
  });

  test('the choice of range and table outlives a reload of the window, data does not', async () => {
    const { page } = await suite.fixture.open();
    feed(suite.fixture, 80);
    await page.getByText('6 h', { exact: true }).click();
    await page.getByRole('button', { name: 'Show as Table' }).click();
    await page.locator('gs-sample-table').waitFor();
    const stored = await page.evaluate(() => sessionStorage.getItem('state'));
    expect(JSON.parse(stored!)).toEqual({ serverId: id, rangeMinutes: 360, source: 'server', show: 'table' });

    const after = await PanelFixture.create(suite.browser);
    after.answer = async (params) => historyOf(params, { cpu: (at) => (at < start - 200_000 ? null : 40) });
    const panel = new FakePanel('gameServers.metrics', 'Restored');
    await host.serializers.get('gameServers.metrics')!.deserializeWebviewPanel(panel, JSON.parse(stored!));
    after.mirror.put(serverView({ name: 'Green Valley 2' }));
    expect(panel.title).toBe('Green Valley 2 – Metrics');
    const restored = await after.show(panel, { state: JSON.parse(stored!) as unknown });
    after.mirror.sample(id, start, 40, gib);
    await restored.locator('gs-sample-table').waitFor();
    expect(await restored.locator('gs-sample-table tbody tr').count()).toBe(1);
    expect(after.asked.map(({ from, to }) => to - from)).toEqual([360 * 60_000]);
    expect(await restored.getByRole('radio', { name: '6 h' }).isChecked()).toBe(true);
    await after.close();
  });

  test('a stored state that names no server closes its panel', async () => {
    for (const state of [undefined, null, {}, { serverId: '../etc' }, 'valley']) {
      const panel = new FakePanel('gameServers.metrics', 'Restored');
      await host.serializers.get('gameServers.metrics')!.deserializeWebviewPanel(panel, state);
      expect(panel.isDisposed).toBe(true);
    }
  });

  test('one panel per server, named after it', () => {
    suite.fixture.mirror.put(serverView());
    suite.fixture.mirror.put(serverView({ id: 'hills', name: 'Hills' }));
    suite.fixture.panels.open(id);
    suite.fixture.panels.open('hills');
    suite.fixture.panels.open(id);
    expect(host.panels.map((panel) => panel.title)).toEqual(['Green Valley – Metrics', 'Hills – Metrics']);
    expect(host.panels[0]!.revealed).toBe(1);
    suite.fixture.mirror.change(id, { name: 'Blue Valley' });
    expect(host.panels[0]!.title).toBe('Blue Valley – Metrics');
    host.panels[0]!.dispose();
    suite.fixture.panels.open(id);
    expect(host.panels).toHaveLength(3);
  });

  test('the policy is in force, and texts of a game cannot get around it', async () => {
    const name = '<img src=x onerror=alert(1)>"><script>window.owned=1</script>';
    const { page, panel } = await suite.fixture.open(serverView({ name }));
    expect(await page.locator('h1').innerText()).toBe(name);
    expect(panel.webview.html).not.toContain('<script>window');
    const blocked = await page.evaluate(async () => {
      const seen = (window as unknown as { violations: string[] }).violations;
      const script = document.createElement('script');
      script.textContent = 'window.owned = 1';
      const element = document.createElement('p');
      element.setAttribute('style', 'color: red');
      document.body.append(script, element);
      await fetch('https://example.invalid/').catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
      const found = seen.splice(0).map((text) => text.split(' ')[0]);
      return { found, owned: 'owned' in window };
    });
    expect(blocked.owned).toBe(false);
    expect(blocked.found.sort()).toEqual(['connect-src', 'script-src-elem', 'style-src-attr']);
    suite.fixture.complaints.length = 0;
  });
});
