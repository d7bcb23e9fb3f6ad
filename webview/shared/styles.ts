import { css } from 'lit';

/** What every element shares: the theme's fonts and colours, and text for screen readers only. */
export const baseStyles = css`
  :host {
    display: block;
    box-sizing: border-box;
    color: var(--vscode-foreground);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size, 13px);
    font-weight: var(--vscode-font-weight, normal);
  }

  :host([hidden]) {
    display: none;
  }

  h1,
  h2,
  p {
    margin: 0;
    font-weight: normal;
  }

  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  svg {
    flex: none;
  }

  gs-button [slot] {
    display: flex;
  }
`;
