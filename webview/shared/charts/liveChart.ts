import { html, LitElement, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { fill, type Formats } from '../format.js';
import { byteScale, percentScale, timeTicks, type Scale } from './scale.js';
import { extent, firstFrom, nearest, runs, type Extent, type Points } from './series.js';
import { liveChartStyles } from './liveChart.styles.js';

/** What a chart draws. A new object means new data; the chart is drawn again for nothing else but its own size. */
export interface ChartData {
  readonly points: Points;
  readonly from: number;
  readonly to: number;
}

export interface ChartTexts {
  readonly now: string;
  readonly lowest: string;
  readonly highest: string;
  readonly unknown: string;
  readonly chartSummary: string;
  readonly chartEmpty: string;
}

const margin = { top: 8, right: 8, bottom: 22, left: 56 };
const tickRoomPx = 76;

/**
 * One metric over the last minutes. The picture is an image to a screen reader, with a sentence as its name; pointer and
 * arrow keys read single points, Escape lets go. Nothing moves but by new data.
 */
@customElement('gs-live-chart')
export class GsLiveChart extends LitElement {
  static override styles = liveChartStyles;

  @property() heading = '';
  @property() note = '';
  @property() unit: 'percent' | 'bytes' = 'percent';
  @property({ reflect: true }) tone: 'blue' | 'purple' = 'blue';
  /** Drawn paler: these are old numbers. */
  @property({ type: Boolean, reflect: true }) stale = false;
  @property({ attribute: false }) data: ChartData = { points: { at: [], values: [] }, from: 0, to: 0 };
  @property({ attribute: false }) formats!: Formats;
  @property({ attribute: false }) texts!: ChartTexts;

  @state() private size = { width: 0, height: 0 };
  /** Time of the point that is read; a time and not an index, as points fall out at the front. */
  @state() private cursorAt: number | undefined;
  @query('.plot') private readonly plot!: HTMLElement;
  @query('.tip') private readonly tip!: HTMLElement | null;

  private readonly resized = new ResizeObserver(() => this.measure());

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.resized.observe(this.plot);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
  }

  override firstUpdated(): void {
    this.resized.observe(this.plot);
  }

  override updated(_changed: PropertyValues<this>): void {
    const at = this.cursorAt;
    if (this.tip === null || at === undefined) return;
    // By script, since the page's policy allows no style attributes.
    const x = this.x(at);
    const isLeft = x < this.size.width / 2;
    this.tip.style.left = isLeft ? `${x + 8}px` : 'auto';
    this.tip.style.right = isLeft ? 'auto' : `${this.size.width - x + 8}px`;
  }

  override render(): TemplateResult {
    const { points, from } = this.data;
    const range = extent(points, from);
    return html`
      <div class="head">
        <h2>${this.heading}</h2>
        <span class="note">${this.note}</span>
        <dl class="current">${this.figure(this.texts.now, range?.now)}</dl>
        <dl class="ends">
          ${this.figure(this.texts.lowest, range?.lowest)} ${this.figure(this.texts.highest, range?.highest)}
        </dl>
      </div>
      <div
        class="plot"
        role="img"
        tabindex="0"
        aria-label=${this.summary(range)}
        @keydown=${this.onKey}
        @pointermove=${this.onPointer}
        @pointerleave=${this.letGo}
        @blur=${this.letGo}
      >
        ${this.size.width > 0 ? this.drawing(range) : nothing}
      </div>
    `;
  }

  private figure(name: string, value: number | null | undefined): TemplateResult {
    return html`<div>
      <dt>${name}</dt>
      <dd>${this.text(value)}</dd>
    </div>`;
  }

  private text(value: number | null | undefined): string {
    return this.unit === 'percent' ? this.formats.percent(value ?? null) : this.formats.bytes(value ?? null);
  }

  private summary(range: Extent | undefined): string {
    const { texts } = this;
    if (range === undefined) return fill(texts.chartEmpty, this.heading);
    const span = this.formats.duration(this.data.to - this.data.from);
    const now = range.now === null ? texts.unknown : this.text(range.now);
    return fill(texts.chartSummary, this.heading, span, now, this.text(range.lowest), this.text(range.highest));
  }

  private drawing(range: Extent | undefined): TemplateResult {
    const { width, height } = this.size;
    const intervals = height < 120 ? 2 : 4;
    const scale = (this.unit === 'percent' ? percentScale : byteScale)(range?.highest ?? 0, intervals, this.formats);
    return html`
      <svg width=${width} height=${height} aria-hidden="true">
        ${this.axes(scale, range !== undefined)} ${this.lines(scale)} ${this.cursorMark(scale)}
      </svg>
      ${this.cursorTip()}
    `;
  }

  private axes(scale: Scale, hasData: boolean): TemplateResult {
    const { width, height } = this.size;
    const { from, to } = this.data;
    const time = timeTicks(from, to, width - margin.left - margin.right, tickRoomPx);
    return svg`
      ${scale.ticks.map(({ value, text }) => {
        const y = Math.round(this.y(value, scale));
        return svg`
          <line class="rule" x1=${margin.left} x2=${width - margin.right} y1=${y} y2=${y}></line>
          <text x=${margin.left - 8} y=${y} dy="0.35em" text-anchor="end">${text}</text>`;
      })}
      ${(hasData ? time.ticks : []).map(
        (at) => svg`<text x=${this.x(at)} y=${height - 5} text-anchor=${this.x(at) > width - 32 ? 'end' : 'middle'}>
          ${this.formats.clock(at, time.hasSeconds)}</text>`,
      )}`;
  }

  private lines(scale: Scale): TemplateResult {
    const { points, from } = this.data;
    const floor = this.y(0, scale);
    const found = runs(points, from);
    const spot = (i: number) =>
      `${this.x(points.at[i] ?? 0).toFixed(1)},${this.y(points.values[i] ?? 0, scale).toFixed(1)}`;
    const dot = (i: number, radius: number) => {
      const [cx, cy] = spot(i).split(',');
      return svg`<circle class="dot" cx=${cx} cy=${cy} r=${radius}></circle>`;
    };
    const newest = found.at(-1)?.[1];
    return svg`
      ${found.map(([first, last]) => {
        if (first === last) return dot(first, 2);
        const spots = Array.from({ length: last - first + 1 }, (_, i) => spot(first + i)).join('L');
        const [left, right] = [first, last].map((i) => this.x(points.at[i] ?? 0).toFixed(1));
        return svg`
          <path class="area" d="M${left},${floor}L${spots}L${right},${floor}Z"></path>
          <path class="line" d="M${spots}"></path>`;
      })}
      ${newest === undefined || newest < points.at.length - 1 ? nothing : dot(newest, 3)}`;
  }

  private cursorMark(scale: Scale): TemplateResult | typeof nothing {
    if (this.cursorAt === undefined) return nothing;
    const x = Math.round(this.x(this.cursorAt));
    const value = this.valueAtCursor();
    return svg`
      <line class="cursor" x1=${x} x2=${x} y1=${margin.top} y2=${this.size.height - margin.bottom}></line>
      ${Number.isNaN(value) ? nothing : svg`<circle class="dot" cx=${x} cy=${this.y(value, scale)} r="3.5"></circle>`}`;
  }

  private cursorTip(): TemplateResult | typeof nothing {
    if (this.cursorAt === undefined) return nothing;
    return html`<div class="tip" aria-hidden="true">
      ${this.formats.clock(this.cursorAt, true)} <strong>${this.text(this.valueAtCursor())}</strong>
    </div>`;
  }

  private valueAtCursor(): number {
    const { at, values } = this.data.points;
    return values[firstFrom(at, this.cursorAt ?? Infinity)] ?? NaN;
  }

  private x(at: number): number {
    const { from, to } = this.data;
    const share = to > from ? (at - from) / (to - from) : 1;
    return margin.left + Math.max(0, share) * (this.size.width - margin.left - margin.right);
  }

  private y(value: number, scale: Scale): number {
    return this.size.height - margin.bottom - (value / scale.top) * (this.size.height - margin.top - margin.bottom);
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (width !== this.size.width || height !== this.size.height) this.size = { width, height };
  }

  private readonly letGo = () => {
    this.cursorAt = undefined;
  };

  private readonly onPointer = (event: PointerEvent) => {
    const { from, to, points } = this.data;
    const room = this.size.width - margin.left - margin.right;
    const share = (event.clientX - this.plot.getBoundingClientRect().left - margin.left) / room;
    this.read(nearest(points.at, from, from + share * (to - from)));
  };

  private readonly onKey = (event: KeyboardEvent) => {
    const { at } = this.data.points;
    const first = firstFrom(at, this.data.from);
    const last = at.length - 1;
    const current = this.cursorAt === undefined ? at.length : firstFrom(at, this.cursorAt);
    const target = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: first, End: last }[event.key];
    if (event.key === 'Escape') this.letGo();
    if (target === undefined) return;
    event.preventDefault();
    this.read(Math.max(first, Math.min(target, last)));
  };

  private read(index: number | undefined): void {
    this.cursorAt = index === undefined ? undefined : this.data.points.at[index];
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'gs-live-chart': GsLiveChart;
  }
}
