import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import {
  historyFaults,
  panelMetrics,
  perMetric,
  rangeChoices,
  type HistoryFault,
  type PanelAction,
  type PanelMetric,
  type PanelTexts,
  type RangeMinutes,
} from '../../src/shared/panelMessages.js';
import type { ChartUnit } from '../shared/charts/scale.js';
import '../shared/charts/timeChart.js';
import type { ChartData, GsTimeChart } from '../shared/charts/timeChart.js';
import '../shared/components/rangePicker.js';
import { play, sync, warning } from '../shared/icons.js';
import '../shared/kit.js';
import { metricsAppStyles } from './metricsApp.styles.js';
import { MetricsLink, type PanelModel } from './metricsLink.js';
import { pictureOf, rowsOf, type PanelPicture } from './picture.js';
import './sampleTable.js';
import type { TableData } from './sampleTable.js';
import './serverHeader.js';

const looks = {
  cpu: { unit: 'percent', tone: 'blue' },
  memory: { unit: 'bytes', tone: 'purple' },
  players: { unit: 'count', tone: 'green' },
  tickRate: { unit: 'perSecond', tone: 'orange' },
  frameTime: { unit: 'milliseconds', tone: 'orange' },
  apiTime: { unit: 'milliseconds', tone: 'yellow' },
} as const satisfies Record<PanelMetric, { unit: ChartUnit; tone: GsTimeChart['tone'] }>;

const loadMetrics = ['cpu', 'tickRate', 'frameTime'] as const;

const faultTexts = {
  unsupported: 'historyUnsupported',
  timeout: 'historyLate',
  failed: 'historyFailed',
} as const satisfies Record<HistoryFault, keyof PanelTexts>;

/** The metrics of one server: live, and as far back as the chosen range. */
@customElement('gs-metrics-app')
export class GsMetricsApp extends LitElement {
  static override styles = metricsAppStyles;

  /** The time that is read in one of the charts, in all of them. */
  @state() private cursorAt: number | null = null;

  private readonly link = new MetricsLink(this);
  private drawn = -1;
  private condition: string | undefined;
  private news = '';
  private picture!: PanelPicture;
  private data!: Readonly<Record<PanelMetric, ChartData>>;
  private table!: TableData;

  override willUpdate(): void {
    const { model } = this.link;
    if (model === undefined) return;
    this.announce(model);
    // New objects only for new numbers or another range: everything below draws again when it is given a new one.
    if (model.revision === this.drawn) return;
    this.drawn = model.revision;
    const { range } = this.link;
    const { series, history, asked, status } = model;
    // Until there is an answer the picture before it stays; after a failure there is nothing but what was seen live.
    const isFailed = isFault(asked);
    const shown = history !== undefined && (history.range === range || !isFailed) ? history : undefined;
    const shownRange = shown?.range ?? range;
    const cpuDivisor = status.cpuScale === 'pc' ? status.cpuCount : 1;
    this.picture = pictureOf({ series, history: shown, range: shownRange, cpuDivisor, now: status.now });
    const { traces, span } = this.picture;
    this.data = perMetric((metric) => ({ trace: traces[metric], span }));
    this.table = { rows: rowsOf(this.picture, shownRange), range: shownRange };
  }

  // The live region is in the page from the start and told of changes only: the first state is not news.
  override render(): TemplateResult {
    const { model } = this.link;
    return html`<main>
      ${model === undefined ? nothing : this.panel(model)}
      <div class="visually-hidden" role="status">${this.news}</div>
    </main>`;
  }

  private panel(model: PanelModel): TemplateResult {
    const { status, texts, formats, series } = model;
    if (status.server === null) {
      return this.notice(status.connection === 'connected' ? texts.removed : texts.connecting);
    }
    const isConnected = status.connection === 'connected';
    const { isAlive } = status.server;
    const { isEmpty } = this.picture;
    return html`
      <gs-server-header
        .server=${status.server}
        ?reachable=${isConnected}
        ?quiet=${isEmpty && !isAlive}
        .now=${Math.max(status.now, series.at.at(-1) ?? 0)}
        .formats=${formats}
        .texts=${texts}
        @gs-action=${(event: CustomEvent<PanelAction>) => this.link.act(event.detail)}
      ></gs-server-header>
      ${isConnected ? this.fault(model) : html`<div class="banner">${sync}${texts.reconnecting}</div>`}
      ${this.toolbar(model)} ${isEmpty ? this.empty(model) : this.numbers(model)}
      ${isEmpty || isAlive ? nothing : html`<p class="aside">${texts.notRunning}</p>`}
    `;
  }

  private fault({ asked, texts }: PanelModel): TemplateResult | typeof nothing {
    if (!isFault(asked)) return nothing;
    return html`<div class="banner">
      ${warning}<span>${texts[faultTexts[asked]]}</span>
      <gs-button secondary @click=${() => this.link.again()}>${texts.tryAgain}</gs-button>
    </div>`;
  }

  private toolbar({ texts, formats, asked }: PanelModel): TemplateResult {
    const isTable = this.link.show === 'table';
    return html`<div class="toolbar">
      <gs-range-picker
        .label=${texts.range}
        .value=${this.link.range}
        .choices=${rangeChoices.map((value) => ({ value, text: formats.span(value * 60_000) }))}
        @gs-choose=${(event: CustomEvent<RangeMinutes>) => this.link.choose({ rangeMinutes: event.detail })}
      ></gs-range-picker>
      <span class="progress" aria-live="polite">${asked === 'slow' ? texts.loading : ''}</span>
      <gs-button
        secondary
        ?unavailable=${this.picture.isEmpty}
        @click=${() => this.link.choose({ show: isTable ? 'charts' : 'table' })}
        >${isTable ? texts.showCharts : texts.showTable}</gs-button
      >
    </div>`;
  }

  private numbers(model: PanelModel): TemplateResult {
    const { texts, formats } = model;
    const { limit = null } = model.status.server ?? {};
    const note = limit === null ? nothing : html`<p class="aside limit">${limit}</p>`;
    if (this.link.show === 'table') {
      return html`${note} ${this.loads(model)}
        <gs-sample-table .data=${this.table} .formats=${formats} .texts=${texts}></gs-sample-table>`;
    }
    const notes: Partial<Record<PanelMetric, string>> = {
      cpu: model.status.cpuScale === 'pc' ? texts.cpuOfPc : texts.cpuOfCore,
      memory: texts.memoryWhole,
    };
    // Not every game tells who is on, or how fast it runs.
    const told = panelMetrics.filter(
      (metric) => metric === 'cpu' || metric === 'memory' || this.data[metric].trace.at.length > 0,
    );
    return html`${note}
      <div class="charts" @gs-cursor=${this.onCursor}>
        ${repeat(
          told,
          (metric) => metric,
          (metric) => this.chart(model, metric, notes[metric] ?? ''),
        )}
      </div>`;
  }

  /** What the charts say beside their pictures. */
  private loads({ status, texts }: PanelModel): TemplateResult | typeof nothing {
    const { loads = {} } = status.server ?? {};
    const told = loadMetrics.filter((metric) => loads[metric] !== undefined);
    if (told.length === 0) return nothing;
    return html`<dl class="loads">
      ${told.map(
        (metric) =>
          html`<div>
            <dt>${texts[metric]}</dt>
            <dd>${loads[metric]}</dd>
          </div>`,
      )}
    </dl>`;
  }

  private chart(
    { status, asked, series, texts, formats }: PanelModel,
    metric: PanelMetric,
    note: string,
  ): TemplateResult {
    const { unit, tone } = looks[metric];
    const divisor = metric === 'cpu' && status.cpuScale === 'pc' ? status.cpuCount : 1;
    const { from, to } = this.picture.span;
    return html`<gs-time-chart
      .heading=${texts[metric]}
      .note=${note}
      .detail=${this.loadOf(status, metric)}
      .unit=${unit}
      .tone=${tone}
      ?stale=${status.connection !== 'connected' || asked === 'slow'}
      .data=${this.data[metric]}
      .now=${(series.values[metric].at(-1) ?? NaN) / divisor}
      .span=${formats.span(to - from)}
      .cursorAt=${this.cursorAt}
      .formats=${formats}
      .texts=${texts}
    ></gs-time-chart>`;
  }

  private loadOf({ server }: PanelModel['status'], metric: PanelMetric): string {
    const loads: Partial<Record<PanelMetric, string>> = server?.loads ?? {};
    return loads[metric] ?? '';
  }

  private readonly onCursor = (event: CustomEvent<number | null>) => {
    this.cursorAt = event.detail;
  };

  private notice(text: string, action: TemplateResult | typeof nothing = nothing): TemplateResult {
    return html`<div class="notice">
      <p>${text}</p>
      ${action}
    </div>`;
  }

  private empty({ status, asked, texts }: PanelModel): TemplateResult {
    const { server } = status;
    if (asked === 'waiting' || asked === 'slow') return this.notice('');
    if (server?.isAlive === true) return this.notice(texts.waiting);
    const text = server?.hasRun === true ? texts.nothingMeasured : texts.noHistory;
    const canStart = status.connection === 'connected' && server?.actions.includes('start') === true;
    return this.notice(
      text,
      canStart
        ? html`<gs-button @click=${() => this.link.act('start')}
            ><span slot="content-before">${play}</span>${texts.start}</gs-button
          >`
        : nothing,
    );
  }

  private announce({ status, texts }: PanelModel): void {
    const { server } = status;
    const parts = server === null ? [texts.removed] : [server.name, server.stateText];
    if (status.connection !== 'connected') parts.push(texts.reconnecting);
    const condition = parts.join(', ');
    if (this.condition !== undefined && condition !== this.condition) this.news = condition;
    this.condition = condition;
  }
}

function isFault(asked: PanelModel['asked']): asked is HistoryFault {
  return (historyFaults as readonly string[]).includes(asked);
}

declare global {
  interface HTMLElementTagNameMap {
    'gs-metrics-app': GsMetricsApp;
  }
}
