import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { panelMetrics, type PanelMetric, type PanelTexts, type RangeMinutes } from '../../src/shared/panelMessages.js';
import type { ChartUnit } from '../shared/charts/scale.js';
import { fill, type Formats } from '../shared/format.js';
import { baseStyles } from '../shared/styles.js';
import type { PictureRow } from './picture.js';

export interface TableData {
  readonly rows: readonly PictureRow[];
  readonly range: RangeMinutes;
}

const units = {
  ...{ cpu: 'percent', memory: 'bytes', players: 'count', tickRate: 'perSecond' },
  ...{ frameTime: 'milliseconds', apiTime: 'milliseconds' },
} as const satisfies Record<PanelMetric, ChartUnit>;

/** Every server has a column for these; for the others only where there are numbers. */
function isUsual(metric: PanelMetric): boolean {
  return metric === 'cpu' || metric === 'memory' || metric === 'players';
}

/** Their highest says little. */
function isMeanOnly(metric: PanelMetric): boolean {
  return metric === 'players' || metric === 'tickRate';
}

/** The charts' numbers as a table, newest first: what a picture cannot give to a screen reader. */
@customElement('gs-sample-table')
export class GsSampleTable extends LitElement {
  static override styles = [
    baseStyles,
    css`
      table {
        border-collapse: collapse;
        min-width: min(100%, 560px);
        font-variant-numeric: tabular-nums;
      }

      th,
      td {
        padding: 3px 12px;
        text-align: end;
        font-weight: normal;
      }

      th:first-child {
        text-align: start;
      }

      thead th {
        position: sticky;
        top: 0;
        background: var(--vscode-editor-background);
        font-weight: 600;
      }

      tbody tr:nth-child(odd) {
        background: var(
          --vscode-tree-tableOddRowsBackground,
          color-mix(in srgb, var(--vscode-foreground) 4%, transparent)
        );
      }
    `,
  ];

  @property({ attribute: false }) data: TableData = { rows: [], range: 15 };
  @property({ attribute: false }) formats!: Formats;
  @property({ attribute: false }) texts!: PanelTexts;

  override render(): TemplateResult {
    const { rows, range } = this.data;
    const told = panelMetrics.filter((metric) => isUsual(metric) || rows.some(({ values }) => values[metric] !== null));
    return html`<table>
      <caption class="visually-hidden">
        ${this.texts.tableCaption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${this.texts.time}</th>
          ${told.map((metric) => html`<th scope="col">${this.heading(metric)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${repeat(
          rows,
          ({ at }) => at,
          ({ at, values }) =>
            html`<tr>
              <th scope="row">
                ${range < 60 ? this.formats.clock(at, true) : this.formats.moment(at, range * 60_000)}
              </th>
              ${told.map((metric) => html`<td>${this.figures(metric, values[metric])}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private heading(metric: PanelMetric): string {
    const text = this.texts[metric];
    return isMeanOnly(metric) ? text : fill(this.texts.withHighest, text);
  }

  private figures(metric: PanelMetric, value: PictureRow['values'][PanelMetric]): string {
    const text = (number: number | null) => this.formats[units[metric]](number);
    if (isMeanOnly(metric)) return text(value?.mean ?? null);
    return value === null ? text(null) : `${text(value.mean)} (${text(value.highest)})`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gs-sample-table': GsSampleTable;
  }
}
