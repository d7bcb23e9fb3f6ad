import * as v from 'valibot';

/** As Date.getDay() counts. */
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const maxDaysOn = 8;

const timeText = 'must be a time of the day, as 22:30';
const clock = (pattern: RegExp) => v.pipe(v.string(timeText), v.regex(pattern, timeText));
const dayText = `must be days of the week: ${days.join(', ')}`;

/**
 * By the clock of the PC. A `to` that is not after `from` is on the next day; 24:00 is the end of the day. days: on which it
 * begins; every day where they are not told.
 */
export const quietHoursSchema = v.pipe(
  v.looseObject({
    from: clock(/^([01]\d|2[0-3]):[0-5]\d$/),
    to: clock(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/),
    days: v.optional(v.pipe(v.array(v.picklist(days, dayText), dayText), v.minLength(1, dayText))),
    /** What waits for a person is told also then; true where it is not set. */
    tellErrors: v.optional(v.boolean('must be true or false')),
  }),
  v.forward(
    v.partialCheck([['from'], ['to']], ({ from, to }) => from !== to, 'must not be the same as from'),
    ['to'],
  ),
);

export type QuietHours = v.InferOutput<typeof quietHoursSchema>;

/** Until when it is quiet (Unix ms); null where it is not. Windows that follow each other are one, up to about a week. */
export function quietUntil(hours: QuietHours | undefined, at: number): number | null {
  if (hours === undefined) return null;
  let until = endOf(hours, at);
  for (let n = 0; until !== null && n < maxDaysOn; n++) {
    const next = endOf(hours, until);
    if (next === null) break;
    until = next;
  }
  return until;
}

/** The end of the window that `at` lies in: one of today, or one of yesterday that goes over midnight. */
function endOf({ from, to, days: on }: QuietHours, at: number): number | null {
  const now = new Date(at);
  for (const ago of [0, 1]) {
    // At noon no change of the clock makes it another day.
    const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - ago, 12);
    if (on !== undefined && !on.some((name) => name === days[day.getDay()])) continue;
    const begin = timeOn(day, from, 0).getTime();
    const end = laterReading(timeOn(day, to, to > from ? 0 : 1));
    if (begin <= at && at < end) return end;
  }
  return null;
}

function timeOn(day: Date, time: string, daysLater: number): Date {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + daysLater, hours, minutes);
}

/** Where a clock that is set back shows this time twice, it is quiet until it shows it for the second time. */
function laterReading(end: Date): number {
  for (const minutes of [60, 30]) {
    const later = new Date(end.getTime() + minutes * 60_000);
    if (later.getHours() === end.getHours() && later.getMinutes() === end.getMinutes()) return later.getTime();
  }
  return end.getTime();
}
