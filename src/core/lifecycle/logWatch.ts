import type { Effective } from '../../shared/definition.js';

type PatternName = 'ready' | 'saveBegin' | 'saveEnd' | 'join' | 'leave' | 'stopping' | 'crash';

/** Longer lines are not matched: patterns come from people, and some are slow. */
const maxMatchedChars = 1000;

/** What a server's own lines tell: players, saves, and when it is ready. */
export class LogWatch {
  private readonly patterns = new Map<PatternName, RegExp>();
  private readonly players = new Map<string, number | null>();
  /** False after a gap: who is on can no longer be told from lines alone. */
  private complete = true;
  lastSaveAt: number | null = null;
  isSaving = false;
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
  }

  has(name: PatternName): boolean {
    return this.patterns.has(name);
  }

  /** Somebody waits for a line. */
  get isAwaited(): boolean {
    return this.waiting.size > 0;
  }

  get knowsPlayers(): boolean {
    return this.complete && this.names('join') && this.names('leave');
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

  gap(): void {
    this.complete = false;
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
    else if (name === 'saveBegin') this.isSaving = true;
    else if (name === 'saveEnd') {
      this.isSaving = false;
      this.lastSaveAt = now;
    } else if (name === 'join' && player !== undefined) this.players.set(player, now);
    else if (name === 'leave' && player !== undefined) this.players.delete(player);
  }
}
