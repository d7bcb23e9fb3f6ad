import type { Definition, Sample, ServerView, StopStep } from '../../shared/contract.js';
import type { Effective } from '../../shared/definition.js';
import type { Catalogue } from '../../shared/games.js';
import type { CarePort, GamesPort, Happening, Log, SecretsPort, SignalPort } from '../ports.js';
import type { Announcements } from './announcement.js';
import type { GameTalk } from './gameTalk.js';
import type { LogWatch } from './logWatch.js';
import type { ObservationTools } from './observation.js';
import type { Records, ServerRecord } from './record.js';
import type { LineTools, SentLine } from './sendLine.js';
import type { Exit, Lifecycle, LifecycleEvent, Running } from './state.js';

/** A server as its own parts and the rest of the core see it. */
export interface ServerFace {
  readonly id: string;
  /** The definition with every default filled in. */
  readonly settings: Effective;
  readonly definition: Definition;
  readonly state: Lifecycle;
  readonly process: Running | null;
  /** It has a process, or is about to have one. */
  readonly isLive: boolean;
  readonly lines: LogWatch;
  readonly sample: Sample | null;
  /** Its process stands still because somebody wants that, as in a debugger. */
  readonly isSuspended: boolean;
  readonly consoleFile: string;
  /** Resolves when the process that runs now has ended. */
  readonly ending: Promise<void>;
  /** What it is told beside lines of people's own. */
  readonly talk: GameTalk;
  view(): ServerView;
  /** One line to its console, whichever it has. Rejects not-running, no-channel, busy, and what a console rejects. */
  writeLine(line: string): Promise<SentLine>;
}

/** A stop as somebody wants it. reason: in their own words, which players get to read in a countdown. */
export interface StopOrder {
  readonly countdownSeconds: number;
  readonly reason?: string | null;
}

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
  /** It was killed, and the kernel has just killed for want of memory. */
  readonly byOom: boolean;
  /** Where this start's lines begin in the console file, bytes. */
  readonly consoleOffset: number;
}

/** What servers tell the rest of the core. Handlers never throw. */
export interface ServerEvents {
  changed(server: ServerFace): void;
  /** A step of its life, told as it is made; nothing that an earlier core has seen. */
  stepped(server: ServerFace, before: Lifecycle, by: LifecycleEvent): void;
  /** Something that its lines tell of has just happened. */
  happened(server: ServerFace, what: Happening): void;
  lines(server: ServerFace, lines: string[], skippedBytes: number): void;
  stopProgress(server: ServerFace, steps: StopStep[], endsAt: number | null): void;
  /** Its process has ended, as asked or not. Told after the state has changed and before anything follows from it. */
  ended(server: ServerFace, report: EndReport): void;
  /** It ended while no core was there to see it: what an earlier one has noted, and how it ended as far as known. */
  endedUnseen(server: ServerFace, exit: Exit, record: ServerRecord): void;
  /** A start that the core made by itself has failed. */
  startFailedUnasked(server: ServerFace, exit: Exit): void;
  /** It was told to stop, the grace is over, and the definition does not allow force: a person has to decide. */
  stopTimedOut(server: ServerFace, graceSeconds: number): void;
  /** It runs, but does not respond; signs as of HangSign. */
  hung(server: ServerFace, signs: readonly string[]): void;
  /** It responds again. */
  recovered(server: ServerFace): void;
  /** It fell too often and is not brought back any more. */
  gaveUp(server: ServerFace, used: number, windowSeconds: number): void;
}

/** What a server works with. */
export interface ServerTools extends ObservationTools, LineTools {
  readonly dataDir: string;
  readonly signals: SignalPort;
  readonly secrets: SecretsPort;
  readonly games: GamesPort;
  /** What a server's life so far tells of it beside its state. */
  readonly care: CarePort;
  readonly records: Records;
  /** The games that a definition may name, the user's own among them. */
  readonly catalogue: Pick<Catalogue, 'row'>;
  /** Where the game's own settings say that it can be spoken to, with what it needs for that. Never throws. */
  ownPorts(this: void, definition: Definition): Effective['connection'];
  readonly log: Log;
  readonly events: ServerEvents;
  /** How players are told of a stop, as that is set now. */
  announcements(this: void): Announcements;
  /** How many alerts of it wait to be acknowledged. */
  alertsOf(this: void, id: string): number;
  /** What is known of its normal pattern; undefined: nobody looks. nextSaveAt: by its rhythm. Absent: nobody ever looks. */
  insightOf?(
    this: void,
    id: string,
  ): (Pick<ServerView, 'anomalies' | 'learned'> & { readonly nextSaveAt: number | null }) | undefined;
  /** Undefined: nobody works on it. */
  maintenanceOf(this: void, id: string): ServerView['maintenance'];
}
