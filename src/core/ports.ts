import type { Definition, Sample, ServerView } from '../shared/contract.js';
import type { PasswordKey } from '../shared/secrets.js';
import type { Effective } from '../shared/definition.js';
import type { EventKind } from '../shared/events.js';
import type { LaunchedProcess, ProcessExit, SpawnRequest } from '../shared/launcherProtocol.js';

export type * from './ports/games.js';

/** Anything that is let go at the end, in reverse order of making. */
export interface Disposable {
  dispose(): void;
}

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export interface Log {
  /** data instead of glued text, so that one place can redact it. */
  write(level: LogLevel, tag: string, text: string, data?: Record<string, unknown>): void;
}

/** A process, told apart from a later one with the same pid. startTime is opaque; null where the platform has none. */
export interface ProcessRef {
  readonly pid: number;
  readonly startTime: string | null;
}

/** What spawns servers at normal priority and outlives the core. */
export interface Launch {
  /** Rejects command-not-found, not-executable, start-failed, io, unreachable. */
  spawn(request: SpawnRequest): Promise<LaunchedProcess>;
  /** One line to a server's stdin, in that encoding (a label; else UTF-8). Rejects no-channel, busy, unreachable. */
  write(id: string, line: string, encoding?: string): Promise<void>;
  /** The game has been told to stop: nobody is to tell it again. Forgotten where it cannot be delivered. */
  told(id: string, byCtrlC?: boolean): void;
  /** The servers whose exit it will report. */
  processes(): readonly LaunchedProcess[];
  onExit(handle: (exit: ProcessExit) => void): Disposable;
  /** The set of reported servers has changed otherwise: the launcher died, or another has taken its place. */
  onLost(handle: () => void): Disposable;
}

/** Totals of one process tree since its processes began, and its size now. Bytes; CPU in milliseconds. */
export interface TreeSample {
  /** CPU time spent by the tree since the last reading; null at the first one, and where it is not known. */
  readonly cpuMs: number | null;
  /** The time in which it was spent, milliseconds, where that is not the time between the readings. */
  readonly overMs?: number;
  /** In memory; what its processes share counts for each. */
  readonly rssBytes: number | null;
  readonly threads: number | null;
  /**
   * Bytes from and to storage since the last reading; null at the first one or where not readable. On Windows all that was
   * transferred, of pipes and devices too.
   */
  readonly readBytes: number | null;
  readonly writeBytes: number | null;
  /** The root process was stopped, by a signal or by somebody who looks into it. */
  readonly isSuspended: boolean;
  /** What the root process has started is not counted: the numbers say little of what the server does. */
  readonly isRootOnly?: boolean;
  /** Surely none of its processes has handed anything to a file, a pipe or a socket since the last reading: so nothing was printed. */
  readonly wroteNothing?: boolean;
}

/** Follows one process and everything it has started. */
export interface TreeReader extends Disposable {
  /** Undefined once the root process is gone. Never throws. */
  read(): TreeSample | undefined;
}

export interface HostSample {
  /** 0..100 of the whole machine since the last reading; null at the first one. */
  readonly cpuPercent: number | null;
  readonly memoryUsedPercent: number;
  readonly memoryTotalBytes: number;
  /** Percent of what there is to swap to. Here and below null or absent: there is none, or nobody tells. */
  readonly swapUsed?: number | null;
  /** Bytes per second over the machine's own network interfaces since the last reading. */
  readonly netIn?: number | null;
  readonly netOut?: number | null;
  /** Percent of the last ten seconds in which something waited for the processor, for memory, for a disk. */
  readonly pressureCpu?: number | null;
  readonly pressureMemory?: number | null;
  readonly pressureIo?: number | null;
}

/** A process seen in a pass over all of them. argv may be cut; empty where it may not be read. */
export interface SeenProcess extends ProcessRef {
  readonly parent: number;
  readonly argv: readonly string[];
  readonly cwd: string | null;
}

/** A process that carries a server's mark in its environment. name: of its program, without the folder. Bytes. */
export interface Heir extends ProcessRef {
  readonly parent: number;
  readonly name: string;
  readonly rssBytes: number;
}

/** What measuring is done with, and what it cannot do. */
export interface MeasuringMeans {
  /** More often than this it costs more than it is worth. Milliseconds; 0 where it is cheap. */
  readonly leastIntervalMs: number;
  /** Why it is not done in this system's own way; null where it is. Technical, English: what could not be loaded. */
  readonly shortfall: string | null;
}

/** Of a whole process tree. null: not told. */
export interface OpenCounts {
  readonly files: number | null;
  readonly handles: number | null;
}

/**
 * Reads processes and the host. Everything is synchronous and cheap but `list`, `heirs` and `openCounts`, which are for asked-for searches
 * and for ends only.
 */
export interface ProcessReaderPort {
  /** How it measures. */
  readonly means: MeasuringMeans;
  host(): HostSample;
  /** mark: `<id>:<nonce>` of a start of ours, else empty: what carries it belongs to the tree, whoever its parent is by now. */
  tree(root: ProcessRef, mark?: string): TreeReader;
  /**
   * Absent where reading needs nothing else. Else to be awaited before a round of reads: it asks for the numbers that they
   * answer with, unless it did so less than `means.leastIntervalMs` ago. Settles within 5 s; rejects once when it
   * has failed some times in a row, with why.
   */
  refresh?(): Promise<void>;
  /** Call once at the beginning of a round of reads: it looks for new processes where any were started. */
  beginRound(): void;
  /**
   * Percent of a core that the busiest thread of a followed tree has used since this was last called for it, in the tree's
   * heaviest process; null at first and where it is not known. Dearer than a round of reads: for once a minute. Absent where
   * threads are not told apart.
   */
  busiestThread?(root: ProcessRef): number | null;
  /** What a followed tree holds open now; for when somebody asks, as it may be thousands. Absent where nobody tells. */
  openCounts?(root: ProcessRef): OpenCounts;
  list(): SeenProcess[];
  /** The living processes of one start (`<id>:<nonce>`), whoever their parent is by now; empty where not told. */
  heirs(mark: string): Heir[];
  /**
   * How a process ended that was being followed by a tree; null where that is not told. Only a system that lets others than
   * the parent know tells it.
   */
  exitCode(process: ProcessRef): number | null;
  /** The program that a process runs now, without its folder; null where that is not told. */
  executable(pid: number): string | null;
  /** One process's size and standing; null when it is gone or cannot be read. */
  describe(pid: number): { pid: number; rssBytes: number; nice: number } | null;
  /** Changes with every start of the machine; null where unknown. */
  bootId(): string | null;
}

/** Keeps the means to start one program at this process's standing of now, for a time when it has lowered itself. */
export interface SpareStarter extends Disposable {
  /** False when it cannot. */
  start(): boolean;
}

/** What a server has written since the last look: all of it or, where that is much, its next piece. */
export interface NewLines {
  readonly lines: string[];
  /** Bytes that were passed over because the server writes faster than it is worth reading. */
  readonly skippedBytes: number;
  /** The same look has more to tell: read again at once. */
  readonly hasMore: boolean;
}

/** Follows one server's console file. Never throws; a missing file has no news. */
export interface ConsoleReader extends Disposable {
  /** Nothing is read until it is known whether the file was cut. */
  readonly isHeld: boolean;
  read(): NewLines;
  /** The last words: also a line without an end. */
  finish(): NewLines;
}

/** Whoever follows a console file, told when its older part moves to a file of its own. */
export interface ConsoleFollower {
  /** What is in the file now has to be read now: its older part is about to go. */
  look(): void;
  /** So many bytes are gone from the file's start. cut: names this cut; each has a higher number than those before. */
  moved(cut: number, bytes: number): void;
}

/** Where the lines of a server's start begin, as it is noted for a later core. */
export interface ConsolePlace {
  /** Bytes from the file's start; negative: so many of them have moved to older files. */
  readonly offset: number;
  /** The last cut that the offset takes account of; 0: none. */
  readonly cut: number;
}

export interface ConsolePort {
  /** Bytes written so far; 0 when there is no file. */
  size(file: string): number;
  /** Resolves when the file holds still; undefined while it does. Has a deadline. */
  busy(file: string): Promise<void> | undefined;
  /** Makes the file ready for a server's start; answers where its lines will begin, in bytes. Never throws. */
  begin(file: string): number;
  /**
   * Finishes what an earlier core may have left half done. Where the file was cut after the place was noted, `note` gets
   * the place as it is now, before anything else happens. What cannot be finished now is tried again later; whoever opens
   * the file until then is held, and gets `moved` instead. Never throws.
   */
  resume(file: string, noted: ConsolePlace, note: (place: ConsolePlace) => void): void;
  /** offset: where to begin, in bytes from the file's start; a negative one is the start. */
  open(file: string, offset: number, follower: ConsoleFollower): ConsoleReader;
  /**
   * The last lines, oldest first, older files included. from: where the oldest that counts begins, as in `open`. Never
   * throws.
   */
  lastLines(file: string, count: number, from: number): string[];
  /** In which encoding the file's lines are, by its label (src/shared/encodings.ts); null: each line tells. Counts at once. */
  setEncoding(file: string, encoding: string | null): void;
  /** The encoding in which its server is to be answered: as set, else that of its last lines; undefined: UTF-8. */
  encodingOf(file: string): string | undefined;
  /** A line of our own among the server's. Never throws. */
  append(file: string, line: string): void;
}

/** What is followed of a server beside its process. */
export interface CarePort {
  /** Its saves as far as they are known. */
  save(id: string): ServerView['save'];
  /** It is told to save now; then, that it has, or that it says that it could not. */
  saveAsked(id: string): void;
  saveTold(id: string, tookMs: number): void;
  saveFailed(id: string, reason: string): void;
  perPlayer(id: string, sample: Sample | null): ServerView['perPlayer'];
  load(id: string): ServerView['load'];
  /** Absent, or undefined: not known. */
  disk?(id: string): ServerView['disk'];
  /**
   * Nobody plays, by word that can be acted on: lines can be missed, and players were thrown out over a count of 0 that was
   * wrong. logCount: how many its lines tell of; null where they do not. Never rejects.
   */
  isKnownEmpty(effective: Effective, logCount: number | null): Promise<boolean>;
}

/** done: the bytes are gone. unsupported: not for this file, now or later. failed: nothing has happened, or nobody knows what has. */
export type CollapseOutcome = 'done' | 'unsupported' | 'failed';

/** Takes bytes away from a file's start while others append to it. */
export interface FileRangePort {
  /** False where it is no use trying with any file. */
  readonly canCollapse: boolean;
  /** To be called before lowering: a server must not wait for what stands as low as we do. */
  prepare(): void;
  /** bytes: a multiple of 64 KB, less than the file has. Has a deadline, never rejects. */
  collapseHead(file: string, bytes: number): Promise<CollapseOutcome>;
  /** Ends a collapse of this file that an earlier process has begun; false when it has not ended in so many milliseconds. */
  endStray(file: string, waitMs: number): boolean;
}

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT' | 'SIGUSR1' | 'SIGUSR2';

/** Signals to a server. Identity is checked first: a reused pid is never signalled. */
export interface SignalPort {
  isAlive(process: ProcessRef): boolean;
  /**
   * Once to every process group of that start, as a terminal or a service manager would; a second one makes many a game
   * quit without saving. mark: `<id>:<nonce>`, empty where it was not started by us. False when it is gone, or there is no
   * way to reach it; a promise where that takes a while. Never rejects.
   */
  stop(process: ProcessRef, signal: StopSignal, mark: string): boolean | Promise<boolean>;
  /** Windows: what it was sent was Ctrl+C, which the interpreter of a batch file asks about. */
  hasHeardCtrlC?(process: ProcessRef): boolean;
  /** Ends the process and everything it has started, at once and without asking. False when it was gone. */
  killTree(process: ProcessRef, mark: string): boolean;
}

/** killed: by SIGKILL; passed-on: by its own exit code, which says that a child of it was; otherwise: neither. */
export type KillKind = 'killed' | 'passed-on' | 'otherwise';

/** Tells ends by the kernel's want of memory from other kills. */
export interface OomPort {
  /** To be called while the process lives: where its kills are counted can only be seen then. Never throws. */
  watch(process: ProcessRef): void;
  /** Call once per round of samples. Cheap: the counters are looked at once a minute, and only while something is watched. */
  look(): void;
  /**
   * The process has ended: true when it was killed and the kernel has killed for want of memory within the last two minutes.
   * Each of the kernel's kills explains one end. False where the platform does not tell. Forgets the process.
   */
  ended(process: ProcessRef, how: KillKind): boolean;
}

export interface Standing {
  readonly nice: number;
  readonly ioClass: string;
  /** As read back, Linux; null elsewhere, and where it cannot be read. */
  readonly oomScoreAdj: number | null;
  /** What could not be lowered, and why; empty when all was. */
  readonly shortfalls: readonly string[];
}

export interface PriorityPort {
  /** Lowers this process, all its threads and its scheduling group below every game. Never throws. */
  lower(): Standing;
  current(): Standing;
}

/** Passwords of the games' remote consoles. What is answered goes to the game and nowhere else. */
export interface SecretsPort {
  /** The keys that the definition's connection asks for and nobody knows. */
  missing(definition: Definition): PasswordKey[];
}

/**
 * What has just happened to a server, as its lines, its API or its files tell it. playedMs: null where the joining was not seen. tookMs: null where the
 * beginning of the save was not seen, or both were found in one look, which says nothing about the time between them. reason:
 * what the game said, or an ErrorCode.
 */
export type Happening =
  | { readonly is: 'joined'; readonly at: number; readonly name: string }
  | { readonly is: 'left'; readonly at: number; readonly name: string; readonly playedMs: number | null }
  | { readonly is: 'saveBegun'; readonly at: number }
  | { readonly is: 'saved'; readonly at: number; readonly tookMs: number | null }
  | { readonly is: 'saveFailed'; readonly at: number; readonly reason: string };

/** Something that happened to a server, to the PC (`host`) or to the monitoring (`monitor`). at: Unix milliseconds. */
export interface HistoryEvent {
  readonly at: number;
  readonly id: string;
  readonly kind: EventKind;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Where events go. Never throws, never waits. */
export interface EventSink {
  add(event: HistoryEvent): void;
}

/** Which events: from and to, both included, Unix milliseconds; of all servers, of every kind where that is left out. */
export interface EventQuery {
  readonly id?: string | undefined;
  readonly from: number;
  readonly to: number;
  readonly kinds?: readonly string[] | undefined;
  readonly limit: number;
}

/** Where events are found again. */
export interface EventSource {
  /** The newest `limit` of them, oldest first; none for an id or a kind that nobody knows. */
  find(query: EventQuery): Promise<HistoryEvent[]>;
}
