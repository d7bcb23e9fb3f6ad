import { byteUnitFor, type Formats } from '../format.js';

/** A value axis from 0 to `top`. */
export interface Scale {
  readonly top: number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

export type ChartUnit = 'percent' | 'bytes' | 'count' | 'milliseconds' | 'perSecond' | 'bytesPerSecond';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const timeSteps = [
  ...[15_000, 30_000],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 6, 12, 24, 48, 72, 96].map((hours) => hours * hourMs),
];

/** 1, 2 or 5 times a power of ten, at least `raw`. */
function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= raw * 0.999) ?? power * 10;
}

function fromZero(highest: number, intervals: number, text: (value: number, digits: number) => string): Scale {
  const step = niceStep(highest / intervals);
  const count = Math.max(1, Math.ceil(highest / step - 1e-9));
  const digits = step < 1 ? 1 : 0;
  const ticks = Array.from({ length: count + 1 }, (_, i) => ({ value: i * step, text: text(i * step, digits) }));
  return { top: count * step, ticks };
}

/** Percent. Never finer than 4 %: a server that idles at 0.1 % should look idle. */
export function percentScale(highest: number, intervals: number, formats: Formats): Scale {
  return fromZero(Math.max(highest, 4), intervals, (value, digits) => formats.percent(value, digits));
}

/** Bytes, in round numbers of the one unit that fits the highest. Never finer than 4 MB. */
export function byteScale(highest: number, intervals: number, formats: Formats): Scale {
  return inBytes(Math.max(highest, 4 * 1024 ** 2), intervals, formats, (text) => text);
}

/** So many bytes a second, in the same way. Never finer than 4 KB. */
export function byteRateScale(highest: number, intervals: number, formats: Formats): Scale {
  return inBytes(Math.max(highest, 4 * 1024), intervals, formats, (text) => formats.rate(text));
}

function inBytes(highest: number, intervals: number, formats: Formats, written: (text: string) => string): Scale {
  const { unit, size } = byteUnitFor(highest);
  const text = (value: number, digits: number) => written(formats.bytesIn(unit, value, digits));
  const scale = fromZero(highest / size, intervals, text);
  return { top: scale.top * size, ticks: scale.ticks.map(({ value, text }) => ({ value: value * size, text })) };
}

/** Whole numbers, at least 0 to 4. */
export function countScale(highest: number, intervals: number, formats: Formats): Scale {
  return fromZero(Math.max(highest, 4), intervals, (value) => formats.count(value));
}

/** Milliseconds. Never finer than 4: what is answered at once should look so. */
function millisecondScale(highest: number, intervals: number, formats: Formats): Scale {
  return fromZero(Math.max(highest, 4), intervals, (value, digits) => formats.milliseconds(value, digits));
}

/** So many a second, at least 0 to 4. */
function rateScale(highest: number, intervals: number, formats: Formats): Scale {
  return fromZero(Math.max(highest, 4), intervals, (value, digits) => formats.perSecond(value, digits));
}

export const scales = {
  ...{ percent: percentScale, bytes: byteScale, count: countScale },
  ...{ milliseconds: millisecondScale, perSecond: rateScale, bytesPerSecond: byteRateScale },
} as const satisfies Record<ChartUnit, typeof countScale>;

/**
 * Times that are round on a clock of this place, at most one for each `room` pixels of `width`. Counted from midnight, as
 * time zones differ by quarters of an hour and days by an hour.
 */
export function timeTicks(from: number, to: number, width: number, room: number): { ticks: number[]; stepMs: number } {
  // A date is shorter than a time of day.
  const most = (stepMs: number) => Math.max(1, Math.floor(width / (stepMs >= dayMs ? room * 0.65 : room)));
  const stepMs = timeSteps.find((ms) => (to - from) / ms <= most(ms)) ?? 7 * dayMs;
  const ticks: number[] = [];
  const clock = new Date(from);
  clock.setHours(0, 0, 0, 0);
  while (clock.getTime() <= to) {
    if (clock.getTime() >= from) ticks.push(clock.getTime());
    if (stepMs >= dayMs) clock.setDate(clock.getDate() + stepMs / dayMs);
    else if (stepMs >= hourMs) clock.setHours(clock.getHours() + stepMs / hourMs);
    else clock.setTime(clock.getTime() + stepMs);
  }
  return { ticks, stepMs };
}

/** Where a day begins, its date is worth more than 0:00. */
export function timeLabel(at: number, stepMs: number, formats: Formats): string {
  const clock = new Date(at);
  const isMidnight = clock.getHours() + clock.getMinutes() + clock.getSeconds() === 0;
  if (stepMs >= dayMs || (isMidnight && stepMs >= hourMs)) return formats.day(at);
  return formats.clock(at, stepMs < minuteMs);
}
