import { describe, expect, test, vi } from 'vitest';
import { host } from './fakeVscode.js';
import { settled } from './panelFixture.js';
import { button, current, feed, id, lineCount, start, usePanels } from './suite.js';
import { serverView } from './views.js';

vi.mock('vscode', () => import('./fakeVscode.js'));
const suite = usePanels();

describe('state', () => {
  test('header: name, game, state, uptime', async () => {
    const { page } = await suite.fixture.open(serverView({ since: start - 2 * 3_600_000 - 14 * 60_000 }));
    suite.fixture.mirror.sample(id, start, 1, 1);
    const facts = page.locator('gs-server-header .facts');
    expect(await page.locator('h1').innerText()).toBe('Green Valley');
    await expect.poll(() => facts.innerText()).toMatch(/Running\s*·?\s*Up 2 h 14 min\s*·?\s*Palworld/);
  });

  test.each([
    ['stopped', 'Stopped', ['Start']],
    ['starting', 'Starting', ['Stop']],
    ['running', 'Running', ['Stop']],
    ['stopping', 'Stopping', []],
    ['crashed', 'Crashed', ['Start']],
    ['restarting', 'Restarting (1/3)', ['Start', 'Stop']],
    ['failed', 'Restart failed (1/3)', ['Start']],
  ] as const)('%s: what can be done', async (state, word, possible) => {
    const { page } = await suite.fixture.open(serverView({ state, restarts: { used: 1, max: 3, nextAt: null } }));
    expect(await page.locator('gs-server-header .word').innerText()).toBe(word);
    for (const name of ['Start', 'Stop']) {
      const isDisabled = (await button(page, name).getAttribute('aria-disabled')) === 'true';
      expect([name, isDisabled]).toEqual([name, !(possible as readonly string[]).includes(name)]);
    }
    expect(await button(page, 'Open Console').getAttribute('aria-disabled')).toBe('false');
  });

  test('buttons ask the host', async () => {
    const { page } = await suite.fixture.open();
    await button(page, 'Stop').click();
    await button(page, 'Open Console').click();
    await vi.waitFor(() => expect(suite.fixture.actions.openConsole).toHaveBeenCalledExactlyOnceWith(id));
    expect(suite.fixture.actions.stop).toHaveBeenCalledExactlyOnceWith(id);
    expect(suite.fixture.actions.start).not.toHaveBeenCalled();
  });

  test('a second click on Start never lands on Stop', async () => {
    const { page } = await suite.fixture.open(serverView({ state: 'crashed' }));
    const box = (await button(page, 'Start').boundingBox())!;
    suite.fixture.actions.start.mockImplementation(() => suite.fixture.mirror.change(id, { state: 'starting' }));
    await button(page, 'Start').click();
    await page.getByText('Starting').first().waitFor();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await settled(page);
    expect(suite.fixture.actions.start).toHaveBeenCalledTimes(1);
    expect(suite.fixture.actions.stop).not.toHaveBeenCalled();
  });

  test('changes of state are announced, the first state and samples are not', async () => {
    const { page } = await suite.fixture.open();
    const status = page.getByRole('status');
    feed(suite.fixture, 3);
    await expect.poll(() => current(page, 'CPU').textContent()).toBe('11 %');
    expect(await status.textContent()).toBe('');
    suite.fixture.mirror.change(id, { state: 'stopping' });
    await expect.poll(() => status.textContent()).toBe('Green Valley, Stopping');
    await page.evaluate(() => {
      const region = document.querySelector('gs-metrics-app')!.shadowRoot!.querySelector('[role=status]')!;
      const said: string[] = [];
      Object.assign(window, { said });
      const note = () => said.push(region.textContent);
      new MutationObserver(note).observe(region, { subtree: true, childList: true, characterData: true });
    });
    feed(suite.fixture, 3, start + 9000);
    await settled(page);
    expect(await page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual([]);
  });

  test('without a connection: says so, keeps the picture, offers nothing that cannot work', async () => {
    const { page } = await suite.fixture.open();
    feed(suite.fixture, 5);
    await expect.poll(() => lineCount(page, 'CPU')).toBe(1);
    suite.fixture.mirror.connect('down');
    await page.locator('.banner', { hasText: 'Reconnecting…' }).waitFor();
    expect(await lineCount(page, 'CPU')).toBe(1);
    expect(await button(page, 'Stop').getAttribute('aria-disabled')).toBe('true');
    expect(await button(page, 'Open Console').getAttribute('aria-disabled')).toBe('false');
    expect(await page.getByRole('status').textContent()).toContain('Reconnecting');
    suite.fixture.mirror.connect('connected');
    feed(suite.fixture, 5, start + 30_000);
    await expect.poll(() => lineCount(page, 'CPU')).toBe(2);
    expect(await page.locator('.banner').count()).toBe(0);
  });

  test('before the first connection and after a removal', async () => {
    suite.fixture.mirror.connection = 'connecting';
    suite.fixture.panels.open(id);
    const page = await suite.fixture.show(host.panels[0]!);
    await page.getByText('Connecting…').waitFor();
    suite.fixture.mirror.put(serverView());
    suite.fixture.mirror.connect('connected');
    await page.locator('h1').waitFor();
    suite.fixture.mirror.remove(id);
    await page.locator('.notice', { hasText: 'This server is no longer in the list.' }).waitFor();
  });
});
