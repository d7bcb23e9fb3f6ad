import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PanelAction, PanelServer, PanelTexts } from '../../src/shared/panelMessages.js';
import { fill, type Formats } from '../shared/format.js';
import { error, full, half, play, ring, stop, terminal, warning } from '../shared/icons.js';
import '../shared/kit.js';
import { baseStyles } from '../shared/styles.js';

/** Shape and colour of a state; the word always stands beside it. */
const stateIcons: Record<PanelServer['state'], { icon: TemplateResult; tone: string }> = {
  running: { icon: full, tone: 'good' },
  starting: { icon: half, tone: 'busy' },
  stopping: { icon: half, tone: 'busy' },
  restarting: { icon: half, tone: 'busy' },
  stopped: { icon: ring, tone: 'quiet' },
  crashed: { icon: error, tone: 'bad' },
  failed: { icon: error, tone: 'bad' },
};
const unwell = { icon: warning, tone: 'warn' };

/** Name, state and actions of one server. Fires gs-action with what was asked for. */
@customElement('gs-server-header')
export class GsServerHeader extends LitElement {
  static override styles = [
    baseStyles,
    css`
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 12px 24px;
      }

      h1 {
        overflow-wrap: anywhere;
        font-size: 1.7em;
        font-weight: 600;
        line-height: 1.3;
      }

      .facts {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px 6px;
        margin-top: 2px;
        color: var(--vscode-descriptionForeground);
      }

      .facts > span {
        display: inline-flex;
        align-items: center;
        gap: 4px;
      }

      .facts > span + span::before {
        content: '·';
        margin-inline-end: 2px;
      }

      .word {
        margin-inline-start: -3px;
        color: var(--vscode-foreground);
      }

      .good svg {
        color: var(--vscode-charts-green);
      }

      .busy svg {
        color: var(--vscode-charts-blue);
      }

      .bad svg {
        color: var(--vscode-charts-red, var(--vscode-errorForeground));
      }

      .warn svg {
        color: var(--vscode-charts-yellow);
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
    `,
  ];

  @property({ attribute: false }) server!: PanelServer;
  /** False while nobody could start or stop anything. */
  @property({ type: Boolean }) reachable = false;
  /** The latest time known; the uptime is counted to it, so that it moves with the numbers and not by a timer. */
  @property({ type: Number }) now = 0;
  /** Where the panel itself offers Start in its middle, the header's is not the main one. */
  @property({ type: Boolean }) quiet = false;
  @property({ attribute: false }) formats!: Formats;
  @property({ attribute: false }) texts!: PanelTexts;

  override render(): TemplateResult {
    const { server, texts } = this;
    const { icon, tone } = server.isUnwell ? unwell : stateIcons[server.state];
    return html`<header>
      <div>
        <h1>${server.name}</h1>
        <div class="facts">
          <span class="word ${tone}">${icon}${server.stateText}</span>
          ${server.state === 'running' ? html`<span>${this.uptime()}</span>` : nothing} ${this.gameFacts()}
          <span>${server.game}</span>
        </div>
      </div>
      <div class="actions">
        ${this.button('start', play, texts.start)} ${this.button('stop', stop, texts.stop)}
        ${this.button('openConsole', terminal, texts.openConsole)}
      </div>
    </header>`;
  }

  /** Of a server that can be heard: what is old must not look live. */
  private gameFacts(): TemplateResult | typeof nothing {
    if (!this.reachable) return nothing;
    const { players, lastSaveAt, isSaving } = this.server;
    const { texts, formats, now } = this;
    const ago = lastSaveAt === null ? null : fill(texts.lastSave, formats.duration(now - lastSaveAt));
    const save = isSaving ? texts.saving : ago;
    return html`${players === null ? nothing : html`<span>${players}</span>`}
    ${save === null ? nothing : html`<span>${save}</span>`}`;
  }

  private uptime(): string {
    return fill(this.texts.uptime, this.formats.duration(this.now - this.server.since));
  }

  // Start and Stop keep their own places in every state: a second click on Start must never land on Stop.
  private button(action: PanelAction, icon: TemplateResult, text: string): TemplateResult {
    const isMain = action === 'start' && !this.quiet && this.server.actions.includes('start');
    const isPossible = this.server.actions.includes(action) && (this.reachable || action === 'openConsole');
    return html`<gs-button
      ?secondary=${!isMain}
      ?unavailable=${!isPossible}
      @click=${() => this.dispatchEvent(new CustomEvent<PanelAction>('gs-action', { detail: action }))}
      ><span slot="content-before">${icon}</span>${text}</gs-button
    >`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gs-server-header': GsServerHeader;
  }
}
