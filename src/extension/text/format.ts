import type { Reader, Translate } from '../translate.js';

/** Shown where a number is not known. Never 0: nothing is not the same as not known. */
export const unknownNumber = '–';

export type CpuScale = 'pc' | 'core';

/** Making a formatter costs more than using it a hundred times, and every row needs two on every tick. */
const formatters = new Map<string, Intl.NumberFormat>();

export function number(value: number, digits: number, { locale }: Reader): string {
  const key = `${locale} ${String(digits)}`;
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    formatter = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    formatters.set(key, formatter);
  }
  return formatter.format(value);
}

export function percent(value: number | null, reader: Reader): string {
  if (value === null) return unknownNumber;
  return reader.t('{0} %', number(value, value < 9.95 ? 1 : 0, reader));
}

/** CPU of a server (percent of one core) as shares of the whole PC, the way task managers show it, or of one core. */
export function cpuShare(percentOfCore: number | null, scale: CpuScale, cpus: number, reader: Reader): string {
  if (percentOfCore === null) return unknownNumber;
  return percent(scale === 'pc' ? percentOfCore / Math.max(1, cpus) : percentOfCore, reader);
}

const units: readonly ((amount: string, t: Translate) => string)[] = [
  (amount, t) => t('{0} KB', amount),
  (amount, t) => t('{0} MB', amount),
  (amount, t) => t('{0} GB', amount),
  (amount, t) => t('{0} TB', amount),
];

/** 1 GB is 1024 MB here, as in the task managers that people compare with. */
export function bytes(value: number | null, reader: Reader): string {
  if (value === null) return unknownNumber;
  let amount = value / 1024;
  let unit = 0;
  while (amount >= 1023.5 && unit < units.length - 1) {
    amount /= 1024;
    unit++;
  }
  const digits = unit >= 2 && amount < 99.95 ? 1 : 0;
  return units[unit]?.(number(amount, digits, reader), reader.t) ?? unknownNumber;
}

/** So many milliseconds; fine below ten. */
export function milliseconds(ms: number, reader: Reader): string {
  return reader.t('{0} ms', number(ms, ms < 9.95 ? 1 : 0, reader));
}

/** How long something took: with tenths below a minute. */
export function tookText(ms: number, reader: Reader): string {
  if (ms < 100) return milliseconds(ms, reader);
  return ms < 60_000 ? reader.t('{0} s', number(ms / 1000, 1, reader)) : duration(ms, reader);
}

/** How often something comes: what is no whole minute is told in seconds. */
export function intervalText(ms: number, reader: Reader): string {
  const isRound = Math.round(ms / 1000) % 60 === 0;
  return isRound || ms >= 600_000 ? duration(ms, reader) : reader.t('{0} s', Math.round(ms / 1000));
}

/** The two largest units: enough to know, short enough for a row. */
export function duration(ms: number, { t }: Reader): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return t('{0} s', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t('{0} min', minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t('{0} h {1} min', hours, minutes % 60);
  return t('{0} d {1} h', Math.floor(hours / 24), hours % 24);
}

/** Seconds left, rounded up: a countdown that shows 0 while it still runs looks stuck. */
export function secondsLeft(endsAt: number, now: number): number {
  return Math.max(0, Math.ceil((endsAt - now) / 1000));
}

/** A moment: the time for today, with the date for other days. */
export function moment(at: number, now: number, { locale }: Reader): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  return new Intl.DateTimeFormat(locale, sameDay ? time : { ...time, month: 'short', day: 'numeric' }).format(at);
}

export function fullMoment(at: number, { locale }: Reader): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}
