import './language.js';
import uPlot from 'uplot';
import type { Formats } from '../format.js';
import { timeLabel, timeTicks, type Scale } from './scale.js';
import { lonePoints, type Line, type Span } from './series.js';

/** What a plot draws: lines in one window. A new object means new data. */
export interface Picture {
  readonly lines: readonly Line[];
  readonly span: Span;
  readonly scale: Scale;
}

/** Colours as a canvas takes them. lines: one for each; area, band and edge are those of a line that stands alone. */
export interface Inks {
  readonly lines: readonly string[];
  readonly area: string;
  readonly band: string;
  readonly edge: string;
  readonly rule: string;
  readonly label: string;
}

/** The room around the plotting area, in CSS pixels; the same in all charts, so that equal times stand below each other. */
export const margin = { top: 8, right: 8, bottom: 22, left: 56 };
const tickRoomPx = 84;
/** A label in the middle of a tick that is nearer to the edge would be cut off. */
const edgePx = 30;

const [maxSeries, minSeries, meanSeries] = [1, 2, 3];
const lineWidth = 1.5;
const dots = [2, 4];

/**
 * The picture of lines on a canvas: the means, and around a line that stands alone a band from the lowest to the highest; of
 * several, bands would hide each other. Only this file knows uPlot. It is made once, and anew only for other lines; numbers,
 * size and colours are given to it as they change.
 */
export class Plot {
  private chart: uPlot;

  constructor(
    private readonly place: HTMLElement,
    private picture: Picture,
    private readonly inks: () => Inks,
    private readonly formats: () => Formats,
  ) {
    this.chart = this.begin();
  }

  draw(picture: Picture): void {
    const isOther = kindOf(picture) !== kindOf(this.picture);
    this.picture = picture;
    if (isOther) {
      this.chart.destroy();
      this.chart = this.begin();
    } else {
      this.chart.setData(dataOf(picture));
    }
  }

  resize(width: number, height: number): void {
    this.chart.setSize({ width, height });
  }

  /** The colours have changed, or the words of the axes. */
  repaint(): void {
    this.chart.redraw(false, true);
  }

  x(at: number): number {
    return margin.left + this.chart.valToPos(at, 'x');
  }

  y(value: number): number {
    return margin.top + this.chart.valToPos(value, 'y');
  }

  /** The time at so many pixels from the left edge of the whole drawing. */
  timeAt(x: number): number {
    return this.chart.posToVal(x - margin.left, 'x');
  }

  destroy(): void {
    this.chart.destroy();
  }

  private begin(): uPlot {
    const { clientWidth: width, clientHeight: height } = this.place;
    return new uPlot(this.options(width, height), dataOf(this.picture), this.place);
  }

  private options(width: number, height: number): uPlot.Options {
    return {
      ...{ width, height },
      padding: [margin.top, margin.right, 0, 0],
      // Pointer and keys are the chart element's: it has to speak, too.
      cursor: { show: false },
      legend: { show: false },
      scales: {
        x: { time: false, range: () => [this.picture.span.from, this.picture.span.to] },
        y: { range: () => [0, this.picture.scale.top] },
      },
      axes: [this.timeAxis(), this.valueAxis()],
      ...this.drawn(),
    };
  }

  private drawn(): Pick<uPlot.Options, 'series' | 'bands'> {
    const { lines } = this.picture;
    if (lines.length !== 1) return { series: [{}, ...lines.map((_, i) => this.mean(i))], bands: [] };
    const edge: uPlot.Series = { auto: false, points: { show: false } };
    return {
      series: [
        {},
        // Of a band alone, a peak of one bucket in a week would hardly be seen.
        { ...edge, width: 1, stroke: () => this.inks().edge },
        { ...edge, width: 0, fill: () => this.inks().area },
        this.mean(0),
      ],
      bands: [{ series: [maxSeries, minSeries], fill: () => this.inks().band }],
    };
  }

  private mean(index: number): uPlot.Series {
    const ink = () => this.inks().lines[index] ?? '';
    return {
      ...{ width: lineWidth, auto: false, stroke: ink },
      ...(this.picture.lines[index]?.isDotted === true ? { dash: dots } : {}),
      points: {
        ...{ show: true, size: 5, width: 0, fill: ink },
        filter: (chart, series) => lonePoints(chart.data[series] ?? []),
      },
    };
  }

  private timeAxis(): uPlot.Axis {
    const plan = ({ bbox }: uPlot) => {
      const { from, to } = this.picture.span;
      const width = bbox.width / devicePixelRatio;
      const { ticks, stepMs } = timeTicks(from, to, width, tickRoomPx);
      return { ticks: ticks.filter((at) => ((to - at) / (to - from)) * width + margin.right >= edgePx), stepMs };
    };
    return {
      ...this.axis(),
      ...{ size: margin.bottom, grid: { show: false } },
      splits: (chart) => plan(chart).ticks,
      values: (chart, ticks) => {
        const { stepMs } = plan(chart);
        return ticks.map((at) => timeLabel(at, stepMs, this.formats()));
      },
    };
  }

  private valueAxis(): uPlot.Axis {
    return {
      ...this.axis(),
      ...{ size: margin.left, grid: { width: 1, stroke: () => this.inks().rule } },
      splits: () => this.picture.scale.ticks.map(({ value }) => value),
      values: () => this.picture.scale.ticks.map(({ text }) => text),
    };
  }

  private axis(): uPlot.Axis {
    const font = `11px ${getComputedStyle(document.documentElement).getPropertyValue('--vscode-font-family') || 'sans-serif'}`;
    return { font, gap: 8, stroke: () => this.inks().label, ticks: { show: false }, border: { show: false } };
  }
}

/** What only a new chart can show. */
function kindOf({ lines }: Picture): string {
  return lines.map(({ isDotted }) => (isDotted ? '.' : '-')).join('');
}

function dataOf({ lines }: Picture): uPlot.AlignedData {
  const [first] = lines;
  if (first === undefined) return [[]];
  if (lines.length > 1) return uPlot.join(lines.map(({ trace: { at, mean } }) => [at, mean]));
  const { at, max, min, mean } = first.trace;
  const data: uPlot.AlignedData = [at, [], [], []];
  data[maxSeries] = max;
  data[minSeries] = min;
  data[meanSeries] = mean;
  return data;
}
