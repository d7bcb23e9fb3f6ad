import type { LaunchedProcess, ProcessExit, SpawnRequest } from '../shared/launcherProtocol.js';

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
  /** One line to a server's stdin. Rejects no-channel, busy, unreachable. */
  write(id: string, line: string): Promise<void>;
  /** The servers whose exit it will report. */
  processes(): readonly LaunchedProcess[];
  onExit(handle: (exit: ProcessExit) => void): Disposable;
  /** The set of reported servers has changed otherwise: the launcher died, or another has taken its place. */
  onLost(handle: () => void): Disposable;
}

/** Totals of one process tree since its processes began, and its size now. Bytes; CPU in milliseconds. */
export interface TreeSample {
  /** CPU time spent by the tree since the last reading; null at the first one. */
  readonly cpuMs: number | null;
  readonly rssBytes: number;
  readonly threads: number;
  /** Bytes from and to storage since the last reading; null at the first one or where not readable. */
  readonly readBytes: number | null;
  readonly writeBytes: number | null;
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
}

/** A process seen in a pass over all of them. argv may be cut; empty where it may not be read. */
export interface SeenProcess extends ProcessRef {
  readonly parent: number;
  readonly argv: readonly string[];
  readonly cwd: string | null;
}

/** Reads processes and the host. Everything is synchronous and cheap but `list`, which is for asked-for searches only. */
export interface ProcessReaderPort {
  host(): HostSample;
  tree(root: ProcessRef): TreeReader;
  /** Call once at the beginning of a round of reads: it looks for new processes where any were started. */
  beginRound(): void;
  list(): SeenProcess[];
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

/** What a server has written since the last look. */
export interface NewLines {
  readonly lines: string[];
  /** Bytes that were passed over because the server writes faster than it is worth reading. */
  readonly skippedBytes: number;
}

/** Follows one server's console file. Never throws; a missing file has no news. */
export interface ConsoleReader extends Disposable {
  read(): NewLines;
  /** The last words: also a line without an end. */
  finish(): NewLines;
}

export interface ConsolePort {
  /** Bytes written so far; 0 when there is no file. */
  size(file: string): number;
  /** offset: where to begin, in bytes from the file's start. */
  open(file: string, offset: number): ConsoleReader;
  /** A line of our own among the server's. Never throws. */
  append(file: string, line: string): void;
}

/** A game's own console on a port, for games that do not read their stdin. */
export interface GameConsole {
  readonly via: 'econ';
  /** One line; resolves with what the game said to it, null for nothing. Rejects secret-missing, unreachable, auth-rejected, timeout, bad-reply. */
  send(line: string): Promise<string | null>;
}

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGQUIT' | 'SIGUSR1' | 'SIGUSR2';

/** Signals to a server. Identity is checked first: a reused pid is never signalled. */
export interface SignalPort {
  isAlive(process: ProcessRef): boolean;
  /** To the process and its group, as a terminal or a service manager would. False when it is gone. */
  stop(process: ProcessRef, signal: StopSignal): boolean;
  /** Ends the process and everything it has started, at once and without asking. False when it was gone. */
  killTree(process: ProcessRef, mark: string): boolean;
}

export interface Standing {
  readonly nice: number;
  readonly ioClass: string;
  /** What could not be lowered, and why; empty when all was. */
  readonly shortfalls: readonly string[];
}

export interface PriorityPort {
  /** Lowers this process, all its threads and its scheduling group below every game. Never throws. */
  lower(): Standing;
  current(): Standing;
}
