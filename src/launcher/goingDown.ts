import type { Farewell } from '../shared/launcherProtocol.js';

/** A core that does not say in this time that it sees to the servers does not. */
const answerMs = 2000;
/** What a core needs beside the time of a save before it has told a game. */
const coreMs = 5000;
const longestSaveMs = 60_000;
/** The longest that a core is waited for once all servers that are known here have ended or had their time. */
const longestCoreMs = 150_000;
/** What a core may still do behind the grace: force, where its definition allows that. */
const forceMs = 15_000;
const reviewMs = 200;

/** What SIGTERM stands for where a launcher was not told better. */
const plainFarewell: Farewell = { lines: [], signal: 'SIGTERM', graceSeconds: 60 };

/** A server that has not ended yet. */
interface Parting {
  readonly id: string;
  readonly farewell: Farewell | undefined;
  /** Unix milliseconds; undefined while nobody has told it to stop. */
  readonly toldAt: number | undefined;
}

export interface GoingDownParts {
  servers(): readonly Parting[];
  hasCore(): boolean;
  /** Called once, first of all: tells the cores, and leaves a note of what runs. */
  announce(): void;
  tell(id: string, farewell: Farewell): void;
  /** Called once, when nothing is left to wait for. */
  leave(): void;
}

/**
 * The PC goes down. A connected core saves and stops the servers by all its means; where there is none, or it leaves or
 * does not get on, what was agreed on at the start of each server is done here. Nothing is killed: the system does that
 * when its own time is over, and a server that has not ended after its grace is not waited for any longer.
 */
export class GoingDown {
  private begunAt: number | undefined;
  private isTaken = false;
  private isDone = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: GoingDownParts) {}

  get hasBegun(): boolean {
    return this.begunAt !== undefined;
  }

  begin(): void {
    if (this.hasBegun) return;
    this.begunAt = Date.now();
    this.parts.announce();
    this.timer = setInterval(() => {
      this.review();
    }, reviewMs);
    this.review();
  }

  /** A core sees to the servers. */
  taken(): void {
    this.isTaken = true;
  }

  /** The core has done what it could. */
  done(): void {
    this.isDone = true;
    this.review();
  }

  /** To be called whenever a server has ended or a core has left. */
  review(): void {
    if (this.begunAt === undefined || this.timer === undefined) return;
    const { begunAt, parts } = this;
    const hasCore = parts.hasCore();
    const now = Date.now();
    const hasCoreInCharge = hasCore && (this.isTaken || now < begunAt + answerMs);
    for (const { id, farewell = plainFarewell, toldAt } of parts.servers()) {
      if (isTold(toldAt, farewell, begunAt) || (hasCoreInCharge && now < begunAt + timeOfCore(farewell))) continue;
      parts.tell(id, farewell);
    }
    const isAwaited = ({ farewell = plainFarewell, toldAt }: Parting): boolean =>
      !isTold(toldAt, farewell, begunAt) ||
      now < toldAt + farewell.graceSeconds * 1000 + (hasCore && this.isTaken ? forceMs : 0);
    // A core also stops servers that are not the launcher's children, and reaches them by its means.
    const isNeeded = hasCoreInCharge && !this.isDone && now < begunAt + longestCoreMs;
    if (isNeeded || parts.servers().some(isAwaited)) return;
    clearInterval(this.timer);
    this.timer = undefined;
    parts.leave();
  }
}

/** A word whose grace was over before the PC went down counts no more: the game is told again. */
function isTold(toldAt: number | undefined, { graceSeconds }: Farewell, begunAt: number): toldAt is number {
  return toldAt !== undefined && toldAt + graceSeconds * 1000 >= begunAt;
}

/** How long a core may take until it has told the game, milliseconds. */
function timeOfCore(farewell: Farewell): number {
  const saves = farewell.lines.length > 1;
  return coreMs + (saves ? Math.min(longestSaveMs, farewell.graceSeconds * 1000) : 0);
}
