import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PanelMonitoring } from '../../src/shared/panelMessages.js';
import { warning } from '../shared/icons.js';
import { baseStyles } from '../shared/styles.js';

/** What the monitoring itself costs: small, below everything, and never louder than what it measures. */
@customElement('gs-monitoring-footer')
export class GsMonitoringFooter extends LitElement {
  static override styles = [
    baseStyles,
    css`
      footer {
        display: grid;
        gap: 2px;
        padding-top: 10px;
        border-top: 1px solid
          var(--vscode-contrastBorder, color-mix(in srgb, var(--vscode-foreground) 15%, transparent));
        color: var(--vscode-descriptionForeground);
        font-variant-numeric: tabular-nums;
      }

      .over {
        display: flex;
        align-items: center;
        gap: 6px;
        color: var(--vscode-foreground);
      }

      .over svg {
        color: var(--vscode-charts-yellow);
      }
    `,
  ];

  @property({ attribute: false }) monitoring!: PanelMonitoring;

  override render(): TemplateResult {
    const { cost, budget, isOver } = this.monitoring;
    return html`<footer>
      <p>${cost}</p>
      <p class=${isOver ? 'over' : nothing}>${isOver ? warning : nothing}<span>${budget}</span></p>
    </footer>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gs-monitoring-footer': GsMonitoringFooter;
  }
}
