import type { ServerView } from '../../shared/contract.js';
import {
  PanelSeries,
  perMetric,
  type PanelMonitoring,
  type PanelSample,
  type PanelServer,
  type PanelStatus,
  type PanelTexts,
  type ToPanel,
} from '../../shared/panelMessages.js';
import { isAlive } from '../text/states.js';

/** What a feed reads. Every member is asked anew each time, nothing is remembered but the points. */
export interface FeedSource {
  readonly serverId: string;
  connection(): PanelStatus['connection'];
  view(): ServerView | undefined;
  describe(view: ServerView): PanelServer;
  monitoring(): PanelMonitoring | null;
  cpuScale(): PanelStatus['cpuScale'];
  readonly cpuCount: number;
  texts(): PanelTexts;
  readonly locale: string;
  now(): number;
}

/**
 * The host's side of one metrics panel: keeps the last minutes of one server for as long as the panel exists, and tells
 * a view only what it does not know yet. A view that is not shown is told nothing; when it is shown again it starts from
 * scratch, asks for everything by its `ready`, and gets one snapshot.
 */
export class MetricsFeed {
  private readonly series = new PanelSeries();
  private live = false;
  private told = '';
  private lastView: ServerView | undefined;
  private lastSampleAt: number | undefined;

  constructor(
    private readonly source: FeedSource,
    private readonly post: (message: ToPanel) => void,
  ) {
    this.take();
  }

  /** The view has loaded and listens. */
  ready(): void {
    this.take();
    this.live = true;
    const status = this.status();
    this.told = fingerprint(status);
    this.post({
      type: 'snapshot',
      serverId: this.source.serverId,
      status,
      columns: this.series.columns(),
      texts: this.source.texts(),
      locale: this.source.locale,
    });
  }

  hidden(): void {
    this.live = false;
  }

  /** The source may have changed: takes what is new, tells the view what it must know. */
  update(): void {
    const samples = this.take();
    if (!this.live) return;
    const status = this.status();
    const print = fingerprint(status);
    if (print !== this.told) {
      this.told = print;
      this.post({ type: 'changed', status });
    }
    for (const sample of samples) this.post({ type: 'sample', sample });
  }

  private take(): PanelSample[] {
    const isConnected = this.source.connection() === 'connected';
    const before = this.lastView;
    // While the connection is away the last known server stays on screen: it still runs.
    if (isConnected) this.lastView = this.source.view();
    const view = isConnected ? this.lastView : undefined;
    const isMeasured = view !== undefined && isAlive(view);
    const taken: PanelSample[] = [];
    if (!isMeasured || before?.pid !== view.pid) {
      const gap = this.series.break();
      if (gap !== undefined) taken.push(gap);
    }
    const sample = isMeasured ? view.sample : null;
    if (sample !== null && sample.at !== this.lastSampleAt) {
      this.lastSampleAt = sample.at;
      const point = { at: sample.at, ...perMetric((metric) => sample[metric]) };
      if (this.series.push(point)) taken.push(point);
    }
    return taken;
  }

  private status(): PanelStatus {
    const { source } = this;
    return {
      connection: source.connection(),
      server: this.lastView === undefined ? null : source.describe(this.lastView),
      monitoring: source.monitoring(),
      cpuScale: source.cpuScale(),
      cpuCount: source.cpuCount,
      now: source.now(),
    };
  }
}

function fingerprint(status: PanelStatus): string {
  return JSON.stringify({ ...status, now: 0 });
}
