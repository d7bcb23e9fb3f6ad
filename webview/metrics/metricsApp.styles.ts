import { css } from 'lit';
import { baseStyles } from '../shared/styles.js';

export const metricsAppStyles = [
  baseStyles,
  css`
    main {
      display: grid;
      gap: 18px;
      box-sizing: border-box;
      max-width: 1400px;
      margin: 0 auto;
      padding: 18px 24px 24px;
    }

    .banner {
      display: flex;
      align-items: center;
      gap: 8px;
      padding: 6px 10px;
      border: 1px solid var(--vscode-inputValidation-warningBorder, var(--vscode-charts-yellow));
      border-radius: 3px;
      background: var(--vscode-inputValidation-warningBackground);
      color: var(--vscode-inputValidation-warningForeground, var(--vscode-foreground));
    }

    :is(.banner, .toolbar) gs-button {
      margin-inline-start: auto;
    }

    .progress {
      color: var(--vscode-descriptionForeground);
    }

    .toolbar {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px 14px;
    }

    .charts {
      display: grid;
      gap: 18px;
    }

    /* Two, each with a legend. */
    .host gs-time-chart {
      --gs-plots: 2;
      --gs-beside-plots: 470px;
    }

    .notice {
      display: grid;
      justify-items: center;
      gap: 14px;
      padding: 56px 16px;
      color: var(--vscode-descriptionForeground);
      text-align: center;
    }

    .loads {
      display: grid;
      gap: 2px;
      margin: 0;
      font-variant-numeric: tabular-nums;
    }

    .loads div {
      display: flex;
      flex-wrap: wrap;
      gap: 0 8px;
    }

    .loads dd {
      margin: 0;
    }

    :is(.aside, .loads dt) {
      color: var(--vscode-descriptionForeground);
    }
  `,
];
