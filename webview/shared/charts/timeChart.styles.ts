import { css } from 'lit';
import { baseStyles } from '../styles.js';

/** What uPlot's own style sheet says of the parts that are used here. */
const plotStyles = css`
  .uplot,
  .uplot * {
    box-sizing: border-box;
  }

  .u-wrap {
    position: relative;
    user-select: none;
  }

  .u-over,
  .u-under,
  .u-axis {
    position: absolute;
  }

  canvas {
    display: block;
    position: relative;
    width: 100%;
    height: 100%;
  }
`;

export const timeChartStyles = [
  baseStyles,
  plotStyles,
  css`
    :host {
      container-type: inline-size;
      min-width: 0;
    }

    .tone {
      --tone: var(--vscode-charts-blue, #59a4f9);
      --shade: var(--tone);
    }

    .purple {
      --tone: var(--vscode-charts-purple, #b180d7);
    }

    .green {
      --tone: var(--vscode-charts-green, #89d185);
    }

    .orange {
      --tone: var(--vscode-charts-orange, #d18616);
    }

    .yellow {
      --tone: var(--vscode-charts-yellow, #cca700);
    }

    :host([stale]) .tone {
      --shade: color-mix(in srgb, var(--tone) 45%, transparent);
    }

    .head {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 2px 8px;
      margin-bottom: 6px;
    }

    h2 {
      font-size: 1em;
      font-weight: 600;
    }

    .note,
    dt {
      color: var(--vscode-descriptionForeground);
    }

    .detail {
      margin: -4px 0 6px;
      color: var(--vscode-descriptionForeground);
      font-variant-numeric: tabular-nums;
    }

    dl,
    dd {
      margin: 0;
      font-variant-numeric: tabular-nums;
    }

    .current {
      min-width: 4em;
      text-align: end;
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
      display: flex;
      flex: 1;
      flex-wrap: wrap;
      justify-content: end;
      gap: 0 14px;
    }

    .ends div {
      display: flex;
      gap: 5px;
      white-space: nowrap;
    }

    @container (max-width: 520px) {
      .note {
        flex: 1;
      }

      .ends {
        flex-basis: 100%;
        order: 1;
        justify-content: start;
      }
    }

    .plot {
      position: relative;
      overflow: hidden;
      height: clamp(112px, calc((100vh - var(--gs-beside-plots, 290px)) / var(--gs-plots, 3)), 260px);
      border-radius: 2px;
      outline: none;
    }

    .plot:focus-visible {
      outline: 1px solid var(--vscode-focusBorder);
      outline-offset: 3px;
    }

    .canvas {
      position: absolute;
      inset: 0;
    }

    .ink {
      display: none;
    }

    .ink[data-ink='line'] {
      color: var(--shade);
    }

    .ink[data-ink='area'] {
      color: color-mix(in srgb, var(--shade) 10%, transparent);
    }

    .ink[data-ink='band'] {
      color: color-mix(in srgb, var(--shade) 30%, transparent);
    }

    .ink[data-ink='edge'] {
      color: color-mix(in srgb, var(--shade) 55%, transparent);
    }

    .ink[data-ink='rule'] {
      color: color-mix(in srgb, var(--vscode-charts-lines, var(--vscode-foreground)) 30%, transparent);
    }

    .ink[data-ink='label'] {
      color: var(--vscode-descriptionForeground);
    }

    .cursor {
      position: absolute;
      top: 8px;
      bottom: 22px;
      left: 0;
      width: 1px;
      background: var(--vscode-foreground);
      opacity: 0.5;
      pointer-events: none;
    }

    .dot {
      position: absolute;
      top: -4px;
      left: -4px;
      width: 8px;
      height: 8px;
      border-radius: 50%;
      background: var(--tone);
      box-shadow: 0 0 0 1.5px var(--vscode-editor-background);
      pointer-events: none;
    }

    .tip {
      position: absolute;
      top: 6px;
      box-sizing: border-box;
      max-width: calc(50% - 8px);
      padding: 3px 4px 3px 8px;
      border: 1px solid var(--vscode-editorHoverWidget-border, var(--vscode-contrastBorder, transparent));
      border-radius: 3px;
      background: var(--vscode-editorHoverWidget-background);
      color: var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground));
      font-variant-numeric: tabular-nums;
      pointer-events: none;
    }

    .tip > * {
      display: inline-block;
      margin-inline-end: 4px;
      white-space: nowrap;
    }

    .tip .spread {
      opacity: 0.8;
    }

    .readings {
      display: grid;
      grid-template-columns: auto auto;
      gap: 0 10px;
    }

    .readings strong {
      text-align: end;
    }

    .swatch {
      display: inline-block;
      width: 18px;
      border-top: 2px solid var(--shade);
      margin-inline-end: 7px;
      vertical-align: middle;
    }

    .swatch.dotted {
      border-top-style: dotted;
    }

    .legend {
      margin: 4px 0 0 48px;
      border-collapse: collapse;
      font-variant-numeric: tabular-nums;
    }

    .legend :is(th, td) {
      padding: 1px 8px;
      font-weight: normal;
      text-align: end;
      white-space: nowrap;
    }

    .legend th[scope='row'] {
      min-width: 11em;
      text-align: start;
    }

    .legend thead th,
    .legend td:not(.latest) {
      color: var(--vscode-descriptionForeground);
    }

    .legend .latest {
      font-weight: 600;
    }

    @container (max-width: 520px) {
      .legend {
        margin-inline-start: 0;
      }

      .legend th[scope='row'] {
        min-width: 0;
        padding-inline-start: 25px;
        text-indent: -25px;
        white-space: normal;
      }
    }
  `,
];
