import type { ReactiveController, ReactiveControllerHost } from 'lit';
import {
  PanelSeries,
  panelIntentSchema,
  toPanelSchema,
  type FromPanel,
  type PanelAction,
  type PanelIntent,
  type PanelStatus,
  type PanelTexts,
  type ToPanel,
} from '../../src/shared/panelMessages.js';
import { Bridge } from '../shared/bridge.js';
import { Formats } from '../shared/format.js';

const bridge = new Bridge<ToPanel, FromPanel, PanelIntent>(toPanelSchema, panelIntentSchema);

/** What the panel knows: undefined until the first snapshot. `revision` counts changes of the numbers. */
export interface PanelModel {
  status: PanelStatus;
  series: PanelSeries;
  revision: number;
  readonly texts: PanelTexts;
  readonly formats: Formats;
}

/** Holds the panel's state as the host tells it, and asks the element to draw what changed. */
export class MetricsLink implements ReactiveController {
  model: PanelModel | undefined;
  range: PanelIntent['rangeMinutes'];
  show: PanelIntent['show'];
  private serverId: string | undefined;
  private stop: (() => void) | undefined;

  constructor(private readonly host: ReactiveControllerHost) {
    const { intent } = bridge;
    this.range = intent?.rangeMinutes ?? 15;
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

  choose(choice: Partial<Pick<PanelIntent, 'rangeMinutes' | 'show'>>): void {
    this.range = choice.rangeMinutes ?? this.range;
    this.show = choice.show ?? this.show;
    this.saveIntent();
    this.host.requestUpdate();
  }

  private receive(message: ToPanel): void {
    const { model } = this;
    if (message.type === 'snapshot') {
      this.model = {
        status: message.status,
        series: new PanelSeries(message.columns),
        revision: (model?.revision ?? 0) + 1,
        texts: message.texts,
        formats: new Formats(message.locale, message.texts),
      };
      this.serverId = message.serverId;
      this.saveIntent();
    } else if (model === undefined) {
      return;
    } else if (message.type === 'changed') {
      // Another scale is another picture of the same numbers.
      if (message.status.cpuScale !== model.status.cpuScale) model.revision++;
      model.status = message.status;
    } else if (model.series.push(message.sample)) {
      model.revision++;
    }
    this.host.requestUpdate();
  }

  private saveIntent(): void {
    if (this.serverId === undefined) return;
    bridge.saveIntent({ serverId: this.serverId, rangeMinutes: this.range, show: this.show });
  }
}
