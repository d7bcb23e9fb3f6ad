interface Span {
  /** Unix ms. */
  readonly from: number;
  readonly to: number;
}

/** open: windows that were there in between, and have not asked. */
interface Absence extends Span {
  readonly open: readonly Span[];
}

/** Plain data, as it outlives the core. */
export interface AwayState {
  /** When a window was last seen, Unix ms; null: never. */
  readonly lastAt: number | null;
  /** The one that nobody has been told of yet. */
  readonly absence: Absence | null;
}

/** A core that is killed, or a PC that goes down, knows this well when a window was last there. */
const noteMs = 60_000;
const mostOpen = 20;

/** Since when nobody has looked, and whom to tell of that: the first window that comes back and asks. */
export class AwayBook {
  private lastAt: number | null;
  private absence: Absence | null;

  constructor({ lastAt, absence }: AwayState = { lastAt: null, absence: null }) {
    this.lastAt = lastAt;
    this.absence = absence;
  }

  get state(): AwayState {
    const { lastAt, absence } = this;
    return { lastAt, absence };
  }

  /** A window is there, and none was before. */
  came(now: number): void {
    const { lastAt, absence } = this;
    this.lastAt = now;
    // After a clock was set back nobody knows.
    if (lastAt === null || lastAt > now) this.absence = null;
    else if (absence === null) this.absence = { from: lastAt, to: now, open: [] };
    else this.absence = longer(absence, lastAt, now);
  }

  /** To be called now and then while a window is there. True where it is worth writing down. */
  note(now: number): boolean {
    const { lastAt } = this;
    if (lastAt !== null && lastAt <= now && now - lastAt < noteMs) return false;
    this.lastAt = now;
    return true;
  }

  /** The last window has gone, or this process does. */
  left(now: number): void {
    this.lastAt = now;
  }

  /** What is to be told of, to one; null where nobody was away for so long, or somebody has been told. */
  take(leastMs: number): Absence | null {
    const { absence } = this;
    this.absence = null;
    return absence !== null && awayMs(absence) >= leastMs ? absence : null;
  }

  /** Nobody could be told. */
  giveBack(absence: Absence): void {
    this.absence ??= absence;
  }
}

/** A window came after the absence, and left without having asked. */
function longer({ from, to, open }: Absence, leftAt: number, now: number): Absence {
  const all = [...open, { from: to, to: Math.max(to, leftAt) }];
  const [first] = all;
  // The oldest are given up: what was before them is long ago.
  if (all.length > mostOpen && first !== undefined) return { from: first.to, to: now, open: all.slice(1) };
  return { from, to: now, open: all };
}

function awayMs({ from, to, open }: Absence): number {
  return to - from - open.reduce((sum, span) => sum + span.to - span.from, 0);
}
