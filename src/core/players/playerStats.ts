import type { Requests } from '../../shared/contract.js';
import type { HistoryEvent } from '../ports.js';

type PlayerStats = Requests['server/playerStats']['result'];
type Event = Pick<HistoryEvent, 'at' | 'kind' | 'data'>;

/** The kinds of events that `playerStats` wants. */
export const statsKinds = ['player-joined', 'player-left', 'started', 'start-failed', 'stopped', 'crashed'] as const;

export interface StatsSource {
  /** Of one server, oldest first, also from before `from`: whoever joined then may have played on. Other kinds are passed over. */
  readonly events: readonly Event[];
  /** Who is on now; since: null where the joining was not seen. */
  readonly online: readonly { readonly name: string; readonly since: number | null }[];
  /** Bucket starts, and the most players in each; NaN where nothing is known. A bucket's length has to divide an hour. */
  readonly peaks: { readonly at: Float64Array; readonly max: Float64Array };
  /** Unix milliseconds; `to` is not included. */
  readonly from: number;
  readonly to: number;
  readonly now: number;
}

/** from: null where only the end was seen, `to`: null where only the beginning was. */
interface Session {
  readonly name: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly online: boolean;
}

/** A leaving tells how long it was; its joining was noted this much earlier or later. */
const nearMs = 2000;

/**
 * Who has played in a time, most first, and the most at a time per day, by the PC's clock. Times that nobody knows count as a
 * session and add nothing: one is known by its joining, and ends with its leaving or with its server.
 */
export function playerStats({ events, online, peaks, from, to, now }: StatsSource): PlayerStats {
  const players = new Map<string, PlayerStats['players'][number]>();
  for (const session of sessionsOf(events, online, now)) {
    const lastAt = Math.min(session.to ?? session.from ?? now, to);
    const begin = session.from ?? session.to ?? now;
    if (begin > to || lastAt < from) continue;
    const { name } = session;
    const before = players.get(name) ?? { name, sessions: 0, playedMs: 0, lastAt, online: false };
    const isTimed = session.from !== null && session.to !== null;
    players.set(name, {
      name,
      sessions: before.sessions + 1,
      playedMs: before.playedMs + (isTimed ? Math.max(0, lastAt - Math.max(begin, from)) : 0),
      lastAt: Math.max(before.lastAt, lastAt),
      online: before.online || session.online,
    });
  }
  const order = [...players.values()].sort(
    (a, b) => b.playedMs - a.playedMs || b.lastAt - a.lastAt || (a.name < b.name ? -1 : 1),
  );
  return { days: daysOf(peaks, from, to), players: order };
}

function sessionsOf(events: readonly Event[], online: StatsSource['online'], now: number): Session[] {
  const book = new SessionBook();
  for (const { at, kind, data } of events) {
    const name = typeof data.name === 'string' ? data.name : '';
    if (kind === 'player-joined') book.joined(name, at);
    else if (kind === 'player-left') book.left(name, at, typeof data.playedMs === 'number' ? data.playedMs : null);
    else if (kind === 'stopped' || kind === 'crashed') book.ended(at);
    // It had ended before, and nobody knows when.
    else if (kind === 'started' || kind === 'start-failed') book.ended(null);
  }
  for (const { name, since } of online) book.stays(name, since, now);
  book.ended(null);
  return book.sessions;
}

class SessionBook {
  readonly sessions: Session[] = [];
  /** When each who is on joined. */
  private readonly open = new Map<string, number>();
  /** Joined before somebody of that name joined again: another one of that name, or a leaving that nobody saw. */
  private stale: { name: string; at: number }[] = [];

  joined(name: string, at: number): void {
    const before = this.open.get(name);
    if (before !== undefined) this.stale.push({ name, at: before });
    this.open.set(name, at);
  }

  left(name: string, at: number, playedMs: number | null): void {
    const joinedAt = this.open.get(name);
    if (playedMs === null) {
      this.open.delete(name);
      this.add(name, joinedAt ?? null, at);
      return;
    }
    const from = at - playedMs;
    const isNear = (time: number): boolean => Math.abs(time - from) <= nearMs;
    if (joinedAt !== undefined && isNear(joinedAt)) this.open.delete(name);
    else this.stale = this.stale.filter((one) => one.name !== name || !isNear(one.at));
    this.add(name, from, at);
  }

  /** at: null where nobody knows. */
  ended(at: number | null): void {
    for (const [name, from] of this.open) this.add(name, from, at);
    for (const { name, at: from } of this.stale) this.add(name, from, null);
    this.open.clear();
    this.stale = [];
  }

  stays(name: string, since: number | null, now: number): void {
    const joinedAt = this.open.get(name) ?? null;
    this.open.delete(name);
    this.add(name, since ?? joinedAt, now, true);
  }

  private add(name: string, from: number | null, to: number | null, online = false): void {
    this.sessions.push({ name, from: from !== null && to !== null ? Math.min(from, to) : from, to, online });
  }
}

function daysOf({ at, max }: StatsSource['peaks'], from: number, to: number): PlayerStats['days'] {
  const days: PlayerStats['days'] = [];
  let end = -Infinity;
  for (const [index, time] of at.entries()) {
    const peak = max[index] ?? NaN;
    if (Number.isNaN(peak) || time >= to || time < from) continue;
    const day = days.at(-1);
    if (day !== undefined && time < end) {
      if (peak > day.peak) Object.assign(day, { peak, at: time });
      continue;
    }
    // Not 24 hours on: days on which the clock is changed have 23 or 25.
    const date = new Date(time);
    const begin = new Date(date.getFullYear(), date.getMonth(), date.getDate());
    end = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
    days.push({ from: begin.getTime(), peak, at: time });
  }
  return days;
}
