import { css, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { VscodeButton } from '@vscode-elements/elements/dist/vscode-button/index.js';

/**
 * The only file that knows the component kit. Panels use the elements below by their own gs- names, so that another kit
 * means another version of this file and nothing else. Import single components by path: the whole kit is 237 KB.
 */

/**
 * A button: `secondary`, an icon in slot `content-before`, fires `click`. Use `unavailable`, not `disabled`: a browser
 * takes the focus away from what is disabled, and who has just pressed Start would have to search for their place.
 */
@customElement('gs-button')
export class GsButton extends VscodeButton {
  static override styles = [
    VscodeButton.styles,
    css`
      /* The kit gives a secondary button the border of a primary one, which newer themes colour. */
      :host([secondary]) .base {
        border-color: var(--vscode-button-secondaryBorder, var(--vscode-button-border, transparent));
      }

      :host([aria-disabled='true']) {
        opacity: 0.4;
        pointer-events: none;
      }
    `,
  ];

  @property({ type: Boolean }) unavailable = false;

  constructor() {
    super();
    const hold = (event: Event) => {
      if (this.unavailable) event.stopImmediatePropagation();
    };
    this.addEventListener('click', hold, { capture: true });
  }

  override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    if (!changed.has('unavailable')) return;
    // Not earlier: the kit sets the tab index itself while it updates.
    this.tabIndex = this.unavailable ? -1 : 0;
    this.ariaDisabled = String(this.unavailable);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gs-button': GsButton;
  }
}
