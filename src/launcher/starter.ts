import type { LaunchedProcess, SpawnRequest } from '../shared/launcherProtocol.js';

export interface Started {
  readonly pid: number;
  /** Null where the system does not tell. */
  readonly startTime: string | null;
  /** It was to run above normal priority, and the system did not allow that. */
  readonly priorityRefused?: true;
}

export interface End {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What differs by system: how a server is started, and reached behind that. */
export interface Starter {
  /**
   * Resolves when the program runs. `onEnd` is called once behind that, in a later turn. Rejects command-not-found,
   * not-executable, start-failed, io, invalid-definition.
   */
  start(request: SpawnRequest, onEnd: (end: End) => void): Promise<Started>;
  /**
   * Writes one line to a server's stdin, also of one that an earlier launcher has started; in the encoding of its start where
   * none is given. Throws no-channel when nobody reads there, busy when it is full, invalid-definition for a line that is too
   * long.
   */
  write(id: string, line: string, encoding?: string): void;
  /** Tells it, and what it has started, to stop. Nothing where it has just ended, or there is no way. */
  interrupt(launched: LaunchedProcess, signal: string): void;
  /** Somebody else has sent it Ctrl+C. */
  noteInterrupted?(id: string): void;
}
