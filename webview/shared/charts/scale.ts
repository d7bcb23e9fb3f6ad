import { byteUnitFor, type Formats } from '../format.js';

/** A value axis from 0 to `top`. */
export interface Scale {
  readonly top: number;
  readonly ticks: readonly { readonly value: number; readonly text: string }[];
}

const minuteMs = 60_000;
const timeSteps = [15_000, 30_000, minuteMs, 2 * minuteMs, 5 * minuteMs, 10 * minuteMs];

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
  const bytes = Math.max(highest, 4 * 1024 ** 2);
  const { unit, size } = byteUnitFor(bytes);
  const scale = fromZero(bytes / size, intervals, (value, digits) => formats.bytesIn(unit, value, digits));
  return { top: scale.top * size, ticks: scale.ticks.map(({ value, text }) => ({ value: value * size, text })) };
}

/** Round times, at most one for each `room` pixels. Time zones differ by quarters of an hour, so they are round locally. */
export function timeTicks(
  from: number,
  to: number,
  width: number,
  room: number,
): { ticks: number[]; hasSeconds: boolean } {
  const most = Math.max(1, Math.floor(width / room));
  const step = timeSteps.find((ms) => (to - from) / ms <= most) ?? 15 * minuteMs;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return { ticks, hasSeconds: step < minuteMs };
}
