import type { StopStep } from '../../shared/contract.js';
import type { Server } from './server.js';
import type { Exit, Running } from './state.js';

/** What is known at the end of a process, for those who write it down and those who tell people. */
export interface EndReport {
  readonly exit: Exit;
  readonly process: Running;
  /** It had been up: no failed start. */
  readonly wasUp: boolean;
  /** Who was on; null where that is not known. */
  readonly players: readonly string[] | null;
  /** It was in the middle of a save. */
  readonly isSaving: boolean;
  /** Unix milliseconds; null where none was seen. */
  readonly lastSaveAt: number | null;
}

/** What servers tell the rest of the core. Handlers never throw. */
export interface ServerEvents {
  changed(server: Server): void;
  lines(server: Server, lines: string[], skippedBytes: number): void;
  stopProgress(server: Server, steps: StopStep[], endsAt: number | null): void;
  /** Its process has ended, as asked or not. Told after the state has changed and before anything follows from it. */
  ended(server: Server, report: EndReport): void;
  /** It was told to stop, the grace is over, and the definition does not allow force: a person has to decide. */
  stopTimedOut(server: Server, graceSeconds: number): void;
  /** It fell too often and is not brought back any more. */
  gaveUp(server: Server, used: number, windowSeconds: number): void;
}
