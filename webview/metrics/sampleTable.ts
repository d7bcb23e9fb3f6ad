import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { PanelTexts, RangeMinutes } from '../../src/shared/panelMessages.js';
import type { ChartUnit } from '../shared/charts/scale.js';
import { fill, type Formats } from '../shared/format.js';
import { baseStyles } from '../shared/styles.js';
import type { PictureRow } from './picture.js';

/** isMeanOnly: its highest says little. */
export interface TableColumn {
  readonly metric: string;
  readonly text: string;
  readonly unit: ChartUnit;
  readonly isMeanOnly: boolean;
}

export interface TableData {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly PictureRow[];
  readonly range: RangeMinutes;
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

  @property({ attribute: false }) data: TableData = { columns: [], rows: [], range: 15 };
  @property({ attribute: false }) formats!: Formats;
  @property({ attribute: false }) texts!: PanelTexts;

  override render(): TemplateResult {
    const { columns, rows, range } = this.data;
    return html`<table>
      <caption class="visually-hidden">
        ${this.texts.tableCaption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${this.texts.time}</th>
          ${columns.map((column) => html`<th scope="col">${this.heading(column)}</th>`)}
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
              ${columns.map((column) => html`<td>${this.figures(column, values[column.metric] ?? null)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  private heading({ text, isMeanOnly }: TableColumn): string {
    return isMeanOnly ? text : fill(this.texts.withHighest, text);
  }

  private figures({ unit, isMeanOnly }: TableColumn, value: PictureRow['values'][string]): string {
    const text = (number: number | null) => this.formats[unit](number);
    if (isMeanOnly || value === null) return text(value?.mean ?? null);
    return `${text(value.mean)} (${text(value.highest)})`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gs-sample-table': GsSampleTable;
  }
}
