/**
 * What the core asks of the launcher. Launchers outlive updates of the core, so this only ever grows: no field is renamed
 * or given another meaning. Times: Unix milliseconds.
 */

/** How to start the core again when it leaves unasked. */
export interface CoreCommand {
  exec: string;
  args: string[];
  cwd: string;
}

export interface SpawnRequest {
  id: string;
  /** Random, new for every start; with the id in GSP_SERVER in the server's environment. */
  nonce: string;
  command: string;
  args: string[];
  cwd: string;
  /** Laid over the launcher's cleaned environment; null removes. */
  env: Record<string, string | null>;
  /** The file that stdout and stderr are appended to. */
  consoleFile: string;
  /** How lines for its stdin are encoded, as a label of the Encoding Standard; UTF-8 without it. */
  encoding?: string;
  /** How to end it when the PC goes down and no core is there to do it; without it, SIGTERM. */
  farewell?: Farewell;
  /** Above the other programs of the PC; normal without it. */
  priority?: 'above-normal';
}

/** An orderly end that needs no waiting for anything but the end itself: games read their stdin in order. */
export interface Farewell {
  /** For its stdin: what saves, then what stops. None: only the signal. */
  lines: string[];
  /** To its process group, where there are no lines or they cannot be delivered. */
  signal: string;
  graceSeconds: number;
}

export interface LaunchedProcess {
  id: string;
  nonce: string;
  pid: number;
  /** Tells this process from a later one with the same pid; opaque; null where the platform does not tell. */
  startTime: string | null;
  startedAt: number;
  /** When it was last told to stop, by whomever; missing before, and from launchers that do not know it. */
  toldAt?: number;
  /** It was to run above normal priority, and the system did not allow that. */
  priorityRefused?: true;
}

export interface ProcessExit {
  id: string;
  nonce: string;
  pid: number;
  code: number | null;
  signal: string | null;
  at: number;
}

export interface LauncherRequests {
  'launcher/hello': {
    params: { token: string; protocol: 1; core: CoreCommand | null };
    result: {
      protocol: 1;
      version: string;
      pid: number;
      startedAt: number;
      processes: LaunchedProcess[];
      /** The PC is going down: see host/goingDown. */
      goingDown?: boolean;
    };
  };
  /** The core is about to leave on purpose: it is not started again. */
  'launcher/release': { params: Record<string, never>; result: null };
  /** Ends this launcher, as one that was started too low. Rejects busy while it has servers. */
  'launcher/leave': { params: Record<string, never>; result: null };
  /** Rejects command-not-found, not-executable, start-failed {detail}, io, invalid-definition {field}; busy while the PC goes down. */
  'process/spawn': { params: SpawnRequest; result: LaunchedProcess };
  /**
   * Writes one line to a server's stdin, in the encoding of its start where none is given. Rejects no-channel when nobody
   * reads there, busy when the pipe is full.
   */
  'process/write': { params: { id: string; line: string; encoding?: string }; result: null };
  /**
   * The game has been told to stop: the launcher must not tell it again. `byCtrlC`: on Windows, by Ctrl+C to its console; a
   * batch file's interpreter then asks a question, which the launcher answers.
   */
  'process/told': { params: { id: string; byCtrlC?: boolean }; result: null };
  /** The answer to host/goingDown: this core saves and stops the servers. Without it the launcher does so by itself. */
  'host/stopping': { params: Record<string, never>; result: null };
  /** Behind it: this core has done what it could. Until then the launcher stays for it, also when it has no servers itself. */
  'host/stopped': { params: Record<string, never>; result: null };
}

export interface LauncherNotifications {
  'process/exited': ProcessExit;
  /** The PC goes down, or the session of its user ends: every server is to be saved and stopped, without a countdown. */
  'host/goingDown': Record<string, never>;
}
