import { availableParallelism } from 'node:os';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { CoreStatus, ServerView } from '../../shared/contract.js';
import {
  fromPanelSchema,
  liveRangeMinutes,
  panelIntentSchema,
  type FromPanel,
  type PanelAction,
  type ToPanel,
} from '../../shared/panelMessages.js';
import { Bag, type Disposable } from '../bag.js';
import { settingsSection } from '../settings.js';
import { monitoringText } from '../text/monitoringText.js';
import { CostFeed } from './costFeed.js';
import { HistoryFeed, type HistorySource } from './historyFeed.js';
import { MetricsFeed, type FeedSource } from './metricsFeed.js';
import { describeServer, panelTexts, panelTitle } from './metricsTexts.js';
import { panelHtml } from './panelHtml.js';

const viewType = 'gameServers.metrics';

type Listen<T> = (listener: (value: T) => unknown) => Disposable;

/** What the panels need of the core's mirror. onDidChange names the servers that changed, samples included. */
export interface PanelMirror {
  readonly connection: 'connecting' | 'connected' | 'down';
  readonly onDidChange: Listen<ReadonlySet<string>>;
  readonly onDidChangeConnection: Listen<unknown>;
  servers(): readonly ServerView[];
  get(id: string): ServerView | undefined;
  /** What the monitoring tells of itself; undefined where it does not. */
  status(): Promise<CoreStatus | undefined>;
}

export interface MetricsPanelOptions {
  readonly extensionUri: vscode.Uri;
  readonly mirror: PanelMirror;
  readonly askHistory: HistorySource['ask'];
  /** Each tells the user itself when it fails. */
  readonly actions: Readonly<Record<PanelAction, (id: string) => unknown>>;
  readonly settings: { cpuScale(): 'pc' | 'core' };
  /** Whether any panel is in sight; told whenever one comes or goes. */
  readonly shown: (isAny: boolean) => void;
  /** Logical CPUs of the PC on which the servers run; the extension runs there too. */
  readonly cpuCount?: number;
}

/** One panel per server, live and with its history, brought back after a reload. */
export function registerMetricsPanel(options: MetricsPanelOptions): { open(id: string): void } & vscode.Disposable {
  return new MetricsPanels(options);
}

interface OpenPanel {
  readonly panel: vscode.WebviewPanel;
  readonly feed: MetricsFeed;
  readonly history: HistoryFeed;
}

class MetricsPanels implements vscode.WebviewPanelSerializer {
  private readonly bag = new Bag();
  private readonly panels = new Map<string, OpenPanel>();
  private readonly resources: vscode.Uri;
  private readonly cost: CostFeed;

  constructor(private readonly options: MetricsPanelOptions) {
    const { mirror } = options;
    this.resources = vscode.Uri.joinPath(options.extensionUri, 'dist', 'webview');
    const isConnected = (): boolean => mirror.connection === 'connected';
    const source = { isConnected, status: () => mirror.status() };
    this.cost = this.bag.add(new CostFeed(source, () => this.update(this.panels.keys())));
    this.bag.add(mirror.onDidChange((ids) => this.update(ids)));
    this.bag.add(
      mirror.onDidChangeConnection(() => {
        this.cost.update();
        this.update(this.panels.keys());
      }),
    );
    const configured = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settingsSection)) this.update(this.panels.keys());
    });
    this.bag.add(configured);
    this.bag.add(vscode.window.registerWebviewPanelSerializer(viewType, this));
  }

  open(id: string): void {
    const open = this.panels.get(id);
    if (open !== undefined) {
      open.panel.reveal();
      return;
    }
    const title = this.titleOf(id) ?? panelTitle(id);
    this.attach(vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active), id);
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const intent = v.safeParse(panelIntentSchema, state);
    // A state that names no server, or a server that has its panel already, leaves nothing to show.
    if (!intent.success || this.panels.has(intent.output.serverId)) panel.dispose();
    else this.attach(panel, intent.output.serverId);
    return Promise.resolve();
  }

  /** The panels themselves stay: closing them here, on the way into a reload, would keep them from coming back. */
  dispose(): void {
    this.bag.dispose();
    for (const open of this.panels.values()) this.hidden(open);
    this.panels.clear();
  }

  private attach(panel: vscode.WebviewPanel, id: string): void {
    const post = (message: ToPanel): void => void panel.webview.postMessage(message);
    const open = { panel, feed: this.feedFor(id, post), history: this.historyFor(id, post) };
    this.panels.set(id, open);
    this.tellShown();
    // Without retainContextWhenHidden a hidden view is gone; shown again it loads anew and says ready.
    panel.onDidChangeViewState(() => {
      if (!panel.visible) this.hidden(open);
      this.tellShown();
    });
    panel.onDidDispose(() => {
      this.hidden(open);
      if (this.panels.get(id)?.panel === panel) this.panels.delete(id);
      this.tellShown();
    });
    panel.webview.onDidReceiveMessage((received: unknown) => {
      const message = v.safeParse(fromPanelSchema, received);
      if (message.success) this.receive(id, open, message.output);
    });
    panel.iconPath = new vscode.ThemeIcon('graph-line');
    panel.title = this.titleOf(id) ?? panel.title;
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.resources] };
    panel.webview.html = panelHtml({
      scriptUri: panel.webview.asWebviewUri(vscode.Uri.joinPath(this.resources, 'metrics.js')).toString(),
      element: 'gs-metrics-app',
      title: panel.title,
      locale: vscode.env.language,
    });
  }

  private tellShown(): void {
    this.options.shown([...this.panels.values()].some(({ panel }) => panel.visible));
  }

  /** Its view is not shown any more: it is told nothing, and nothing is asked for it. */
  private hidden(open: OpenPanel): void {
    open.feed.hidden();
    open.history.hidden();
    this.cost.show(open, false);
  }

  private receive(id: string, open: OpenPanel, message: FromPanel): void {
    const { feed, history } = open;
    switch (message.type) {
      case 'ready': {
        const { source = 'server', rangeMinutes = liveRangeMinutes } = message.intent ?? {};
        feed.ready();
        history.show({ source, range: rangeMinutes });
        this.cost.show(open, true);
        break;
      }
      case 'range':
        history.show({ source: message.source, range: message.rangeMinutes });
        break;
      case 'again':
        history.again();
        break;
      case 'action':
        this.options.actions[message.action](id);
    }
  }

  private historyFor(id: string, post: (message: ToPanel) => void): HistoryFeed {
    const { mirror, askHistory } = this.options;
    const isConnected = (): boolean => mirror.connection === 'connected';
    return new HistoryFeed({ serverId: id, isConnected, ask: askHistory, now: () => Date.now() }, post);
  }

  private feedFor(id: string, post: (message: ToPanel) => void): MetricsFeed {
    const { mirror, settings, cpuCount } = this.options;
    const cpus = cpuCount ?? availableParallelism();
    const source: FeedSource = {
      serverId: id,
      connection: () => mirror.connection,
      view: () => mirror.get(id),
      describe: (view) => describeServer(view, { scale: settings.cpuScale(), cpus }),
      monitoring: () => monitoringText(this.cost.status, { t: vscode.l10n.t, locale: vscode.env.language }),
      cpuScale: () => settings.cpuScale(),
      cpuCount: cpus,
      texts: panelTexts,
      locale: vscode.env.language,
      now: () => Date.now(),
    };
    return new MetricsFeed(source, post);
  }

  private update(ids: Iterable<string>): void {
    for (const id of ids) {
      const open = this.panels.get(id);
      if (open === undefined) continue;
      open.feed.update();
      open.history.update();
      const title = this.titleOf(id);
      if (title !== undefined && title !== open.panel.title) open.panel.title = title;
    }
  }

  private titleOf(id: string): string | undefined {
    const view = this.options.mirror.get(id);
    return view === undefined ? undefined : panelTitle(view.name);
  }
}
