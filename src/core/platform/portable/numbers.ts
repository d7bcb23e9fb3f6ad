/** One process as an answer tells of it. Totals since it began; bytes, CPU in milliseconds. */
export interface ToldProcess {
  readonly cpuMs: number;
  readonly rssBytes: number;
  /** Null where that is not told. */
  readonly parent: number | null;
  /** As in a ProcessRef; null where that is not told, or not in the same units. */
  readonly startTime: string | null;
  /** Unix milliseconds, give or take a second. */
  readonly startedAt: number;
  readonly isSuspended: boolean;
  /** Its program, without the folder; null where that is not told. */
  readonly name: string | null;
}

/** By pid. Those that have ended are missing. */
export type ToldProcesses = ReadonlyMap<number, ToldProcess>;

/** Whoever is asked for the numbers of other processes. */
export interface NumbersSource {
  /** It tells of the asked ones only, and not of what these have started. */
  readonly isRootsOnly: boolean;
  /** Rejects when it cannot be asked, not when a process has ended. */
  ask(pids: readonly number[]): Promise<ToldProcesses>;
}

export interface Answer {
  readonly processes: ToldProcesses;
  /** When it came: by a clock that nobody sets, and by that of the PC. Milliseconds. */
  readonly at: number;
  readonly wallAt: number;
}
