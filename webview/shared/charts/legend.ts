import { html, nothing, type TemplateResult } from 'lit';
import type { Extent, Line } from './series.js';

export interface LegendRow {
  readonly line: Line;
  readonly now: number;
  readonly range: Extent | undefined;
}

interface LegendTexts {
  readonly now: string;
  readonly lowest: string;
  readonly highest: string;
}

/** How the line of this name is drawn; the name always stands beside it. */
export function swatch({ tone, isDotted }: Line): TemplateResult {
  return html`<i class="swatch tone ${tone} ${isDotted ? 'dotted' : ''}"></i>`;
}

/** What several lines are, and their figures. Without a column for now where that is not known of any. */
export function legend(
  rows: readonly LegendRow[],
  texts: LegendTexts,
  text: (value: number | undefined) => string,
): TemplateResult {
  const hasNow = rows.some(({ now }) => !Number.isNaN(now));
  return html`<table class="legend">
    <thead>
      <tr>
        <td></td>
        ${hasNow ? html`<th scope="col">${texts.now}</th>` : nothing}
        <th scope="col">${texts.lowest}</th>
        <th scope="col">${texts.highest}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ line, now, range }) =>
          html`<tr>
            <th scope="row">${swatch(line)}${line.name}</th>
            ${hasNow ? html`<td class="latest">${text(now)}</td>` : nothing}
            <td>${text(range?.lowest)}</td>
            <td>${text(range?.highest)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
