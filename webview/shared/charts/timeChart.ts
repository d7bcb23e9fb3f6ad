import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { fill, type Formats } from '../format.js';
import { legend, swatch } from './legend.js';
import { Plot, margin, type Inks, type Picture } from './plot.js';
import { scales, type ChartUnit } from './scale.js';
import { extent, firstFrom, nearest, timesOf, type Extent, type Line, type Span } from './series.js';
import { timeChartStyles } from './timeChart.styles.js';

/** What a chart draws. A new object means new data; the picture is drawn again for nothing else but size and colours. */
export interface ChartData {
  readonly lines: readonly Line[];
  readonly span: Span;
}

export interface ChartTexts {
  readonly now: string;
  readonly lowest: string;
  readonly highest: string;
  readonly unknown: string;
  readonly chartSummary: string;
  readonly chartEmpty: string;
}

/** Further away than this share of the window a point says nothing of the time that is read. */
const nearShare = 0.02;

/** A point of a line at the time that is read. */
interface Point {
  readonly at: number;
  readonly mean: number;
  readonly min: number;
  readonly max: number;
}

/**
 * One metric over time, or a few of one unit. The picture is an image to a screen reader, with a sentence for each line as its name; pointer and arrow keys read
 * single points, Escape lets go. Fires gs-cursor with the time that is read, or null, so that charts that stand together
 * can read the same time. Nothing moves but by new data.
 */
@customElement('gs-time-chart')
export class GsTimeChart extends LitElement {
  static override styles = timeChartStyles;

  @property() heading = '';
  @property() note = '';
  /** More figures in words; the chart's picture has its own. */
  @property() detail = '';
  @property() unit: ChartUnit = 'percent';
  /** Drawn paler: these are old numbers. */
  @property({ type: Boolean, reflect: true }) stale = false;
  @property({ attribute: false }) data: ChartData = {
    lines: [],
    span: { from: 0, to: 1 },
  };
  /** The newest measurement of each line, which longer ranges do not draw yet; NaN: unknown. */
  @property({ attribute: false, hasChanged: isOther }) now: readonly number[] = [];
  /** How long the window is, in words. */
  @property() span = '';
  /** The time that is read in one of the charts. */
  @property({ attribute: false }) cursorAt: number | null = null;
  @property({ attribute: false }) formats!: Formats;
  @property({ attribute: false }) texts!: ChartTexts;

  /** What a screen reader is told of the point that the keys have gone to. */
  @state() private spoken = '';
  @query('.plot') private readonly place!: HTMLElement;
  @query('.canvas') private readonly canvas!: HTMLElement;
  @query('.tip') private readonly tip!: HTMLElement | null;
  @query('.cursor') private readonly line!: HTMLElement | null;

  private plot: Plot | undefined;
  private picture!: Picture;
  private ranges: readonly (Extent | undefined)[] = [];
  private times: readonly number[] = [];
  private inks!: Inks;
  private tones = '';
  private readonly resized = new ResizeObserver(() => this.measure());
  private readonly themed = new MutationObserver(() => this.recolour());

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.themed.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
  }

  override firstUpdated(): void {
    this.watch();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('data') && !changed.has('formats')) return;
    const { lines, span } = this.data;
    this.ranges = lines.map(({ trace }) => extent(trace, span.from));
    this.times = timesOf(lines);
    this.picture = { lines, span, scale: this.scaleFor(this.place?.clientHeight ?? Infinity) };
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('data') || changed.has('formats')) {
      // Other lines may have come with the numbers.
      const tones = this.data.lines.map(({ tone }) => tone).join();
      if (this.plot !== undefined && tones !== this.tones) this.inks = this.readInks();
      this.tones = tones;
      this.plot?.draw(this.picture);
    }
    if (changed.has('stale')) this.recolour();
    this.placeCursor();
  }

  override render(): TemplateResult {
    return html`
      <div class="head">
        <h2>${this.heading}</h2>
        <span class="note">${this.note}</span>
        ${this.isAlone ? this.figures() : nothing}
      </div>
      ${this.detail === '' ? nothing : html`<p class="detail">${this.detail}</p>`}
      <div
        class="plot"
        role="img"
        tabindex="0"
        aria-label=${this.summary()}
        @keydown=${this.onKey}
        @pointermove=${this.onPointer}
        @pointerleave=${this.letGo}
        @blur=${this.letGo}
      >
        <div class="canvas" aria-hidden="true"></div>
        ${this.data.lines.map(({ tone }) => html`<i class="ink tone ${tone}" data-ink="line"></i>`)}
        ${['area', 'band', 'edge'].map(
          (ink) => html`<i class="ink tone ${this.data.lines[0]?.tone ?? ''}" data-ink=${ink}></i>`,
        )}
        <i class="ink" data-ink="rule"></i><i class="ink" data-ink="label"></i>
        ${this.cursor()}
      </div>
      ${this.isAlone ? nothing : this.legend()}
      <div class="visually-hidden" aria-live="polite">${this.spoken}</div>
    `;
  }

  /** Of a line that is what the heading says everything stands above it; those with names have a legend. */
  private get isAlone(): boolean {
    return this.data.lines.every(({ name }) => name === '');
  }

  private figures(): TemplateResult {
    const { texts } = this;
    const [range] = this.ranges;
    return html`<dl class="ends">
        ${this.figure(texts.lowest, range?.lowest)} ${this.figure(texts.highest, range?.highest)}
      </dl>
      <dl class="current">${this.figure(texts.now, this.now[0])}</dl>`;
  }

  private legend(): TemplateResult {
    const rows = this.data.lines.map((line, i) => ({ line, now: this.now[i] ?? NaN, range: this.ranges[i] }));
    return legend(rows, this.texts, (value) => this.text(value));
  }

  private figure(name: string, value: number | undefined): TemplateResult {
    return html`<div>
      <dt>${name}</dt>
      <dd>${this.text(value)}</dd>
    </div>`;
  }

  private text(value: number | null | undefined): string {
    return this.formats[this.unit](value ?? null);
  }

  private summary(): string {
    const { texts } = this;
    const known = this.data.lines.flatMap((line, i) => {
      const range = this.ranges[i];
      if (range === undefined) return [];
      const latest = this.now[i] ?? NaN;
      const now = Number.isNaN(latest) ? texts.unknown : this.text(latest);
      const name = this.isAlone ? this.heading : line.name;
      return [fill(texts.chartSummary, name, this.span, now, this.text(range.lowest), this.text(range.highest))];
    });
    if (known.length === 0) return fill(texts.chartEmpty, this.heading);
    return this.isAlone ? known.join() : [this.heading, ...known].join('. ');
  }

  private cursor(): TemplateResult | typeof nothing {
    const { cursorAt } = this;
    if (cursorAt === null) return nothing;
    const points = this.data.lines.map((line) => this.pointAt(line, cursorAt));
    const at = points.find((point) => point !== undefined)?.at ?? cursorAt;
    return html`
      <div class="cursor"></div>
      ${points.map((point, i) => (point === undefined ? nothing : html`<div class="dot tone ${this.data.lines[i]?.tone ?? ''}"></div>`))}
      <div class="tip" aria-hidden="true">
        <span>${this.time(at)}</span> ${this.isAlone ? this.reading(points[0]) : this.readings(points)}
      </div>
    `;
  }

  private reading(point: Point | undefined): TemplateResult {
    return html`<strong>${this.text(point?.mean)}</strong> ${
        point === undefined || point.min === point.max
          ? nothing
          : html`<span class="spread">${this.text(point.min)} – ${this.text(point.max)}</span>`
      }`;
  }

  private readings(points: readonly (Point | undefined)[]): TemplateResult {
    return html`<div class="readings">
      ${this.data.lines.map(
        (line, i) => html`<span>${swatch(line)}${line.name}</span><strong>${this.text(points[i]?.mean)}</strong>`,
      )}
    </div>`;
  }

  /** By script, since the page's policy allows no style attributes. */
  private placeCursor(): void {
    const { plot, line, tip, cursorAt } = this;
    if (plot === undefined || line === null || tip === null || cursorAt === null) return;
    const { clientWidth: width } = this.place;
    const x = Math.max(margin.left, Math.min(plot.x(cursorAt), width - margin.right));
    line.style.transform = `translateX(${Math.round(x)}px)`;
    const points = this.data.lines.flatMap((each) => this.pointAt(each, cursorAt) ?? []);
    for (const [i, dot] of this.renderRoot.querySelectorAll<HTMLElement>('.dot').entries()) {
      const point = points[i];
      if (point !== undefined) dot.style.transform = `translate(${plot.x(point.at)}px, ${plot.y(point.mean)}px)`;
    }
    const isLeft = x < width / 2;
    tip.style.left = isLeft ? `${x + 8}px` : 'auto';
    tip.style.right = isLeft ? 'auto' : `${width - x + 8}px`;
  }

  private pointAt({ trace }: Line, time: number): Point | undefined {
    const { span } = this.data;
    const i = nearest(trace.at, span.from, time) ?? -1;
    const [at, mean, min, max] = [trace.at[i], trace.mean[i], trace.min[i], trace.max[i]];
    if (at === undefined || mean == null || Math.abs(at - time) > (span.to - span.from) * nearShare) return undefined;
    return { at, mean, min: min ?? mean, max: max ?? mean };
  }

  private time(at: number): string {
    return this.formats.moment(at, this.data.span.to - this.data.span.from);
  }

  private scaleFor(height: number): Picture['scale'] {
    const highest = Math.max(0, ...this.ranges.map((range) => range?.highest ?? 0));
    return scales[this.unit](highest, height < 130 ? 2 : 4, this.formats);
  }

  private watch(): void {
    this.resized.observe(this.place);
    for (const element of [document.documentElement, document.body]) {
      this.themed.observe(element, { attributes: true, attributeFilter: ['style', 'class'] });
    }
  }

  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this.place;
    if (width === 0 || height === 0) return;
    this.picture = { ...this.picture, scale: this.scaleFor(height) };
    if (this.plot === undefined) {
      this.inks = this.readInks();
      this.plot = new Plot(
        this.canvas,
        this.picture,
        () => this.inks,
        () => this.formats,
      );
    } else {
      this.plot.resize(width, height);
      this.plot.draw(this.picture);
    }
    this.placeCursor();
  }

  private recolour(): void {
    if (this.plot === undefined) return;
    const inks = this.readInks();
    if (JSON.stringify(inks) === JSON.stringify(this.inks)) return;
    this.inks = inks;
    this.plot.repaint();
  }

  /** A canvas knows neither variables nor mixtures: unseen elements have them worked out. */
  private readInks(): Inks {
    const colours = (ink: string) =>
      Array.from(this.renderRoot.querySelectorAll(`[data-ink='${ink}']`), (probe) => getComputedStyle(probe).color);
    const colour = (ink: keyof Inks) => colours(ink)[0] ?? '';
    return {
      ...{ lines: colours('line'), area: colour('area'), band: colour('band') },
      ...{ edge: colour('edge'), rule: colour('rule'), label: colour('label') },
    };
  }

  private read(at: number | null): void {
    this.dispatchEvent(new CustomEvent<number | null>('gs-cursor', { detail: at, bubbles: true }));
  }

  private readonly letGo = () => {
    this.spoken = '';
    this.read(null);
  };

  private readonly onPointer = (event: PointerEvent) => {
    if (this.plot === undefined) return;
    const time = this.plot.timeAt(event.clientX - this.place.getBoundingClientRect().left);
    const i = nearest(this.times, this.data.span.from, time);
    if (i !== undefined) this.read(this.times[i] ?? null);
  };

  private readonly onKey = (event: KeyboardEvent) => {
    const at = this.times;
    const first = firstFrom(at, this.data.span.from);
    const last = at.length - 1;
    const current = this.cursorAt === null ? at.length : firstFrom(at, this.cursorAt);
    const target = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: first, End: last }[event.key];
    if (event.key === 'Escape') this.letGo();
    if (target === undefined) return;
    event.preventDefault();
    const time = at[Math.max(first, Math.min(target, last))];
    if (time === undefined) return;
    this.spoken = this.sentence(time);
    this.read(time);
  };

  private sentence(time: number): string {
    const parts = this.data.lines.flatMap((line) => {
      const read = this.spokenPoint(this.pointAt(line, time));
      return this.isAlone ? read : [[line.name, ...read].join(' ')];
    });
    return [this.time(time), ...parts].join(', ');
  }

  private spokenPoint(point: Point | undefined): string[] {
    const { texts } = this;
    if (point === undefined) return [texts.unknown];
    const mean = this.text(point.mean);
    if (point.min === point.max || !this.isAlone) return [mean];
    return [mean, `${texts.lowest} ${this.text(point.min)}`, `${texts.highest} ${this.text(point.max)}`];
  }
}

function isOther(now: readonly number[], before: readonly number[] | undefined): boolean {
  return now.join() !== before?.join();
}

declare global {
  interface HTMLElementTagNameMap {
    'gs-time-chart': GsTimeChart;
  }
}
