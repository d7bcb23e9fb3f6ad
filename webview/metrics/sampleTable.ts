import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { PanelTexts } from '../../src/shared/panelMessages.js';
import { firstFrom } from '../shared/charts/series.js';
import type { Formats } from '../shared/format.js';
import { baseStyles } from '../shared/styles.js';

export interface TableData {
  readonly at: readonly number[];
  readonly cpu: readonly number[];
  readonly memory: readonly number[];
  readonly from: number;
}

/** The charts' numbers as a table, newest first: what a picture cannot give to a screen reader. */
@customElement('gs-sample-table')
export class GsSampleTable extends LitElement {
  static override styles = [
    baseStyles,
    css`
      table {
        border-collapse: collapse;
        width: 100%;
        max-width: 560px;
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

  @property({ attribute: false }) data: TableData = { at: [], cpu: [], memory: [], from: 0 };
  @property({ attribute: false }) formats!: Formats;
  @property({ attribute: false }) texts!: PanelTexts;

  override render(): TemplateResult {
    const { at, cpu, memory, from } = this.data;
    const first = firstFrom(at, from);
    const rows = Array.from({ length: at.length - first }, (_, i) => at.length - 1 - i);
    return html`<table>
      <caption class="visually-hidden">
        ${this.texts.tableCaption}
      </caption>
      <thead>
        <tr>
          <th scope="col">${this.texts.time}</th>
          <th scope="col">${this.texts.cpu}</th>
          <th scope="col">${this.texts.memory}</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          rows,
          (i) => at[i],
          (i) =>
            html`<tr>
              <th scope="row">${this.formats.clock(at[i] ?? 0, true)}</th>
              <td>${this.formats.percent(cpu[i] ?? null)}</td>
              <td>${this.formats.bytes(memory[i] ?? null)}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gs-sample-table': GsSampleTable;
  }
}
