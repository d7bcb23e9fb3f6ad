import type { ReactiveController, ReactiveControllerHost } from 'lit';
import {
  PanelSeries,
  liveRangeMinutes,
  panelIntentSchema,
  toPanelSchema,
  type FromPanel,
  type HistoryFault,
  type HostHistory,
  type PanelAction,
  type PanelHistory,
  type PanelIntent,
  type PanelSource,
  type PanelStatus,
  type PanelTexts,
  type RangeMinutes,
  type ToPanel,
} from '../../src/shared/panelMessages.js';
import { Bridge } from '../shared/bridge.js';
import { Formats } from '../shared/format.js';

const bridge = new Bridge<ToPanel, FromPanel, PanelIntent>(toPanelSchema, panelIntentSchema);

/**
 * What the panel knows: undefined until the first snapshot. history: the latest answer of the source that is looked at, which
 * may be of the range before; asked: what became of the question for what is looked at now. `revision` counts changes of the
 * numbers that are drawn.
 */
export interface PanelModel {
  status: PanelStatus;
  series: PanelSeries;
  history: PanelHistory | HostHistory | undefined;
  asked: 'waiting' | 'slow' | 'answered' | HistoryFault;
  revision: number;
  readonly texts: PanelTexts;
  readonly formats: Formats;
}

/** Holds the panel's state as the host tells it, and asks the element to draw what changed. */
export class MetricsLink implements ReactiveController {
  model: PanelModel | undefined;
  range: PanelIntent['rangeMinutes'];
  source: PanelIntent['source'];
  show: PanelIntent['show'];
  private serverId: string | undefined;
  private stop: (() => void) | undefined;

  constructor(private readonly host: ReactiveControllerHost) {
    const { intent } = bridge;
    this.range = intent?.rangeMinutes ?? liveRangeMinutes;
    this.source = intent?.source ?? 'server';
    this.show = intent?.show ?? 'charts';
    this.serverId = intent?.serverId;
    host.addController(this);
  }

  hostConnected(): void {
    this.stop = bridge.listen((message) => this.receive(message));
    bridge.post({ type: 'ready', intent: bridge.intent });
  }

  hostDisconnected(): void {
    this.stop?.();
  }

  act(action: PanelAction): void {
    bridge.post({ type: 'action', action });
  }

  choose(choice: Partial<Pick<PanelIntent, 'rangeMinutes' | 'source' | 'show'>>): void {
    this.show = choice.show ?? this.show;
    const { rangeMinutes = this.range, source = this.source } = choice;
    if (rangeMinutes !== this.range || source !== this.source) {
      // The picture of one is none of the other.
      if (source !== this.source && this.model !== undefined) this.model.history = undefined;
      this.range = rangeMinutes;
      this.source = source;
      bridge.post({ type: 'range', source, rangeMinutes });
      this.wait();
    }
    this.saveIntent();
    this.host.requestUpdate();
  }

  /** The history that failed is asked for once more. */
  again(): void {
    bridge.post({ type: 'again' });
    this.wait();
    this.host.requestUpdate();
  }

  private wait(): void {
    if (this.model === undefined) return;
    this.model.asked = 'waiting';
    this.model.revision++;
  }

  private receive(message: ToPanel): void {
    if (message.type === 'snapshot') {
      this.model = {
        status: message.status,
        series: new PanelSeries(message.columns),
        ...{ history: undefined, asked: 'waiting' },
        revision: (this.model?.revision ?? 0) + 1,
        texts: message.texts,
        formats: new Formats(message.locale, message.texts),
      };
      this.serverId = message.serverId;
      this.saveIntent();
    } else if (this.model !== undefined) {
      this.take(message, this.model);
    }
    this.host.requestUpdate();
  }

  private take(message: Exclude<ToPanel, { type: 'snapshot' }>, model: PanelModel): void {
    switch (message.type) {
      case 'changed':
        // Another scale is another picture of the same numbers.
        if (message.status.cpuScale !== model.status.cpuScale) model.revision++;
        model.status = message.status;
        break;
      case 'sample':
        if (model.series.push(message.sample) && this.isLive(model)) model.revision++;
        break;
      case 'history':
        if (!this.isAbout(message.history)) break;
        model.history = message.history;
        model.asked = 'answered';
        model.revision++;
        break;
      case 'historySlow':
        if (this.isAbout(message)) model.asked = 'slow';
        break;
      case 'historyFailed':
        if (!this.isAbout(message)) break;
        model.asked = message.fault;
        model.revision++;
    }
  }

  /** A longer range is drawn again with its next answer, unless the live samples are all there is. */
  private isLive({ history }: PanelModel): boolean {
    return this.source === 'server' && (this.range === liveRangeMinutes || history === undefined);
  }

  /** False for what became of a question that nobody asks any more. */
  private isAbout({ source, range }: { source: PanelSource; range: RangeMinutes }): boolean {
    return source === this.source && range === this.range;
  }

  private saveIntent(): void {
    if (this.serverId === undefined) return;
    const { serverId, range: rangeMinutes, source, show } = this;
    bridge.saveIntent({ serverId, rangeMinutes, source, show });
  }
}
