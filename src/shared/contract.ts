/**
 * Contract v1 between the core and its clients (windows, headless tools, outside checks). This file is the contract, with
 * `alert.ts` and `serverLoad.ts`. Additions are allowed, renames and changed meanings are not. Every request takes one object by name. Times:
 * Unix milliseconds. Sizes: bytes. CPU of a server: percent of one core over its whole process tree (400 = four cores). CPU of
 * the host: 0..100 of the whole machine.
 */
import type { Alert, AwayCounts, WebhookStatus } from './alert.js';
import type { AnomalyMetric } from './anomaly.js';
import type { ServerLoad } from './serverLoad.js';
export type { Alert, AlertRule, AwayCounts, WebhookStatus } from './alert.js';
export type { GameLoad, ServerLoad } from './serverLoad.js';
export interface OpenFiles {
  files: number | null;
  handles: number | null;
}

export type ServerId = string; // ^[a-z0-9][a-z0-9-]{0,39}$, never host, monitor, all, or a Windows device name
export type State = 'stopped' | 'starting' | 'running' | 'stopping' | 'crashed' | 'restarting' | 'failed';
export type Health = 'unknown' | 'ok' | 'degraded' | 'hung';
export type ExitCause =
  'asked' | 'stopped-from-inside' | 'crash' | 'oom' | 'killed-outside' | 'start-failed' | 'host-restart' | 'unknown';
/** data.code of every error; data carries what the sentence needs. */
export type ErrorCode =
  | 'unauthorized'
  | 'protocol-mismatch'
  | 'unknown-server'
  | 'invalid-definition'
  | 'duplicate-id'
  | 'already-running'
  | 'not-running'
  | 'busy'
  | 'command-not-found'
  | 'not-executable'
  | 'start-failed'
  | 'stop-timeout'
  | 'cancelled'
  | 'unsupported'
  | 'no-channel'
  | 'auth-rejected'
  | 'unreachable'
  | 'bad-reply'
  | 'secret-missing'
  | 'timeout'
  | 'io';

export interface Definition {
  id: ServerId;
  name: string;
  game: string; // catalogue id, a row of games.json, 'demo' or 'other'
  launch: { command: string; args?: string[]; cwd?: string; env?: Record<string, string | null> }; // no shell; null removes
  stop?: {
    line?: string;
    signal?: string;
    graceSeconds?: number /* 60 */;
    announceSeconds?: number[] /* by catalogue; demo, other: [] */;
    thenKill?: boolean; /* false */
  };
  restart?: {
    policy?: 'never' | 'on-crash' | 'always' /* never */;
    onCleanExit?: boolean /* false; true with always */;
    maxAttempts?: number /* 3 */;
    windowSeconds?: number /* 600 */;
    backoffSeconds?: number[]; /* [5,15,45] */
  };
  /** Not responding: after how long, and whether it is restarted then (within restart's attempts); else it is only said. */
  hang?: { afterSeconds?: number /* 60 */; restart?: boolean /* false */ };
  /** In which encoding it prints and reads: the name of one or of a code page of Windows, as utf-8, cp949, euc-kr. auto: each line tells. */
  console?: { encoding?: string /* auto */ };
  start?: { readySeconds?: number /* 120 */ };
  save?: { intervalSeconds?: number; folders?: string[] };
  patterns?: Partial<Record<'ready' | 'saveBegin' | 'saveEnd' | 'join' | 'leave' | 'stopping' | 'crash', string>>; // JS regular expressions, u flag
  connection?: {
    host?: string /* 127.0.0.1 */;
    restPort?: number;
    rconPort?: number;
    queryPort?: number;
    telnetPort?: number;
    econPort?: number;
    adminPort?: number;
  };
  priority?: 'normal' | 'above-normal';
  autoStart?: boolean;
}
/** servers.json: UTF-8 (a BOM is accepted), comments and unknown fields kept. */
export interface ServersFile {
  version: 1;
  servers: Definition[];
}

/**
 * A fault in servers.json or, where `file` says so, in games.json. line and column are 1-based; id, of a server or of a game,
 * where the entry still tells it.
 */
export interface DefinitionProblem {
  file?: 'servers.json' | 'games.json';
  line: number;
  column: number;
  id: string | null;
  message: string;
}

export interface Sample {
  at: number;
  cpu: number | null;
  memory: number | null;
  ioRead: number | null;
  ioWrite: number | null;
  threads: number | null;
  players: number | null;
  tickRate: number | null;
  frameTime: number | null;
  apiTime: number | null;
}
export interface ServerView {
  id: ServerId;
  name: string;
  game: string;
  state: State;
  since: number;
  pid: number | null;
  health: { is: Health; reason: string | null };
  exit: { code: number | null; signal: string | null; cause: ExitCause; at: number } | null;
  restarts: { used: number; max: number; nextAt: number | null };
  players: { online: number | null; max: number | null; source: string | null; at: number | null };
  sample: Sample | null;
  /**
   * tookMs: of the last save; intervalMs: how often it saves, as it was told or, `isLearned`, as it was seen; bytes: of the files
   * that the last save has written; nextAt: also where only the rhythm of its writing tells it. null: not known.
   */
  save: {
    lastAt: number | null;
    nextAt: number | null;
    running: boolean;
    tookMs: number | null;
    intervalMs: number | null;
    isLearned: boolean;
    bytes: number | null;
  };
  /**
   * Whether the game itself can be asked. none: there is no way that is set up; locked: a password is missing; waiting: not asked
   * yet; ok; silent: it does not answer; refused: it does not take the password. via: which way; since: Unix milliseconds.
   */
  api: { is: 'none' | 'locked' | 'waiting' | 'ok' | 'silent' | 'refused'; via: string | null; since: number };
  /** What a player costs: percent of one core, and bytes. null: not known (yet). */
  perPlayer: { cpu: PerPlayer | null; memory: PerPlayer | null };
  /** How it was loaded over the last minutes; missing while it does not run and until it was measured. */
  load?: ServerLoad;
  /** Room on the volume where it saves, bytes; missing: not known. Looked at once a minute while it runs. */
  disk?: { freeBytes: number; totalBytes: number };
  /** The game's name, also of one that the user has described. */
  gameLabel: string;
  /** Of its console, by label, as it is set or was last told apart; missing: UTF-8. */
  encoding?: string;
  /** It was to run above normal priority, and the system did not allow that; missing: as it was to be. */
  priority?: 'refused';
  /** Somebody works on it: nobody is told of its alerts until then (null: until it is said to be over). Missing: nobody does. */
  maintenance?: { until: number | null };
  /** How many things are out of the ordinary now; missing: nobody looks for them. */
  anomalies?: number;
  /** So many days (of so many) the normal pattern is learned from; missing as anomalies. */
  learned?: { days: number; of: number };
  alerts: number;
  secretsMissing: string[];
  capabilities: string[];
}
/**
 * quotient: what is used now, by the number of players; null while nobody plays. marginal: what one more player adds, by
 * regression over the history, with the borders (low, high) between which it lies in 19 of 20 cases, and from how many hours.
 */
export interface PerPlayer {
  quotient: number | null;
  marginal: { value: number; low: number; high: number; hours: number } | null;
}
export interface GameSetup {
  file: string;
  isThere: boolean;
  template: string | null;
  format: 'palworld' | 'server-properties' | 'ark';
  enable: ('rest' | 'rcon' | 'password')[];
}
/** proof: real: tried with the real server; protocol: with a fake that speaks its protocol; basic: by documents only. */
export interface GameInfo {
  id: string;
  label: string;
  icon: string;
  proof: 'real' | 'protocol' | 'basic';
  isLessKnown: boolean;
  isOwn: boolean;
  ports: Record<string, number>;
}
export interface StopStep {
  step: string;
  startedAt: number;
  endedAt: number;
  outcome: 'done' | 'skipped' | 'failed' | 'timeout';
  detail: string | null;
}
/**
 * How processes are measured here: never more often than every leastIntervalMs (0: as often as is wished). shortfall: why it is
 * not done in this system's own way (technical, English); null where it is, or where there is none.
 */
export interface Measuring {
  leastIntervalMs: number;
  shortfall: string | null;
  /** The monitoring uses more than its budget, and measures less often over it; absent while it does not. Memory with the launcher. */
  overBudget?: { cpuPercent: number; memoryBytes: number; intervalMs: number };
}
export interface CoreStatus {
  pid: number;
  version: string;
  uptimeMs: number;
  self: {
    cpuPercent: number;
    rssBytes: number;
    writeBytesPerHour: number;
    netBytesPerHour: number;
    nice: number;
    ioClass: string;
    /** How early the kernel ends it when memory runs out, as read back (Linux); null: nobody tells. */
    oomScoreAdj: number | null;
    budget: 'ok' | 'over';
    /** What the budget is: cpuPercent of one core, memory with the launcher. */
    budgetLimits: { cpuPercent: number; memoryBytes: number };
  };
  launcher: { pid: number; rssBytes: number; nice: number } | null;
  /**
   * How often is measured. reason: normal; panel: more often, for charts that are in sight; busy, saturated: by the PC's load;
   * hidden: nobody looks; budget: the monitoring uses more than its own. cpuPercent: that load, smoothed; null: not known yet.
   */
  sampling: { intervalMs: number; reason: string; cpuPercent?: number | null };
  /** Servers can be started above normal priority here. */
  canRaise?: boolean;
  host: { cpuPercent: number; memUsedPercent: number };
  pressure: 'none' | 'high' | 'critical';
  store: { rows: number; bytes: number; journalBytes: number; lastFlushAt: number | null; dropped: number };
}

export interface Requests {
  'core/hello': {
    /** language: of the window, for what is told to people where the settings say `auto`; the latest counts. */
    params: { token: string; protocol: 1; client: { name: string; version: string; language?: 'en' | 'ko' } };
    result: {
      protocol: 1;
      version: string;
      pid: number;
      startedAt: number;
      platform: string;
      secretsMissing: { id: ServerId; key: string }[];
      measuring?: Measuring;
    };
  };
  'core/status': { params: Record<string, never>; result: CoreStatus };
  'core/retire': { params: Record<string, never>; result: null }; // answers, then leaves; servers keep running
  /** Records where the core spends its time, 1 to 120 s, as a .cpuprofile. path: absolute; nothing else is overwritten there. One at a time: busy. */
  'core/profile': { params: { seconds: number; path: string }; result: { path: string } };
  /** visible: somebody may be looking (where it is not told: who wants samples looks); panel: at charts. What is missing stays. */
  'client/subscribe': {
    params: { samples?: boolean; consoles?: ServerId[]; visible?: boolean; panel?: boolean };
    result: null;
  };
  'server/list': { params: Record<string, never>; result: ServerView[] };
  /** What was written into servers.json for it, without defaults. */
  'server/get': { params: { id: ServerId }; result: Definition };
  /** What its processes hold open now; null where the system does not tell, and while it does not run. */
  'server/openFiles': { params: { id: ServerId }; result: OpenFiles };
  'server/add': { params: { definition: Definition }; result: ServerView };
  'server/update': { params: { definition: Definition }; result: ServerView };
  'server/remove': { params: { id: ServerId }; result: null }; // refused (busy) while it runs
  /** Resolves at running: ready line seen (after readySeconds: running, degraded), or alive for 2 s where there is no pattern. Rejects start-failed with the exit. */
  'server/start': { params: { id: ServerId }; result: ServerView };
  /** Resolves at stopped, rejects stop-timeout when the grace is over and kill is not allowed (it stays stopping), cancelled after server/cancelStop. A closed connection cancels nothing. */
  'server/stop': {
    params: { id: ServerId; mode?: 'stop' | 'graceful'; countdownSeconds?: number; reason?: string };
    result: { view: ServerView; steps: StopStep[] };
  };
  'server/cancelStop': { params: { id: ServerId }; result: ServerView };
  'server/restart': {
    params: { id: ServerId; mode?: 'stop' | 'graceful'; countdownSeconds?: number; reason?: string };
    result: { view: ServerView; steps: StopStep[] };
  };
  'server/kill': { params: { id: ServerId }; result: ServerView };
  'server/send': {
    params: { id: ServerId; line: string };
    result: { via: 'rcon' | 'telnet' | 'econ' | 'admin' | 'stdin'; reply: string | null };
  };
  'server/save': { params: { id: ServerId }; result: { confirmed: boolean; tookMs: number } };
  'server/announce': { params: { id: ServerId; text: string }; result: null };
  'server/players': { params: { id: ServerId }; result: { name: string; id: string | null; since: number | null }[] };
  'server/action': { params: { id: ServerId; name: string; args: Record<string, unknown> }; result: unknown }; // kick, ban, … as the game's capabilities say
  'server/test': {
    params: { id: ServerId };
    result: { channel: string; ok: boolean; code: ErrorCode | null; tookMs: number }[];
  };
  'server/detect': {
    params: Record<string, never>;
    result: { definition: Definition; pid: number | null; missing: string[] }[];
  };
  /**
   * Who has played: per day (from: its beginning by the PC's clock) the most at a time; per player the sessions of that time.
   * online: still there.
   */
  'server/playerStats': {
    params: { id: ServerId; from: number; to: number };
    result: {
      days: { from: number; peak: number; at: number }[];
      players: { name: string; sessions: number; playedMs: number; lastAt: number; online: boolean }[];
    };
  };
  /**
   * What is to be written into the game's own settings so that it can be asked and told things; null where nothing is missing or
   * nothing is known. file: its full path, isThere: it exists; template: a file whose text it begins with where it does not or is
   * empty; format: which of the known formats; enable: what is missing.
   */
  'server/setup': { params: { id: ServerId }; result: GameSetup | null };
  /** Every game that a definition may name, also the user's own (games.json). */
  'game/list': { params: Record<string, never>; result: GameInfo[] };
  /** What is wrong in servers.json and games.json right now; entries without a problem work regardless. */
  'server/problems': { params: Record<string, never>; result: DefinitionProblem[] };
  'server/attach': { params: { id: ServerId; pid: number }; result: ServerView };
  /** Nobody is told of its alerts while somebody works on it. until: Unix milliseconds; missing: until it is said to be over. */
  'server/maintenance': { params: { id: ServerId; on: boolean; until?: number }; result: ServerView };
  'history/query': {
    params: { id: string; metrics: string[]; from: number; to: number; buckets: number };
    result: {
      tier: 'raw' | '1m' | '15m' | '1h';
      at: number[];
      metrics: Record<string, { mean: (number | null)[]; min: (number | null)[]; max: (number | null)[] }>;
    };
  }; // at: bucket starts, as many as buckets
  'history/events': {
    params: { id?: string; from: number; to: number; kinds?: string[] };
    result: { at: number; id: string; kind: string; data: Record<string, unknown> }[];
  };
  'history/export': { params: { id: string; from: number; to: number; path: string }; result: { rows: number } };
  /** at: when it ended, give or take 2 s. Rejects io (ENOENT) where nothing is recorded of that time. */
  'incident/get': {
    params: { id: ServerId; at: number; language?: 'en' | 'ko' /* en */ };
    result: { markdown: string };
  };
  /** The ends that nobody asked for and that are on record, newest first. */
  'incident/list': {
    params: { id: ServerId };
    result: { at: number; cause: ExitCause; code: number | null; signal: string | null }[];
  };
  /**
   * The normal pattern as far as it is learned: {at, version (of what is learned), method, zoneMinutes, isCatchingUp: the history is
   * being read, confidence {days, of, level: none | learning | good, value}, metrics {metric: {confidence, relearnedFrom, now: what is
   * expected {low, mid, high, limitLow, limitHigh}}}, saves {by, periodMs, durationMs, confidence, lastAt, nextAt, added}, findings
   * (`Anomaly`, newest first), muted {metric: until}}. This and the next three are unsupported while `insight.enabled` is off. Of
   * `host`, the PC itself: {version, at, isCatchingUp, metrics {metric: {low, high: what its last mean of five minutes was expected
   * between, value: that mean, known: how many were learned from, of: from how many on something is told}}}; null: not known.
   */
  'baseline/get': { params: { id: ServerId }; result: Record<string, unknown> };
  /** Nothing from before then is learned from any more. from: not to come; missing: now. */
  'baseline/relearn': { params: { id: ServerId; from?: number }; result: null };
  /** What was found around that time was normal, and is learned; or it was real, and stays as it is. */
  'anomaly/feedback': {
    params: { id: ServerId; at: number; metric: AnomalyMetric; verdict: 'normal' | 'real' };
    result: null;
  };
  /** Nothing of a metric (or of its saves: save, its ends: ends) is told until then; null: for good; a past time ends that. */
  'metric/mute': { params: { id: ServerId; metric: AnomalyMetric; until: number | null }; result: null };
  'alert/list': { params: Record<string, never>; result: Alert[] }; // active first, then the newest first; also those that are over
  'alert/acknowledge': { params: { alert: string }; result: null };
  'alert/claim': { params: { alert: string }; result: { yours: boolean } }; // one window notifies, once per count, within 10 s
  /** Nobody is told of it until then, also where it is over and comes back. until null: for good. */
  'alert/mute': { params: { alert: string; until: number | null }; result: null };
  'alert/unmute': { params: { alert: string }; result: null };
  /** What happened while no window was open; null where there is nothing to tell. Only the first that asks is told. */
  'alert/away': { params: Record<string, never>; result: { from: number; to: number; counts: AwayCounts } | null };
  /** Sends a test message to a webhook and answers what it answered, by its name. status null: no answer. */
  'alert/test': { params: { target: string }; result: { status: number | null; detail: string } };
  'webhook/list': { params: Record<string, never>; result: WebhookStatus[] };
  'console/tail': { params: { id: ServerId; lines: number }; result: string[] };
  'secret/set': { params: { id: string; key: string; value: string | null }; result: null };
  'settings/set': { params: { settings: Record<string, unknown> }; result: Record<string, unknown> }; // only explicitly set keys; the core keeps them in settings.json
}
export interface Notifications {
  'server/changed': ServerView;
  /** One a tick, to subscribers only. loads: about every 30 s, of all that run. */
  'server/sample': { at: number; samples: Record<string, Sample>; loads?: Record<string, ServerLoad> };
  'console/lines': { id: ServerId; lines: string[]; skipped: number };
  /** A server that is no longer defined, and does not run. */
  'server/removed': { id: ServerId };
  'server/problems': { problems: DefinitionProblem[] };
  /** games.json describes other games than before: all that a definition may name now. */
  'game/changed': { games: GameInfo[] };
  'stop/progress': { id: ServerId; steps: StopStep[]; endsAt: number | null };
  /** As in the hello, whenever it is different. */
  'core/measuring': Measuring;
  /** An alert that is new or different: also acknowledged, muted, or resolved. */
  'alert/raised': Alert;
  'event/added': { at: number; id: string; kind: string; data: Record<string, unknown> };
  /** How often is measured, or why, is another than before. */
  'core/changed': { sampling: CoreStatus['sampling'] };
  'core/log': { level: 'error' | 'warn' | 'info' | 'debug'; tag: string; text: string; data?: Record<string, unknown> };
}
