import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { ensurePrivateDirectory, errorCode, replaceFile } from '../../node/files.js';
import { Failure, messageOf } from '../../shared/failure.js';
import type { CrashReports } from '../../shared/games.js';
import type { ConsolePort, Log } from '../ports.js';
import { findReport, type CrashPlace } from './crashFiles.js';
import { evidenceOf } from './lines.js';
import { entrySchema, incidentSchema, recordedCauses, type Incident } from './record.js';
import { SampleRing } from './sampleRing.js';

/** What is known at the end of a server, and where to look for more. */
export interface End extends Pick<
  Incident,
  | 'id'
  | 'name'
  | 'game'
  | 'exit'
  | 'pid'
  | 'startedAt'
  | 'wasUp'
  | 'isWatched'
  | 'players'
  | 'isSaving'
  | 'lastSaveAt'
  | 'byOom'
  | 'memoryTotal'
  | 'consoleFile'
> {
  /** Where this start's lines begin in the console file, bytes. */
  readonly consoleOffset: number;
  /** The definition's pattern for a line that tells of a crash. */
  readonly crashPattern: string | undefined;
  /** Which reports the game leaves when it crashes; empty: none that is known. */
  readonly crashReports: readonly CrashReports[];
  /** Where the game's own files may be, nearest first. */
  readonly folders: readonly string[];
  /** A line in which the game only notes that we have asked it something. */
  readonly isEcho: (line: string) => boolean;
  /** What follows from it; asked when the restart rules have decided. */
  readonly next: () => Incident['next'];
}

export interface IncidentTools {
  readonly dataDir: string;
  readonly log: Log;
  /** Takes secrets out of what a game says. */
  redact(this: void, text: string): string;
  readonly consoles: Pick<ConsolePort, 'lastLines'>;
  /** The report of an end is on record. Never throws. */
  recorded(this: void, id: string, exit: Incident['exit']): void;
}

const keptLines = 200;
/** Some games note each time that they are asked something: what they say themselves may be far apart. */
const readLines = 5 * keptLines;
const keptIncidents = 50;
/** A time that a client tells may come from another clock or be rounded. */
const sameMs = 2000;
/** The game may still write its report when its process has ended. Pauses between four looks. */
const reportPausesMs = [300, 300, 400];

/**
 * Keeps what is known of every end that nobody asked for: one file each below incidents/<id>/, the newest 50 of a server.
 * Nothing here holds up a restart or harms anything else when it fails.
 */
export class Incidents {
  readonly ring = new SampleRing();
  private readonly folder: string;
  /** What is being written, by server. */
  private readonly pending = new Map<string, Promise<void>>();

  constructor(private readonly tools: IncidentTools) {
    this.folder = path.join(tools.dataDir, 'incidents');
  }

  /** To be told of every end. What the next start would write over is read now, the rest follows. */
  ended(end: End): void {
    const samples = this.ring.take(end.id);
    if (!recordedCauses.has(end.exit.cause)) return;
    const { consoles, redact } = this.tools;
    const printed = consoles.lastLines(end.consoleFile, readLines, end.consoleOffset);
    const telling = printed.filter((line) => !end.isEcho(line)).slice(-keptLines);
    const lines = telling.map((line) => redact(line));
    const before = this.pending.get(end.id) ?? Promise.resolve();
    const writing = before.then(() => this.record(end, end.isWatched ? samples : null, lines));
    this.pending.set(end.id, writing);
    void writing.finally(() => {
      if (this.pending.get(end.id) === writing) this.pending.delete(end.id);
    });
  }

  /** Newest first. */
  async list(id: string): Promise<Incident['exit'][]> {
    await this.pending.get(id);
    const entries: Incident['exit'][] = [];
    for (const at of this.times(id)) {
      const { output, success } = v.safeParse(entrySchema, await readJson(this.file(id, at)));
      if (success) entries.push(output.exit);
    }
    return entries;
  }

  /** The one of that time, give or take two seconds, with its file. Rejects io. */
  async get(id: string, at: number): Promise<{ incident: Incident; file: string }> {
    await this.pending.get(id);
    const nearest = this.times(id).sort((a, b) => Math.abs(a - at) - Math.abs(b - at))[0];
    const isIt = nearest !== undefined && Math.abs(nearest - at) <= sameMs;
    const file = this.file(id, isIt ? nearest : at);
    if (!isIt) throw new Failure('io', { file, detail: 'ENOENT' });
    const { output, success } = v.safeParse(incidentSchema, await readJson(file));
    if (!success) throw new Failure('io', { file, detail: 'EINVAL' });
    return { incident: output, file };
  }

  private async record(end: End, samples: Incident['samples'], lines: readonly string[]): Promise<void> {
    try {
      // The restart comes first.
      await new Promise((resolve) => setImmediate(resolve));
      const incident = incidentOf(end, samples, lines);
      const place: CrashPlace = { reports: end.crashReports, folders: end.folders, since: end.startedAt };
      incident.report = await this.reportOf(place);
      this.write(incident);
      this.tools.recorded(end.id, end.exit);
      for (const pause of end.crashReports.length > 0 ? reportPausesMs : []) {
        if (incident.report !== null) return;
        await new Promise((resolve) => setTimeout(resolve, pause));
        incident.report = await this.reportOf(place);
        if (incident.report !== null) this.write(incident);
      }
    } catch (error) {
      // A full disk, most likely. The server matters more than the note about it.
      this.tools.log.write('warn', 'incidents', 'not recorded', { id: end.id, error: messageOf(error) });
    }
  }

  private async reportOf(place: CrashPlace): Promise<Incident['report']> {
    const found = await findReport(place);
    if (found === undefined) return null;
    const { redact } = this.tools;
    const hidden = (text: string | null): string | null => (text === null ? null : redact(text));
    const { type, message, lines } = found;
    return { ...found, type: hidden(type), message: hidden(message), lines: lines.map((line) => redact(line)) };
  }

  private write(incident: Incident): void {
    const { id, exit } = incident;
    ensurePrivateDirectory(path.join(this.folder, id));
    replaceFile(this.file(id, exit.at), JSON.stringify(incident));
    for (const old of this.times(id).slice(keptIncidents)) fs.rmSync(this.file(id, old), { force: true });
  }

  /** Of all that are kept, newest first. */
  private times(id: string): number[] {
    try {
      const names = fs.readdirSync(path.join(this.folder, id));
      return names
        .flatMap((name) => (/^\d{1,15}\.json$/.test(name) ? [Number.parseInt(name, 10)] : []))
        .sort((a, b) => b - a);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return [];
      throw new Failure('io', { file: path.join(this.folder, id), detail: errorCode(error) ?? messageOf(error) });
    }
  }

  private file(id: string, at: number): string {
    return path.join(this.folder, id, `${Math.round(at)}.json`);
  }
}

function incidentOf(end: End, samples: Incident['samples'], lines: readonly string[]): Incident {
  const { consoleOffset: _, crashPattern, crashReports: __, folders: ___, isEcho: ____, next, ...known } = end;
  return {
    version: 1,
    ...known,
    writtenAt: Date.now(),
    next: next(),
    samples,
    ...evidenceOf(lines, crashPattern),
    report: null,
  };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await fs.promises.readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
