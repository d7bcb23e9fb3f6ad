import type { StopStep } from '../../shared/contract.js';
import type { Effective } from '../../shared/definition.js';
import type { StopWish } from '../../shared/events.js';
import { Failure } from '../../shared/failure.js';
import type { StopSignal } from '../ports.js';
import { announcementOf, type Announcements } from './announcement.js';
import { hasConsole, type GameTalk } from './gameTalk.js';
import { signalWord } from './signalWord.js';

/** The longest that a save is waited for, and never longer than the grace; a big world on a slow disk takes most of it. */
const longestSaveMs = 60_000;
const killMs = 10_000;
/** A launcher that died is back by then. */
const replacedMs = 10_000;
/** How often it is looked whether it is at work on its end. */
const lookMs = 500;

/**
 * What follows the game's own way when that had no effect, by shares of the grace: Ctrl+C, which most games take for a
 * stop, then what a service manager sends. Whoever shows that it heard is left in peace.
 */
const escalation = [
  { share: 0.5, signal: 'SIGINT' },
  { share: 0.75, signal: 'SIGTERM' },
] as const;

const nothing = { first: undefined, isHeard: false } as const;
const byWord = { first: 'line', isHeard: true } as const;
const plainStop = { reason: null, restarts: false } as const;

/** What a stop needs of the server that it ends. */
export interface StopTarget {
  settings(): Effective;
  /** How its players are told, as that is set now. */
  announcements(): Announcements;
  readonly talk: Pick<GameTalk, 'canAnnounce' | 'confirmsSaves' | 'canEnd' | 'announce' | 'save' | 'end'>;
  /** Resolves when the process has ended. */
  exited(): Promise<void>;
  isGone(): boolean;
  /** Rejects with a Failure when the line cannot reach the game. */
  writeLine(line: string): Promise<unknown>;
  /** False when it did not reach the game. Never rejects. */
  signal(signal: StopSignal): boolean | Promise<boolean>;
  /** It shows that it is ending, or saves: has said so since then (Unix milliseconds), or writes to its storage. */
  isEnding(since: number): boolean;
  /** Nobody plays, by two sources that know. */
  isKnownEmpty(): Promise<boolean>;
  kill(): boolean;
  /** From here on the game has been told to end. */
  stopSent(): void;
  progress(steps: StopStep[], endsAt: number | null): void;
}

export interface StopOptions {
  /** Announced to the players first; 0 for none. */
  readonly countdownSeconds: number;
  /** What the players are told of it; left out, it is a plain stop. */
  readonly wish?: Pick<StopWish, 'reason' | 'restarts'>;
  /** The game has been told already, by a core that is gone: only wait. */
  readonly onlyWait: boolean;
  /** It does not respond: after the grace it is killed, whatever the definition says of an ordinary stop. */
  readonly isHung?: boolean;
}

/**
 * One orderly end: countdown, save, the game's own way, wait; force only where the definition allows it, and never before
 * the grace is over. Every step has a deadline and leaves a record.
 */
export class StopRun {
  readonly steps: StopStep[] = [];
  private readonly countdown = new AbortController();
  private readonly recall = new AbortController();
  private calledOff = false;
  private pastRecall: boolean;

  constructor(
    private readonly target: StopTarget,
    private readonly options: StopOptions,
  ) {
    this.pastRecall = options.onlyWait;
  }

  /** Resolves when the process has ended; rejects stop-timeout, or cancelled. */
  async run(): Promise<void> {
    if (this.calledOff) throw new Failure('cancelled');
    if (!this.options.onlyWait) {
      await this.announce();
      await this.save();
    }
    this.pastRecall = true;
    if (this.options.onlyWait) {
      const graceMs = this.target.settings().stop.graceSeconds * 1000;
      if (await this.waitUntil(Date.now() + graceMs)) return;
      // Whoever told it may have gone before the word was out: once more, and once more the whole grace.
    }
    if (await this.endAndWait()) return;
    if (!this.target.settings().stop.thenKill && this.options.isHung !== true) {
      throw new Failure('stop-timeout', { seconds: this.target.settings().stop.graceSeconds });
    }
    await this.force();
  }

  /** Calls it off; false when the game has been told already. */
  cancel(): boolean {
    if (this.pastRecall) return false;
    this.calledOff = true;
    this.countdown.abort();
    this.recall.abort();
    return true;
  }

  /** Somebody does not want to wait for the rest of the countdown. */
  hurry(): void {
    this.countdown.abort();
  }

  private async announce(): Promise<void> {
    const { countdownSeconds, wish = plainStop } = this.options;
    if (countdownSeconds <= 0) return;
    const begun = Date.now();
    const endsAt = begun + countdownSeconds * 1000;
    const step = this.begin('announce', endsAt);
    if (await this.target.isKnownEmpty()) {
      this.checkCalledOff(step);
      this.finish(step, 'skipped', 'nobody is online');
      return;
    }
    const { talk } = this.target;
    const marks = this.marks(countdownSeconds);
    let told = talk.canAnnounce;
    for (let left = countdownSeconds; left > 0 && !this.countdown.signal.aborted && !this.target.isGone();) {
      if (talk.canAnnounce && marks.has(left)) {
        const { text, plain } = announcementOf(left, wish, this.target.announcements());
        await talk.announce(text, plain).catch(() => (told = false));
      }
      const next = Math.max(0, ...[...marks].filter((mark) => mark < left));
      await this.pause(Math.max(0, endsAt - next * 1000 - Date.now()));
      left = next;
    }
    this.checkCalledOff(step);
    this.finish(step, 'done', told ? null : 'no way to tell the players');
  }

  private checkCalledOff(step: StopStep): void {
    if (!this.calledOff) return;
    this.finish(step, 'skipped', 'cancelled');
    throw new Failure('cancelled');
  }

  /** Seconds before the end at which the players are told: the beginning, and the game's usual ones below it. */
  private marks(countdownSeconds: number): Set<number> {
    const usual = this.target.settings().stop.announceSeconds;
    const below = (usual.length > 0 ? usual : [60, 30, 10, 5]).filter((mark) => mark < countdownSeconds);
    return new Set([countdownSeconds, ...below]);
  }

  private async save(): Promise<void> {
    const { talk } = this.target;
    if (!talk.confirmsSaves || this.target.isGone()) return;
    const saveMs = Math.min(longestSaveMs, this.target.settings().stop.graceSeconds * 1000);
    const step = this.begin('save', Date.now() + saveMs);
    const done = new AbortController();
    const until = AbortSignal.any([done.signal, this.recall.signal]);
    const saved = this.deliver(() => talk.save(saveMs, until)).then(
      ({ confirmed, detail }) => [confirmed ? 'done' : 'timeout', detail] as const,
      // Whether nobody heard or the game could not: its own end has to save, as it does when it is stopped by hand.
      (error: unknown) => [Failure.is(error, 'timeout') ? 'timeout' : 'failed', detailOf(error)] as const,
    );
    const gone = this.target.exited().then(() => ['timeout', null] as const);
    const [outcome, detail] = await Promise.race([saved, gone]);
    done.abort();
    this.checkCalledOff(step);
    this.finish(step, outcome, detail);
  }

  /** Tells it to end, more and more plainly, and waits out the grace. True when it has ended. */
  private async endAndWait(): Promise<boolean> {
    const { stop, game } = this.target.settings();
    const graceMs = stop.graceSeconds * 1000;
    const begun = Date.now();
    const { first, isHeard } = await this.tell();
    let hasHeard = isHeard;
    const isPatient = first === undefined || game.signalsLoseWorld === true || graceMs === 0;
    // After a signal only a plainer one makes sense.
    const plainer = escalation.slice(escalation.findIndex(({ signal }) => signal === first) + 1);
    for (const { share, signal } of isPatient ? [] : plainer) {
      // What has reached nobody needs no time to have an effect, unless it came too late for its end.
      const deadline = hasHeard ? begun + share * graceMs : Date.now() + lookMs;
      const patience = hasHeard ? { since: begun, until: begun + graceMs } : undefined;
      if (await this.waitUntil(deadline, patience)) return true;
      if (Date.now() < begun + graceMs) hasHeard = await this.signal(signal);
    }
    return await this.waitUntil(begun + graceMs);
  }

  /** The game's own way, or its signal where there is none or it cannot be reached. first: what was sent, if anything was. */
  private async tell(): Promise<{ first: StopSignal | 'line' | undefined; isHeard: boolean }> {
    const settings = this.target.settings();
    const { line, signal } = settings.stop;
    const { talk } = this.target;
    if (this.target.isGone()) return nothing;
    if (talk.canEnd && (await this.command(() => talk.end(), null))) return byWord;
    const isHeard = line !== null && hasConsole(settings);
    if (isHeard && (await this.command(() => this.target.writeLine(line), line))) return byWord;
    if (line !== null && this.target.settings().game.signalsLoseWorld === true) {
      this.finish(
        this.begin('signal', null),
        'skipped',
        `${signalWord(signal as StopSignal, process.platform)} would end it without a save`,
      );
      return nothing;
    }
    return { first: signal as StopSignal, isHeard: await this.signal(signal as StopSignal) };
  }

  /** False when it was certainly not delivered. detail: what is said, where that is for people. */
  private async command(tell: () => Promise<unknown>, detail: string | null): Promise<boolean> {
    const step = this.begin('command', null);
    try {
      await this.deliver(tell);
    } catch (error) {
      // It may have heard: a signal on top of that would come between its world and its save.
      const mayBeHeard = Failure.is(error) && error.data.isSent === true;
      this.finish(step, mayBeHeard ? 'timeout' : 'failed', detailOf(error));
      if (mayBeHeard) this.target.stopSent();
      return mayBeHeard;
    }
    // Noted behind it: a word said twice does no harm, one that was never said would be waited for in vain.
    this.target.stopSent();
    this.finish(step, 'done', detail);
    return true;
  }

  /** A launcher that has just died is replaced within seconds: no reason to take a rougher way. */
  private async deliver<T>(tell: () => Promise<T>): Promise<T> {
    for (const deadline = Date.now() + replacedMs; ;) {
      try {
        return await tell();
      } catch (error) {
        const isBeingReplaced = Failure.is(error, 'unreachable') && error.data.what === 'launcher';
        if (!isBeingReplaced || this.calledOff || Date.now() > deadline || (await within(this.target.exited(), lookMs)))
          throw error;
      }
    }
  }

  /** False where it has reached nobody. */
  private async signal(signal: StopSignal): Promise<boolean> {
    if (this.target.isGone()) return false;
    const step = this.begin('signal', null);
    // Noted before it: a second signal makes many a game quit without saving.
    this.target.stopSent();
    const isHeard = await this.target.signal(signal);
    this.finish(step, isHeard ? 'done' : 'failed', signalWord(signal, process.platform));
    return isHeard;
  }

  /**
   * A step of its own; true when the process has ended by then. It may take longer where it shows that it is at work: a
   * signal must not come between a world and its save.
   */
  private async waitUntil(deadline: number, patience?: { since: number; until: number }): Promise<boolean> {
    const step = this.begin('wait', patience?.until ?? deadline);
    let gone = await within(this.target.exited(), Math.max(0, deadline - Date.now()));
    if (patience !== undefined) {
      const { since, until } = patience;
      while (!gone && Date.now() < until && this.target.isEnding(since)) {
        gone = await within(this.target.exited(), Math.min(lookMs, until - Date.now()));
      }
    }
    this.finish(step, gone ? 'done' : 'timeout', null);
    return gone;
  }

  private async force(): Promise<void> {
    const step = this.begin('kill', Date.now() + killMs);
    this.target.kill();
    const gone = await within(this.target.exited(), killMs);
    this.finish(step, gone ? 'done' : 'timeout', null);
    if (!gone) throw new Failure('stop-timeout', { seconds: killMs / 1000 });
  }

  private begin(step: string, endsAt: number | null): StopStep {
    const now = Date.now();
    const begun: StopStep = { step, startedAt: now, endedAt: 0, outcome: 'done', detail: null };
    this.target.progress([...this.steps, begun], endsAt);
    return begun;
  }

  private finish(step: StopStep, outcome: StopStep['outcome'], detail: string | null): void {
    step.endedAt = Date.now();
    step.outcome = outcome;
    step.detail = detail;
    this.steps.push(step);
    this.target.progress([...this.steps], null);
  }

  /** Ends early when the countdown is cut short or the server ends. */
  private async pause(ms: number): Promise<void> {
    const { signal } = this.countdown;
    if (signal.aborted) return;
    const cut = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
    await within(Promise.race([cut, this.target.exited()]), ms);
  }
}

/** A failure in short; what the game itself said to it, where it said something. */
function detailOf(error: unknown): string {
  if (!Failure.is(error)) return String(error);
  return typeof error.data.detail === 'string' ? error.data.detail : error.code;
}

/** True when it settles in time. */
export async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    // A timer of a month would fire at once: 2^31 ms is the most that it takes.
    timer = setTimeout(resolve, Math.min(ms, 2_000_000_000), false);
  });
  const result = await Promise.race([promise.then(() => true as const), late]);
  clearTimeout(timer);
  return result;
}
