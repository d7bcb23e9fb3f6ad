import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { vi } from 'vitest';
import type * as vscode from 'vscode';
import { Emitter } from '../../src/extension/emitter.js';
import { registerMetricsPanel, type PanelMirror } from '../../src/extension/panels/metricsPanel.js';
import type { CoreStatus, ServerView } from '../../src/shared/contract.js';
import { bundleFile } from './browser.js';
import { host, type FakePanel } from './fakeVscode.js';
import { historyOf, type HistoryParams } from './history.js';
import { themes, type ThemeName } from './themes.js';
import { sampleOf, serverView } from './views.js';

/** A mirror that the test writes to. */
class FakeMirror implements PanelMirror {
  private readonly changed = new Emitter<ReadonlySet<string>>();
  private readonly connectionChanged = new Emitter<unknown>();
  readonly onDidChange = this.changed.event;
  readonly onDidChangeConnection = this.connectionChanged.event;
  connection: PanelMirror['connection'] = 'connected';
  private readonly views = new Map<string, ServerView>();
  /** What the monitoring tells of itself, and how often it was asked. */
  told: CoreStatus | undefined;
  statusAsked = 0;

  servers(): readonly ServerView[] {
    return [...this.views.values()];
  }

  get(id: string): ServerView | undefined {
    return this.views.get(id);
  }

  status(): Promise<CoreStatus | undefined> {
    this.statusAsked++;
    return Promise.resolve(this.told);
  }

  put(view: ServerView): void {
    this.views.set(view.id, view);
    this.changed.fire(new Set([view.id]));
  }

  change(id: string, part: Partial<ServerView>): void {
    this.put({ ...this.views.get(id)!, ...part });
  }

  sample(...[id, ...sample]: [id: string, ...Parameters<typeof sampleOf>]): void {
    this.change(id, { sample: sampleOf(...sample) });
  }

  remove(id: string): void {
    this.views.delete(id);
    this.changed.fire(new Set([id]));
  }

  connect(connection: PanelMirror['connection']): void {
    this.connection = connection;
    this.connectionChanged.fire(undefined);
  }
}

// The next two run in the page.

/** Stands in for VS Code's side of the frame, and writes down what breaks the page's policy. */
function prepare({ theme, state }: { theme: (typeof themes)[ThemeName]; state: unknown }) {
  const violations: string[] = [];
  Object.assign(window, { violations });
  document.addEventListener('securitypolicyviolation', (event) => {
    violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile} ${event.sample}`);
  });
  const toHost = (window as unknown as { toHost(message: unknown): void }).toHost;
  if (state !== undefined) sessionStorage.setItem('state', JSON.stringify(state));
  let isTaken = false;
  Object.assign(window, {
    acquireVsCodeApi() {
      if (isTaken) throw new Error('An instance of the VS Code API has already been acquired');
      isTaken = true;
      return {
        postMessage: (message: unknown) => toHost(message),
        getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') as unknown,
        setState: (value: unknown) => sessionStorage.setItem('state', JSON.stringify(value)),
      };
    },
    setTheme({ bodyClass, variables }: typeof theme) {
      const { style } = document.documentElement;
      style.cssText = '';
      for (const [name, value] of Object.entries(variables)) style.setProperty(`--vscode-${name}`, value);
      style.background = 'var(--vscode-editor-background)';
      document.body.className = bodyClass;
    },
  });
  document.addEventListener('DOMContentLoaded', () =>
    (window as unknown as { setTheme(value: typeof theme): void }).setTheme(theme),
  );
}

function deliverInPage(json: string) {
  const message = JSON.parse(json, (_key, value: { $f64?: (number | null)[] } | null) =>
    value?.$f64 === undefined ? value : Float64Array.from(value.$f64, (item) => item ?? NaN),
  ) as unknown;
  window.postMessage(message, '*');
}

function encoded(message: unknown): string {
  return JSON.stringify(message, (_key, value: unknown) =>
    value instanceof Float64Array ? { $f64: Array.from(value) } : value,
  );
}

export interface PanelOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly state?: unknown;
}

/** The real host side of the metrics panels over a fake VS Code, and real pages in a browser for their views. */
export class PanelFixture {
  readonly mirror = new FakeMirror();
  readonly actions = { start: vi.fn(), stop: vi.fn(), openConsole: vi.fn() };
  readonly pages: Page[] = [];
  readonly complaints: string[] = [];
  cpuScale: 'pc' | 'core' = 'pc';
  /** What has been asked of the history; a test may answer otherwise than that nothing was measured. */
  readonly asked: HistoryParams[] = [];
  answer: (params: HistoryParams, signal: AbortSignal) => Promise<unknown> = async (params) => historyOf(params);
  readonly panels = registerMetricsPanel({
    extensionUri: { path: '/extension' } as vscode.Uri,
    mirror: this.mirror,
    askHistory: (params, signal) => {
      this.asked.push(params);
      return this.answer(params, signal);
    },
    actions: this.actions,
    settings: { cpuScale: () => this.cpuScale },
    shown: () => undefined,
    cpuCount: 4,
  });

  private constructor(
    private readonly browser: Browser,
    private readonly server: Server,
  ) {}

  static async create(browser: Browser): Promise<PanelFixture> {
    host.panels.length = 0;
    const bundle = readFileSync(bundleFile);
    const server = createServer(({ url = '' }, response) => {
      const panel = host.panels[Number(/^\/panel\/(\d+)$/.exec(url)?.[1])];
      const isBundle = url === '/extension/dist/webview/metrics.js';
      response.setHeader('content-type', isBundle ? 'text/javascript' : 'text/html');
      response.end(isBundle ? bundle : (panel?.webview.html ?? ''));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new PanelFixture(browser, server);
  }

  /** Opens the panel of the server in a page of its own; `before` runs while the host knows it and no view does. */
  async open(
    view = serverView(),
    options: PanelOptions = {},
    before: () => void = () => {},
  ): Promise<{ page: Page; panel: FakePanel }> {
    this.mirror.put(view);
    this.panels.open(view.id);
    before();
    const panel = host.panels.at(-1)!;
    return { panel, page: await this.show(panel, options) };
  }

  async show(panel: FakePanel, options: PanelOptions = {}): Promise<Page> {
    const { theme = 'dark', width = 1000, height = 620, state } = options;
    const page = await this.browser.newPage({ viewport: { width, height } });
    this.pages.push(page);
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    await page.exposeFunction('toHost', (message: unknown) => panel.receive(message));
    await page.addInitScript(prepare, { theme: themes[theme], state });
    // One after another, as VS Code delivers them.
    let queue = Promise.resolve();
    panel.deliver = (message) => {
      queue = queue.then(() => page.evaluate(deliverInPage, encoded(message))).catch(() => {});
    };
    await this.load(page, panel);
    return page;
  }

  async load(page: Page, panel: FakePanel): Promise<void> {
    const before = panel.sent.length;
    await page.goto(`${host.origin}/panel/${host.panels.indexOf(panel)}`);
    await vi.waitFor(() => {
      if (panel.sent.length === before) throw new Error('no snapshot yet');
    });
    await page.locator('h1, .notice').first().waitFor();
  }

  /** What broke the page's policy, and every error on a console. */
  async faults(): Promise<string[]> {
    const found = [...this.complaints];
    for (const page of this.pages) {
      found.push(...(await page.evaluate(() => (window as unknown as { violations?: string[] }).violations ?? [])));
    }
    return found;
  }

  async close(): Promise<void> {
    this.panels.dispose();
    for (const page of this.pages) await page.close();
    await new Promise((resolve) => {
      this.server.close(resolve);
      this.server.closeAllConnections();
    });
  }
}

export async function setTheme(page: Page, theme: ThemeName): Promise<void> {
  await page.evaluate(
    (value) => (window as unknown as { setTheme(theme: unknown): void }).setTheme(value),
    themes[theme],
  );
}

/** Everything already on its way to the page has arrived and is drawn. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}
