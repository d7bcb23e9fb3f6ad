import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { longestRangeMs, rangeChoices, type PanelAction, type RangeMinutes } from '../../src/shared/panelMessages.js';
import '../shared/charts/liveChart.js';
import type { ChartData } from '../shared/charts/liveChart.js';
import { timeWindow } from '../shared/charts/series.js';
import '../shared/components/rangePicker.js';
import { fill } from '../shared/format.js';
import { play, sync } from '../shared/icons.js';
import '../shared/kit.js';
import { metricsAppStyles } from './metricsApp.styles.js';
import { MetricsLink, type PanelModel } from './metricsLink.js';
import './sampleTable.js';
import type { TableData } from './sampleTable.js';
import './serverHeader.js';

/** The live metrics of one server. */
@customElement('gs-metrics-app')
export class GsMetricsApp extends LitElement {
  static override styles = metricsAppStyles;

  private readonly link = new MetricsLink(this);
  private drawn = '';
  private condition: string | undefined;
  private news = '';
  private cpuData!: ChartData;
  private memoryData!: ChartData;
  private tableData!: TableData;

  override willUpdate(): void {
    const { model } = this.link;
    if (model === undefined) return;
    this.announce(model);
    // New objects only for new numbers or another range: everything below draws again when it is given a new one.
    const drawn = `${model.revision} ${this.link.range}`;
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const { at, memory } = model.series;
    const { from, to } = timeWindow(at, Math.min(this.link.range * 60_000, longestRangeMs));
    const divisor = model.status.cpuScale === 'pc' ? model.status.cpuCount : 1;
    const cpu = model.series.cpu.map((percent) => percent / divisor);
    this.cpuData = { points: { at, values: cpu }, from, to };
    this.memoryData = { points: { at, values: memory }, from, to };
    this.tableData = { at, cpu, memory, from };
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
    const { status, texts, formats } = model;
    if (status.server === null) {
      return this.notice(status.connection === 'connected' ? texts.removed : texts.connecting);
    }
    const isConnected = status.connection === 'connected';
    const hasPoints = model.series.at.length > 0;
    const { isAlive } = status.server;
    return html`
      <gs-server-header
        .server=${status.server}
        ?reachable=${isConnected}
        ?quiet=${!hasPoints && !isAlive}
        .now=${Math.max(status.now, model.series.at.at(-1) ?? 0)}
        .formats=${formats}
        .texts=${texts}
        @gs-action=${(event: CustomEvent<PanelAction>) => this.link.act(event.detail)}
      ></gs-server-header>
      ${isConnected ? nothing : html`<div class="banner">${sync}${texts.reconnecting}</div>`}
      ${hasPoints ? this.numbers(model) : isAlive ? this.notice(texts.waiting) : this.empty(model)}
      ${hasPoints && !isAlive ? html`<p class="aside">${texts.notRunning}</p>` : nothing}
    `;
  }

  private numbers(model: PanelModel): TemplateResult {
    const { texts, formats } = model;
    const isTable = this.link.show === 'table';
    return html`
      <div class="toolbar">
        <gs-range-picker
          .label=${texts.range}
          .value=${this.link.range}
          .choices=${rangeChoices.map((value) => ({ value, text: fill(texts.minutes, value) }))}
          @gs-choose=${(event: CustomEvent<RangeMinutes>) => this.link.choose({ rangeMinutes: event.detail })}
        ></gs-range-picker>
        <gs-button secondary @click=${() => this.link.choose({ show: isTable ? 'charts' : 'table' })}
          >${isTable ? texts.showCharts : texts.showTable}</gs-button
        >
      </div>
      ${
        isTable
          ? html`<gs-sample-table .data=${this.tableData} .formats=${formats} .texts=${texts}></gs-sample-table>`
          : this.charts(model)
      }
    `;
  }

  private charts({ status, texts, formats }: PanelModel): TemplateResult {
    const isStale = status.connection !== 'connected';
    return html`<div class="charts">
      <gs-live-chart
        .heading=${texts.cpu}
        .note=${status.cpuScale === 'pc' ? texts.cpuOfPc : texts.cpuOfCore}
        unit="percent"
        tone="blue"
        ?stale=${isStale}
        .data=${this.cpuData}
        .formats=${formats}
        .texts=${texts}
      ></gs-live-chart>
      <gs-live-chart
        .heading=${texts.memory}
        .note=${texts.memoryWhole}
        unit="bytes"
        tone="purple"
        ?stale=${isStale}
        .data=${this.memoryData}
        .formats=${formats}
        .texts=${texts}
      ></gs-live-chart>
    </div>`;
  }

  private notice(text: string, action: TemplateResult | typeof nothing = nothing): TemplateResult {
    return html`<div class="notice">
      <p>${text}</p>
      ${action}
    </div>`;
  }

  private empty({ status, texts }: PanelModel): TemplateResult {
    const canStart = status.connection === 'connected' && status.server?.actions.includes('start') === true;
    return this.notice(
      texts.notRunning,
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

declare global {
  interface HTMLElementTagNameMap {
    'gs-metrics-app': GsMetricsApp;
  }
}
