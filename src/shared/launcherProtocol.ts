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
}

export interface LaunchedProcess {
  id: string;
  nonce: string;
  pid: number;
  /** Tells this process from a later one with the same pid; opaque; null where the platform does not tell. */
  startTime: string | null;
  startedAt: number;
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
    result: { protocol: 1; version: string; pid: number; startedAt: number; processes: LaunchedProcess[] };
  };
  /** The core is about to leave on purpose: it is not started again. */
  'launcher/release': { params: Record<string, never>; result: null };
  /** Ends this launcher, as one that was started too low. Rejects busy while it has servers. */
  'launcher/leave': { params: Record<string, never>; result: null };
  /** Rejects command-not-found, not-executable, start-failed {detail}, io. */
  'process/spawn': { params: SpawnRequest; result: LaunchedProcess };
  /** Writes one line to a server's stdin. Rejects no-channel when nobody reads there, busy when the pipe is full. */
  'process/write': { params: { id: string; line: string }; result: null };
}

export interface LauncherNotifications {
  'process/exited': ProcessExit;
}
