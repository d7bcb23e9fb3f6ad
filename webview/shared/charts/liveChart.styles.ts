import { css } from 'lit';
import { baseStyles } from '../styles.js';

export const liveChartStyles = [
  baseStyles,
  css`
    :host {
      --tone: var(--vscode-charts-blue, #59a4f9);
      --rule: color-mix(in srgb, var(--vscode-charts-lines, var(--vscode-foreground)) 30%, transparent);
      min-width: 0;
    }

    :host([tone='purple']) {
      --tone: var(--vscode-charts-purple, #b180d7);
    }

    .head {
      display: grid;
      grid-template-columns: auto 1fr auto;
      align-items: baseline;
      gap: 1px 8px;
      margin-bottom: 8px;
    }

    h2 {
      font-size: 1em;
      font-weight: 600;
    }

    .note,
    dt {
      color: var(--vscode-descriptionForeground);
    }

    dl,
    dd {
      margin: 0;
      font-variant-numeric: tabular-nums;
    }

    .current dt {
      position: absolute;
      clip-path: inset(50%);
    }

    .current dd {
      font-size: 1.5em;
      font-weight: 600;
      line-height: 1;
    }

    .ends {
      grid-column: 1 / -1;
      display: flex;
      flex-wrap: wrap;
      gap: 0 14px;
    }

    .ends div {
      display: flex;
      gap: 5px;
    }

    .plot {
      position: relative;
      height: clamp(180px, 32vh, 320px);
      border-radius: 2px;
      outline: none;
    }

    .plot:focus-visible {
      outline: 1px solid var(--vscode-focusBorder);
      outline-offset: 3px;
    }

    svg {
      position: absolute;
      inset: 0;
      overflow: visible;
    }

    .rule {
      stroke: var(--rule);
      stroke-width: 1;
      shape-rendering: crispEdges;
    }

    text {
      fill: var(--vscode-descriptionForeground);
      font-size: 11px;
      font-variant-numeric: tabular-nums;
    }

    .line {
      fill: none;
      stroke: var(--tone);
      stroke-width: 1.5;
      stroke-linejoin: round;
    }

    .area {
      fill: var(--tone);
      fill-opacity: 0.13;
    }

    .dot {
      fill: var(--tone);
    }

    :host([stale]) :is(.line, .area, .dot) {
      opacity: 0.45;
    }

    .cursor {
      stroke: var(--vscode-foreground);
      stroke-opacity: 0.5;
      shape-rendering: crispEdges;
    }

    .tip {
      position: absolute;
      top: 6px;
      padding: 3px 8px;
      border: 1px solid var(--vscode-editorHoverWidget-border, var(--vscode-contrastBorder, transparent));
      border-radius: 3px;
      background: var(--vscode-editorHoverWidget-background);
      color: var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground));
      font-variant-numeric: tabular-nums;
      white-space: nowrap;
      pointer-events: none;
    }
  `,
];
