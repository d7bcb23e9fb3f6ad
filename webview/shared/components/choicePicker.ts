import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { baseStyles } from '../styles.js';

/** One of a few choices as a row of real radio buttons, drawn like VS Code's own. Fires gs-choose with the value. */
@customElement('gs-choice-picker')
export class GsChoicePicker extends LitElement {
  static override styles = [
    baseStyles,
    css`
      fieldset {
        display: flex;
        margin: 0;
        padding: 0;
        border: 0;
      }

      label span {
        display: block;
        padding: 2px 10px;
        border: 1px solid var(--vscode-radio-inactiveBorder, var(--vscode-contrastBorder, transparent));
        border-color: var(--vscode-radio-inactiveBorder, color-mix(in srgb, var(--vscode-foreground) 20%, transparent));
        margin-inline-start: -1px;
        line-height: 20px;
        cursor: pointer;
      }

      label:first-of-type span {
        margin-inline-start: 0;
        border-start-start-radius: 4px;
        border-end-start-radius: 4px;
      }

      label:last-of-type span {
        border-start-end-radius: 4px;
        border-end-end-radius: 4px;
      }

      label:hover span {
        background: var(--vscode-radio-inactiveHoverBackground, var(--vscode-toolbar-hoverBackground));
      }

      input:checked + span {
        position: relative;
        border-color: var(--vscode-radio-activeBorder, var(--vscode-inputOption-activeBorder));
        background: var(--vscode-radio-activeBackground, var(--vscode-inputOption-activeBackground));
        color: var(--vscode-radio-activeForeground, var(--vscode-inputOption-activeForeground));
      }

      input:focus-visible + span {
        position: relative;
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: 2px;
      }
    `,
  ];

  @property() label = '';
  @property({ attribute: false }) value: number | string = 0;
  @property({ attribute: false }) choices: readonly { readonly value: number | string; readonly text: string }[] = [];

  override render(): TemplateResult {
    return html`<fieldset>
      <legend class="visually-hidden">${this.label}</legend>
      ${this.choices.map(
        ({ value, text }) =>
          html`<label>
            <input
              class="visually-hidden"
              type="radio"
              name="choice"
              .checked=${value === this.value}
              @change=${() => this.dispatchEvent(new CustomEvent('gs-choose', { detail: value }))}
            /><span>${text}</span>
          </label>`,
      )}
    </fieldset>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gs-choice-picker': GsChoicePicker;
  }
}
