/** How numbers with a unit are written, {0} being the number: the same texts as in the tree, from the host. */
export interface UnitTexts {
  readonly percent: string;
  readonly kilobytes: string;
  readonly megabytes: string;
  readonly gigabytes: string;
  readonly terabytes: string;
  readonly milliseconds: string;
  readonly perSecond: string;
  readonly seconds: string;
  readonly minutes: string;
  readonly hours: string;
  readonly days: string;
  readonly wholeHours: string;
  readonly wholeDays: string;
}

/** 1 GB is 1024 MB here, as in the task managers that people compare with. */
const byteUnits = ['kilobytes', 'megabytes', 'gigabytes', 'terabytes'] as const;
export type ByteUnit = (typeof byteUnits)[number];

export function byteUnitFor(bytes: number): { unit: ByteUnit; size: number } {
  const index = byteUnits.findIndex((_, i) => bytes / 1024 ** (i + 1) < 1023.5);
  const last = index < 0 ? byteUnits.length - 1 : index;
  return { unit: byteUnits[last] ?? 'kilobytes', size: 1024 ** (last + 1) };
}

/** Replaces {0}, {1} … as vscode.l10n does. */
export function fill(text: string, ...values: (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (match, index: string) => String(values[Number(index)] ?? match));
}

const unknownNumber = '–';

const dayMs = 86_400_000;
const minutes = { hour: 'numeric', minute: '2-digit' } as const;
const day = { month: 'short', day: 'numeric' } as const;
const clockStyles = {
  ...{ minutes, day },
  seconds: { ...minutes, second: '2-digit' },
  dayAndMinutes: { ...day, ...minutes },
} as const;

/** Texts for numbers and times in the display language. What is not known (null, NaN) is never 0. */
export class Formats {
  private readonly locale: string | undefined;
  private readonly numbers = new Map<number, Intl.NumberFormat>();
  private readonly clocks = new Map<keyof typeof clockStyles, Intl.DateTimeFormat>();

  constructor(
    locale: string,
    private readonly units: UnitTexts,
  ) {
    // VS Code's language may be one that Intl refuses; then the browser's own is used.
    try {
      this.locale = Intl.getCanonicalLocales(locale)[0];
    } catch {
      this.locale = undefined;
    }
  }

  percent(value: number | null, digits = (value ?? 0) < 9.95 ? 1 : 0): string {
    return isUnknown(value) ? unknownNumber : fill(this.units.percent, this.number(value, digits));
  }

  bytes(value: number | null): string {
    if (isUnknown(value)) return unknownNumber;
    const { unit, size } = byteUnitFor(value);
    const isFine = size >= 1024 ** 3 && value / size < 99.95;
    return this.bytesIn(unit, value / size, isFine ? 1 : 0);
  }

  bytesPerSecond(value: number | null): string {
    if (isUnknown(value)) return unknownNumber;
    const { unit, size } = byteUnitFor(value);
    // Of a few MB a second the tenths are as much as many a network has.
    const isFine = size >= 1024 ** 2 && value / size < 99.95;
    return this.rate(this.bytesIn(unit, value / size, isFine ? 1 : 0));
  }

  /** What is written already, each second. */
  rate(text: string): string {
    return fill(this.units.perSecond, text);
  }

  bytesIn(unit: ByteUnit, amount: number, digits: number): string {
    return fill(this.units[unit], this.number(amount, digits));
  }

  /** How many; a mean of them has a digit more. */
  count(value: number | null): string {
    return isUnknown(value) ? unknownNumber : this.number(value, Number.isInteger(value) ? 0 : 1);
  }

  milliseconds(value: number | null, digits = (value ?? 0) < 9.95 ? 1 : 0): string {
    return isUnknown(value) ? unknownNumber : fill(this.units.milliseconds, this.number(value, digits));
  }

  perSecond(value: number | null, digits = 1): string {
    return isUnknown(value) ? unknownNumber : fill(this.units.perSecond, this.number(value, digits));
  }

  /** Time of day, as this language writes it. */
  clock(at: number, withSeconds: boolean): string {
    return this.dated(withSeconds ? 'seconds' : 'minutes', at);
  }

  day(at: number): string {
    return this.dated('day', at);
  }

  /** A time in a window so long: with its day where there is more than one, with seconds where they can be told apart. */
  moment(at: number, windowMs: number): string {
    if (windowMs >= dayMs) return this.dated('dayAndMinutes', at);
    return this.clock(at, windowMs <= dayMs / 24);
  }

  /** The two largest units. */
  duration(ms: number): string {
    const seconds = Math.max(0, Math.floor(ms / 1000));
    if (seconds < 60) return fill(this.units.seconds, seconds);
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return fill(this.units.minutes, minutes);
    const hours = Math.floor(minutes / 60);
    if (hours < 24) return fill(this.units.hours, hours, minutes % 60);
    return fill(this.units.days, Math.floor(hours / 24), hours % 24);
  }

  /** So many minutes, hours or days, for what is round. */
  span(ms: number): string {
    const minutes = Math.round(ms / 60_000);
    if (minutes < 60) return fill(this.units.minutes, minutes);
    if (minutes <= 24 * 60) return fill(this.units.wholeHours, minutes / 60);
    return fill(this.units.wholeDays, minutes / 1440);
  }

  private dated(style: keyof typeof clockStyles, at: number): string {
    let clock = this.clocks.get(style);
    if (clock === undefined) {
      clock = new Intl.DateTimeFormat(this.locale, clockStyles[style]);
      this.clocks.set(style, clock);
    }
    return clock.format(at);
  }

  private number(value: number, digits: number): string {
    let format = this.numbers.get(digits);
    if (format === undefined) {
      format = new Intl.NumberFormat(this.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
      this.numbers.set(digits, format);
    }
    return format.format(value);
  }
}

function isUnknown(value: number | null): value is null {
  return value === null || Number.isNaN(value);
}
