import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import {
  historyFaults,
  panelMetrics,
  perMetric,
  rangeChoices,
  type HistoryFault,
  type HostHistory,
  type PanelAction,
  type PanelHistory,
  type PanelMetric,
  type PanelSource,
  type PanelTexts,
  type RangeMinutes,
} from '../../src/shared/panelMessages.js';
import type { ChartUnit } from '../shared/charts/scale.js';
import '../shared/charts/timeChart.js';
import type { ChartData } from '../shared/charts/timeChart.js';
import '../shared/components/choicePicker.js';
import { play, sync, warning } from '../shared/icons.js';
import '../shared/kit.js';
import { hostPictureOf, type HostChart, type HostPicture } from './hostPicture.js';
import { hostLooks, looks } from './looks.js';
import { metricsAppStyles } from './metricsApp.styles.js';
import { MetricsLink, type PanelModel } from './metricsLink.js';
import './monitoringFooter.js';
import { pictureOf, rowsOf, type PanelPicture } from './picture.js';
import './sampleTable.js';
import type { TableColumn, TableData } from './sampleTable.js';
import './serverHeader.js';

const usualMetrics: ReadonlySet<PanelMetric> = new Set(['cpu', 'memory', 'players']);
/** Their highest says little. */
const meanMetrics: ReadonlySet<PanelMetric> = new Set(['players', 'tickRate']);
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
  /** Of the server or of the PC, whichever is looked at. */
  private picture!: PanelPicture | HostPicture;
  private data!: Readonly<Record<PanelMetric, ChartData>>;
  private hostCharts: readonly HostChart[] = [];
  private table!: TableData;

  override willUpdate(): void {
    const { model } = this.link;
    if (model === undefined) return;
    this.announce(model);
    // New objects only for new numbers or another range: everything below draws again when it is given a new one.
    if (model.revision === this.drawn) return;
    this.drawn = model.revision;
    const { range, source } = this.link;
    const { history, asked } = model;
    // Until there is an answer the picture before it stays; after a failure there is nothing but what was seen live.
    const shown = history !== undefined && (history.range === range || !isFault(asked)) ? history : undefined;
    if (source === 'host') this.drawHost(model, shown?.source === 'host' ? shown : undefined);
    else this.drawServer(model, shown?.source === 'server' ? shown : undefined);
  }

  private drawServer({ series, status }: PanelModel, history: PanelHistory | undefined): void {
    const range = history?.range ?? this.link.range;
    const cpuDivisor = status.cpuScale === 'pc' ? status.cpuCount : 1;
    const picture = pictureOf({ series, history, range, cpuDivisor, now: status.now });
    const { traces, span } = picture;
    this.picture = picture;
    this.data = perMetric((metric) => {
      const line = { name: '', tone: looks[metric].tone, isDotted: false, trace: traces[metric] };
      return { lines: [line], span };
    });
    const rows = rowsOf(picture, range);
    // Every server has a column for some; for the others only where there are numbers.
    const columns = panelMetrics
      .filter((metric) => usualMetrics.has(metric) || rows.some(({ values }) => values[metric] !== null))
      .map((metric) => this.column(metric, metric, looks[metric].unit, meanMetrics.has(metric)));
    this.table = { columns, rows, range };
  }

  private drawHost({ status, texts }: PanelModel, history: HostHistory | undefined): void {
    const range = history?.range ?? this.link.range;
    const picture = hostPictureOf({ history, range, now: status.now }, texts);
    this.picture = picture;
    this.hostCharts = picture.charts;
    const columns = picture.told.map((metric) =>
      this.column(metric, hostLooks[metric].text, hostLooks[metric].unit, false),
    );
    this.table = { columns, rows: rowsOf(picture, range), range };
  }

  private column(metric: string, text: keyof PanelTexts, unit: ChartUnit, isMeanOnly: boolean): TableColumn {
    return { metric, text: this.link.model?.texts[text] ?? '', unit, isMeanOnly };
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
    const isOfServer = this.link.source === 'server';
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
        ?quiet=${isOfServer && isEmpty && !isAlive}
        .now=${Math.max(status.now, series.at.at(-1) ?? 0)}
        .formats=${formats}
        .texts=${texts}
        @gs-action=${(event: CustomEvent<PanelAction>) => this.link.act(event.detail)}
      ></gs-server-header>
      ${isConnected ? this.fault(model) : html`<div class="banner">${sync}${texts.reconnecting}</div>`}
      ${this.toolbar(model)} ${isEmpty ? this.empty(model) : this.numbers(model)}
      ${isEmpty || isAlive || !isOfServer ? nothing : html`<p class="aside">${texts.notRunning}</p>`}
      ${
        status.monitoring === null
          ? nothing
          : html`<gs-monitoring-footer .monitoring=${status.monitoring}></gs-monitoring-footer>`
      }
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
      <gs-choice-picker
        .label=${texts.source}
        .value=${this.link.source}
        .choices=${[
          { value: 'server', text: texts.thisServer },
          { value: 'host', text: texts.thisPc },
        ]}
        @gs-choose=${(event: CustomEvent<PanelSource>) => this.link.choose({ source: event.detail })}
      ></gs-choice-picker>
      <gs-choice-picker
        .label=${texts.range}
        .value=${this.link.range}
        .choices=${rangeChoices.map((value) => ({ value, text: formats.span(value * 60_000) }))}
        @gs-choose=${(event: CustomEvent<RangeMinutes>) => this.link.choose({ rangeMinutes: event.detail })}
      ></gs-choice-picker>
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
    const isTable = this.link.show === 'table';
    const table = html`<gs-sample-table .data=${this.table} .formats=${formats} .texts=${texts}></gs-sample-table>`;
    if (this.link.source === 'host') return isTable ? table : this.hostNumbers(model);
    const { limit = null } = model.status.server ?? {};
    const note = limit === null ? nothing : html`<p class="aside limit">${limit}</p>`;
    if (isTable) return html`${note} ${this.loads(model)} ${table}`;
    const notes: Partial<Record<PanelMetric, string>> = {
      cpu: model.status.cpuScale === 'pc' ? texts.cpuOfPc : texts.cpuOfCore,
      memory: texts.memoryWhole,
    };
    // Not every game tells who is on, or how fast it runs.
    const told = panelMetrics.filter(
      (metric) => metric === 'cpu' || metric === 'memory' || (this.data[metric].lines[0]?.trace.at.length ?? 0) > 0,
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

  private hostNumbers({ status, asked, texts, formats }: PanelModel): TemplateResult {
    const { from, to } = this.picture.span;
    const note = ({ unit, hasDotted }: HostChart): string => {
      if (unit === 'bytesPerSecond') return texts.hostNetworkNote;
      return hasDotted ? texts.hostLoadNote : '';
    };
    return html`<div class="charts host" @gs-cursor=${this.onCursor}>
      ${repeat(
        this.hostCharts,
        ({ heading }) => heading,
        (chart) =>
          html`<gs-time-chart
            .heading=${texts[chart.heading]}
            .note=${note(chart)}
            .unit=${chart.unit}
            ?stale=${status.connection !== 'connected' || asked === 'slow'}
            .data=${chart.data}
            .now=${chart.now}
            .span=${formats.span(to - from)}
            .cursorAt=${this.cursorAt}
            .formats=${formats}
            .texts=${texts}
          ></gs-time-chart>`,
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
    const { unit } = looks[metric];
    const divisor = metric === 'cpu' && status.cpuScale === 'pc' ? status.cpuCount : 1;
    const { from, to } = this.picture.span;
    return html`<gs-time-chart
      .heading=${texts[metric]}
      .note=${note}
      .detail=${this.loadOf(status, metric)}
      .unit=${unit}
      ?stale=${status.connection !== 'connected' || asked === 'slow'}
      .data=${this.data[metric]}
      .now=${[(series.values[metric].at(-1) ?? NaN) / divisor]}
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
    if (this.link.source === 'host') return this.notice(texts.hostEmpty);
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
