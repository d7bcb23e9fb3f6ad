import type { Effective } from '../../shared/definition.js';
import type { Happening } from '../ports.js';

type PatternName = 'ready' | 'saveBegin' | 'saveEnd' | 'join' | 'leave' | 'stopping' | 'crash';

/** Longer lines are not matched: patterns come from people, and some are slow. */
const maxMatchedChars = 1000;
const longestSaveMs = 10 * 60_000;

/** What a server's own lines tell: players, saves, and when it is ready. */
export class LogWatch {
  private readonly patterns = new Map<PatternName, RegExp>();
  private readonly players = new Map<string, number | null>();
  /** False after a gap: who is on can no longer be told from lines alone. */
  private complete = true;
  private readonly namesJoining: boolean;
  private readonly namesLeaving: boolean;
  private savingSince: number | null = null;
  private happenings: Happening[] = [];
  lastSaveAt: number | null = null;
  /** By the process's own clock; null while it does not save. */
  private savingFrom: number | null = null;
  isReady = false;
  /** When it last said that it is stopping. */
  stoppingAt: number | null = null;
  /** When it last said that it has crashed. */
  crashedAt: number | null = null;
  private readonly waiting = new Set<{ pattern: PatternName; done: (line: string) => void }>();

  constructor(effective: Effective) {
    for (const name of ['ready', 'saveBegin', 'saveEnd', 'join', 'leave', 'stopping', 'crash'] as const) {
      const source = effective.patterns[name];
      if (source !== undefined && source !== '') this.patterns.set(name, new RegExp(source, 'u'));
    }
    this.namesJoining = this.names('join');
    this.namesLeaving = this.names('leave');
  }

  has(name: PatternName): boolean {
    return this.patterns.has(name);
  }

  /** Somebody waits for a line. */
  get isAwaited(): boolean {
    return this.waiting.size > 0;
  }

  get knowsPlayers(): boolean {
    return this.complete && this.namesJoining && this.namesLeaving;
  }

  /** In the middle of a save; one whose end was never told, as when it fails, is over some time. */
  get isSaving(): boolean {
    return this.savingFrom !== null && performance.now() - this.savingFrom < longestSaveMs;
  }

  /** What has happened since this was last asked, in order. */
  takeHappenings(): readonly Happening[] {
    const { happenings } = this;
    this.happenings = [];
    return happenings;
  }

  /** Who is on for all that is known, also after a gap: with its end they leave. Empty where nobody is told leaving. */
  leaving(at: number): Happening[] {
    if (!this.namesLeaving) return [];
    return [...this.players].map(([name, since]) => ({ is: 'left', at, name, playedMs: between(since, at) }));
  }

  /** Names with the time of joining, null where that was not seen; only meaningful where knowsPlayers. */
  get online(): ReadonlyMap<string, number | null> {
    return this.players;
  }

  /** What the lines have told so far, for a report; players: null where that is not known. */
  get summary(): { players: string[] | null; isSaving: boolean; lastSaveAt: number | null } {
    const { isSaving, lastSaveAt } = this;
    return { players: this.knowsPlayers ? [...this.players.keys()] : null, isSaving, lastSaveAt };
  }

  /** True where the pattern says who it was: without a group nobody can be counted. */
  private names(pattern: PatternName): boolean {
    const source = this.patterns.get(pattern)?.source;
    return source !== undefined && (new RegExp(`${source}|`, 'u').exec('')?.length ?? 1) > 1;
  }

  /** Lines are missing. Who was on before may have left in them, and what had begun may be over. */
  gap(): void {
    this.complete = false;
    this.players.clear();
    this.savingSince = null;
  }

  /** Lines of an earlier time: who is on follows from them, but nothing in them happens now. */
  replay(lines: readonly string[]): void {
    for (const line of lines) {
      if (line.length > maxMatchedChars) continue;
      for (const name of ['ready', 'join', 'leave'] as const) {
        const match = this.patterns.get(name)?.exec(line);
        if (match != null) this.apply(name, match, null);
      }
    }
  }

  /** True when something that is shown has changed. */
  feed(lines: readonly string[], now: number): boolean {
    let changed = false;
    for (const line of lines) if (line.length <= maxMatchedChars && this.feedLine(line, now)) changed = true;
    return changed;
  }

  /** Resolves with the next line of that kind; undefined at the deadline or when called off. */
  async next(pattern: PatternName, timeoutMs: number, signal?: AbortSignal): Promise<string | undefined> {
    return await new Promise((resolve) => {
      const finish = (line: string | undefined): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        this.waiting.delete(entry);
        resolve(line);
      };
      const onAbort = (): void => {
        finish(undefined);
      };
      const entry = { pattern, done: finish };
      const timer = setTimeout(onAbort, timeoutMs);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.waiting.add(entry);
    });
  }

  private feedLine(line: string, now: number): boolean {
    let changed = false;
    for (const [name, pattern] of this.patterns) {
      const match = pattern.exec(line);
      if (match === null) continue;
      changed = true;
      this.apply(name, match, now);
      for (const entry of [...this.waiting]) if (entry.pattern === name) entry.done(line);
    }
    return changed;
  }

  private apply(name: PatternName, match: RegExpExecArray, now: number | null): void {
    const player = match[1];
    if (name === 'ready') this.isReady = true;
    else if (name === 'stopping') this.stoppingAt = now;
    else if (name === 'crash') this.crashedAt = now;
    else if (name === 'saveBegin') this.saveBegun(now);
    else if (name === 'saveEnd') this.saved(now);
    else if (name === 'join' && player !== undefined) this.joined(player, now);
    else if (name === 'leave' && player !== undefined) this.left(player, now);
  }

  private saveBegun(at: number | null): void {
    if (!this.isSaving) this.savingSince = null;
    this.savingFrom = performance.now();
    // A game with several worlds may say it of each.
    if (at === null || this.savingSince !== null) return;
    this.savingSince = at;
    this.happenings.push({ is: 'saveBegun', at });
  }

  private saved(at: number | null): void {
    this.savingFrom = null;
    this.lastSaveAt = at;
    const tookMs = at === this.savingSince ? null : between(this.savingSince, at);
    this.savingSince = null;
    if (at !== null) this.happenings.push({ is: 'saved', at, tookMs });
  }

  private joined(name: string, at: number | null): void {
    // Where leaving is not told, somebody who is on may have left and come back.
    const isNew = !this.players.has(name) || !this.namesLeaving;
    this.players.set(name, at);
    if (at !== null && isNew) this.happenings.push({ is: 'joined', at, name });
  }

  private left(name: string, at: number | null): void {
    const since = this.players.get(name) ?? null;
    // Whoever was turned away at the door leaves without having joined; after a gap the joining may be what is missing.
    const isReal = this.players.delete(name) || !this.complete || !this.namesJoining;
    if (at !== null && isReal) this.happenings.push({ is: 'left', at, name, playedMs: between(since, at) });
  }
}

/** Milliseconds; null where either is not known. A clock that was set back makes no time negative. */
function between(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : Math.max(0, to - from);
}
