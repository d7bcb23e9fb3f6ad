/** What speaks for a process that is alive and a game that is dead. */
export type HangSign = 'suspended' | 'counters-flat' | 'log-silent' | 'api-silent';

/** One look at a running server. */
export interface HangLook {
  /** Unix milliseconds. */
  readonly at: number;
  /** Percent of one core and bytes per second over the whole tree since the last look; null where not known. */
  readonly cpu: number | null;
  readonly ioBytes: number | null;
  /** It has printed something since the last look. */
  readonly hasPrinted: boolean;
  /** Its process was stopped by a signal, as by a debugger or a mistyped Ctrl+Z. */
  readonly isSuspended: boolean;
  /** Null where not known. */
  readonly players: number | null;
  /** The game answers when it is asked, as of the last time; null where it cannot be asked, or is busy with a save. */
  readonly answers: boolean | null;
}

/** A process that was stopped for a moment, as for a snapshot of its memory, is no news. */
const suspendedMs = 10_000;
/** No look is worth more than this: a sleep of the machine is no silence of the game. */
const longestStepMs = 30_000;
/** Silence must last this many times longer than any silence of this life before. */
const unusual = 3;
/** Below this share of what it usually takes, its CPU counts as flat: a virtual machine's own threads go on ticking. */
const flatShare = 0.02;
const newest = 0.1;
/** Games answer nobody while they load or write a big world: that long is no sign yet. */
const longestPauseMs = 120_000;
const none: readonly HangSign[] = [];

/**
 * Tells a hung server from a quiet one, for one life of it and only from when it was well. Two signs are needed. That
 * nothing moves and nothing is printed is a sign only while players are on, or while it does not answer though it did
 * before: an empty server may be as still as a dead one.
 */
export class HangDetector {
  private lastAt: number | undefined;
  private flatMs = 0;
  private silentMs = 0;
  private suspendedMs = 0;
  private wasSuspended = false;
  private longestSilenceMs = 0;
  private usualCpu: number | null = null;
  private hasAnswered = false;
  private unansweredMs = 0;

  /** The signs when it hangs; empty while it does not. */
  look(seen: HangLook, afterMs: number): readonly HangSign[] {
    const elapsed = this.lastAt === undefined ? 0 : seen.at - this.lastAt;
    const stepMs = Math.min(longestStepMs, Math.max(0, elapsed));
    this.lastAt = seen.at;
    this.suspendedMs = seen.isSuspended && this.wasSuspended ? this.suspendedMs + stepMs : 0;
    // Seen for the first time, it may have been so for a moment only.
    this.wasSuspended = seen.isSuspended;
    this.flatMs = this.isFlat(seen) ? this.flatMs + stepMs : 0;
    this.noteSilence(seen, stepMs);
    const isSuspended = this.suspendedMs >= suspendedMs;
    this.hasAnswered ||= seen.answers === true;
    this.unansweredMs = this.hasAnswered && seen.answers === false ? this.unansweredMs + stepMs : 0;
    const isApiSilent = this.unansweredMs >= Math.max(afterMs, longestPauseMs);
    const isStill = isSuspended || isApiSilent || (seen.players ?? 0) > 0;
    if (!isStill) return none;
    const signs: HangSign[] = [];
    if (isApiSilent) signs.push('api-silent');
    if (isSuspended) signs.push('suspended');
    if (this.flatMs >= (isSuspended ? suspendedMs : afterMs)) signs.push('counters-flat');
    if (this.silentMs >= Math.max(afterMs, unusual * this.longestSilenceMs)) signs.push('log-silent');
    return signs.length >= 2 ? signs : none;
  }

  private noteSilence({ hasPrinted, players }: HangLook, stepMs: number): void {
    if (!hasPrinted) {
      this.silentMs += stepMs;
      return;
    }
    // How quiet it is without players tells nothing of how quiet it is with them.
    if (players !== 0) this.longestSilenceMs = Math.max(this.longestSilenceMs, this.silentMs);
    this.silentMs = 0;
  }

  private isFlat({ cpu, ioBytes }: HangLook): boolean {
    if (cpu === null) return false;
    const isStill = cpu <= flatShare * (this.usualCpu ?? 0) && (ioBytes ?? 0) === 0;
    if (!isStill) this.usualCpu = this.usualCpu === null ? cpu : this.usualCpu + newest * (cpu - this.usualCpu);
    return isStill;
  }
}
