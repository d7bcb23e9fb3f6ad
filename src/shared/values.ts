/** Of what is told to people where no window words it. */
export type Language = 'en' | 'ko';

/** How a language puts a number and its unit together. */
export interface ValueTexts {
  readonly locale: string;
  readonly amount: (number: string, unit: string) => string;
  readonly duration: (days: number, hours: number, minutes: number, seconds: number) => string;
}

/** The two largest units, without those of which there is nothing. */
const two = (parts: readonly (readonly [number, string])[]): string => {
  const first = parts.findIndex(([amount]) => amount > 0);
  const shown = first < 0 ? parts.slice(-1) : parts.slice(first, first + 2).filter(([amount]) => amount > 0);
  return shown.map(([amount, unit]) => `${amount}${unit}`).join(' ');
};

export const valueTexts: Readonly<Record<Language, ValueTexts>> = {
  en: {
    locale: 'en',
    amount: (number, unit) => `${number} ${unit}`,
    duration: (days, hours, minutes, seconds) =>
      two([
        [days, ' d'],
        [hours, ' h'],
        [minutes, ' min'],
        [seconds, ' s'],
      ]),
  },
  ko: {
    locale: 'ko',
    amount: (number, unit) => `${number}${unit}`,
    duration: (days, hours, minutes, seconds) =>
      two([
        [days, '일'],
        [hours, '시간'],
        [minutes, '분'],
        [seconds, '초'],
      ]),
  },
};

/** Shown where a number is not known. Never 0: nothing is not the same as not known. */
export const unknownValue = '–';

/** Numbers and moments as a reader of this language writes them. What is not known is shown as such. */
export class Values {
  private readonly whole: Intl.NumberFormat;
  private readonly tenths: Intl.NumberFormat;
  private readonly dayAndTime: Intl.DateTimeFormat;
  private readonly clock: Intl.DateTimeFormat;

  constructor(private readonly texts: ValueTexts) {
    const { locale } = texts;
    this.whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
    this.tenths = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    this.dayAndTime = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'medium', hourCycle: 'h23' });
    this.clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium', hourCycle: 'h23' });
  }

  percent(value: number | null): string {
    return value === null ? unknownValue : this.texts.amount(this.number(value), '%');
  }

  count(value: number | null): string {
    return value === null ? unknownValue : this.whole.format(value);
  }

  number(value: number | null): string {
    return value === null ? unknownValue : (value < 9.95 ? this.tenths : this.whole).format(value);
  }

  /** Of what is counted in each second: a tenth of it matters. */
  rate(value: number | null): string {
    return value === null ? unknownValue : this.tenths.format(value);
  }

  milliseconds(value: number | null): string {
    return value === null ? unknownValue : this.texts.amount(this.number(value), 'ms');
  }

  /** 1 GB is 1024 MB here, as in the task managers that people compare with. */
  bytes(value: number | null): string {
    if (value === null) return unknownValue;
    let amount = value / 1024;
    let unit = 0;
    while (amount >= 1023.5 && unit < units.length - 1) {
      amount /= 1024;
      unit++;
    }
    const shown = (unit >= 2 && amount < 99.95 ? this.tenths : this.whole).format(amount);
    return this.texts.amount(shown, units[unit] ?? '');
  }

  perSecond(value: number | null): string {
    return value === null ? unknownValue : `${this.bytes(value)}/s`;
  }

  duration(ms: number): string {
    const seconds = Math.max(0, Math.round(ms / 1000));
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    return this.texts.duration(Math.floor(hours / 24), hours % 24, minutes % 60, seconds % 60);
  }

  /** Its largest unit, and the next one where that is hours or days: enough to know how long ago something was. */
  roughly(ms: number): string {
    const unit = ms < minute ? 1000 : ms < 24 * 60 * minute ? minute : 60 * minute;
    return this.duration(Math.floor(ms / unit) * unit);
  }

  moment(at: number): string {
    return this.dayAndTime.format(at);
  }

  time(at: number): string {
    return this.clock.format(at);
  }
}

const minute = 60_000;
const units = ['KB', 'MB', 'GB', 'TB'] as const;
