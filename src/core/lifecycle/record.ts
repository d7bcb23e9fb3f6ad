import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { replaceFile } from '../../node/files.js';
import type { ProcessExit } from '../../shared/launcherProtocol.js';
import type { Log } from '../ports.js';

const exitSchema = v.object({
  code: v.nullable(v.number()),
  signal: v.nullable(v.string()),
  cause: v.picklist([
    'asked',
    'stopped-from-inside',
    'crash',
    'oom',
    'killed-outside',
    'start-failed',
    'host-restart',
    'unknown',
  ]),
  at: v.number(),
});

const recordSchema = v.object({
  nonce: v.string(),
  /** What is wanted of it: a core that comes back must not take an asked-for end for a crash. */
  intent: v.picklist(['run', 'stop']),
  /** The game has been told to end: it must not be told twice. */
  stopSent: v.boolean(),
  isUp: v.boolean(),
  pid: v.nullable(v.number()),
  startTime: v.nullable(v.string()),
  bootId: v.nullable(v.string()),
  /** False for a process that somebody else has started: its output and stdin are not ours. */
  isOurs: v.optional(v.boolean(), true),
  /** The program of the process, as last seen: tells a start script from the game. */
  executable: v.optional(v.nullable(v.string()), null),
  startedAt: v.number(),
  since: v.number(),
  /** Where this start's lines begin in the console file, bytes; negative: so many of them are in older files. */
  consoleOffset: v.number(),
  /** The last cut of the console file that this takes account of. */
  consoleCut: v.optional(v.number(), 0),
  exit: v.nullable(exitSchema),
  /** Starts that nobody asked for, and the next one: they count on across cores. */
  restartAttempts: v.optional(v.array(v.number()), []),
  restartAt: v.optional(v.nullable(v.number()), null),
  /** It was wanted, and is stopped only because the PC goes down. */
  stoppedByHost: v.optional(v.boolean(), false),
});

/** What has to be known about a server by a core that was not there: its process, what is wanted, how it last ended. */
export type ServerRecord = v.InferOutput<typeof recordSchema>;

/** A record's beginning: what a start that nothing is known of yet looks like. */
function blank(since: number): ServerRecord {
  return {
    nonce: '',
    intent: 'run',
    stopSent: false,
    isUp: false,
    pid: null,
    startTime: null,
    bootId: null,
    isOurs: true,
    executable: null,
    startedAt: since,
    since,
    consoleOffset: 0,
    consoleCut: 0,
    exit: null,
    restartAttempts: [],
    restartAt: null,
    stoppedByHost: false,
  };
}

/** One server's record as it stands, written whenever it changes. */
export class RecordKeeper {
  private record: ServerRecord | undefined;

  constructor(
    private readonly id: string,
    private readonly records: Records,
  ) {}

  get current(): ServerRecord | undefined {
    return this.record;
  }

  /** Goes on with what an earlier core has written. */
  resume(record: ServerRecord): void {
    this.record = record;
  }

  note(change: Partial<ServerRecord>): void {
    // A new start is a new record: an old stop must not reach into it. What was tried before still counts.
    const isSame = change.nonce === undefined || change.nonce === this.record?.nonce;
    const fresh = { ...blank(Date.now()), restartAttempts: this.record?.restartAttempts ?? [] };
    const next = { ...(isSame ? (this.record ?? fresh) : fresh), ...change };
    if (JSON.stringify(next) === JSON.stringify(this.record)) return;
    this.record = next;
    this.records.write(this.id, next);
  }

  forget(): void {
    this.record = undefined;
    this.records.remove(this.id);
  }
}

/** One small file per server below run/, replaced as a whole before anything irrevocable happens. */
export class Records {
  constructor(
    private readonly dataDir: string,
    private readonly log: Log,
  ) {}

  read(id: string): ServerRecord | undefined {
    try {
      const parsed = v.safeParse(recordSchema, JSON.parse(fs.readFileSync(this.file(id), 'utf8')));
      return parsed.success ? parsed.output : undefined;
    } catch {
      return undefined;
    }
  }

  write(id: string, record: ServerRecord): void {
    try {
      replaceFile(this.file(id), JSON.stringify(record));
    } catch (error) {
      // The server matters more than the note about it.
      this.log.write('warn', 'lifecycle', 'state could not be noted', { id, error: String(error) });
    }
  }

  remove(id: string): void {
    fs.rmSync(this.file(id), { force: true });
  }

  /** What a launcher noted, by nonce. */
  endings(): Endings {
    const exits = new Map<string, ProcessExit>();
    const hostDownAt = new Map<string, number>();
    for (const line of this.notedLines()) {
      const entry = parseEntry(line);
      if (entry === undefined) continue;
      if ('hostDownAt' in entry) hostDownAt.set(entry.nonce, entry.hostDownAt);
      else exits.set(entry.nonce, entry);
    }
    return { exits, hostDownAt };
  }

  private notedLines(): string[] {
    try {
      return fs.readFileSync(path.join(this.dataDir, 'run', 'exits.jsonl'), 'utf8').split('\n');
    } catch {
      // No server has ended yet.
      return [];
    }
  }

  private file(id: string): string {
    return path.join(this.dataDir, 'run', `${id}.json`);
  }
}

/** What a launcher noted, by the nonce of each start. */
export interface Endings {
  readonly exits: ReadonlyMap<string, ProcessExit>;
  /** Those that ran when it heard that the PC goes down, and when that was, Unix milliseconds. */
  readonly hostDownAt: ReadonlyMap<string, number>;
}

const notedExit = v.object({
  id: v.string(),
  nonce: v.string(),
  pid: v.number(),
  code: v.nullable(v.number()),
  signal: v.nullable(v.string()),
  at: v.number(),
});
const notedGoingDown = v.object({ nonce: v.string(), hostDownAt: v.number() });
const noted = v.union([notedExit, notedGoingDown]);

function parseEntry(line: string): v.InferOutput<typeof noted> | undefined {
  try {
    const parsed = v.safeParse(noted, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
