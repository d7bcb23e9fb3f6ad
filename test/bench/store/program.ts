import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  collectGarbage,
  cpuSeconds,
  highWaterBytes,
  median,
  residentBytes,
  resetHighWater,
  writtenBytes,
} from '../support/measure.js';
import { serve } from '../support/serve.js';
import { servers, Servers } from './data.js';
import type { MetricName, Row, StoreSubject } from './subject.js';

const sampleMs = 5_000;
const flushMs = 10_000;
const hourMs = 3_600_000;
const queryRuns = 9;

/** Counts the files that took the database's place, and their bytes. */
class Replacements {
  count = 0;
  bytes = 0;
  private inode: number | undefined;

  constructor(private readonly file: string) {
    this.inode = statSync(file, { throwIfNoEntry: false })?.ino;
  }

  look(): void {
    const now = statSync(this.file, { throwIfNoEntry: false });
    if (!now || now.ino === this.inode) return;
    this.inode = now.ino;
    this.count++;
    this.bytes += now.size;
  }
}

/** One subject of the store bench. Its commands are called by .scripts/lib/bench/store.mjs. */
class StoreProgram {
  private folder = '';
  /** The time of the data: that of the last sample. */
  private at = 0;
  private data = new Servers(0);

  constructor(private readonly subject: StoreSubject) {}

  /** at: where the data's time goes on. Measures what it takes until the store can be used. */
  async open({ folder, at }: { folder: string; at: number }): Promise<object> {
    this.folder = folder;
    this.at = at;
    this.data = new Servers(Math.floor(at / sampleMs));
    collectGarbage();
    const residentBefore = residentBytes();
    const cpu = cpuSeconds();
    const began = performance.now();
    await this.subject.open(folder, { now: () => this.at });
    const wallMs = performance.now() - began;
    return { residentBefore, cpuMs: (cpuSeconds() - cpu) * 1000, wallMs, node: process.versions.node };
  }

  /** Stores `hours` of data with one flush per `flushHours`, an hour of samples made ready at a time, which does not count. */
  async fill({ hours, flushHours, everyMs }: { hours: number; flushHours: number; everyMs: number }): Promise<object> {
    let rows = 0;
    let cpu = 0;
    for (let hour = 1; hour <= hours; hour++) {
      const batch = this.moments(hourMs, everyMs);
      rows += batch.length * servers.length;
      const before = cpuSeconds();
      await this.add(batch);
      if (hour % flushHours === 0 || hour === hours) await this.subject.flush();
      cpu += cpuSeconds() - before;
    }
    return { rows, cpuSeconds: cpu, at: this.at };
  }

  /** Flushes with 10 s of data each, as fast as they go, or `pauseMs` apart. */
  async flushes({ count, pauseMs = 0 }: { count: number; pauseMs?: number }): Promise<object> {
    const replaced = new Replacements(path.join(this.folder, this.subject.database));
    const resident: number[] = [];
    let cpu = 0;
    let rows = 0;
    resetHighWater();
    const written = writtenBytes();
    const began = performance.now();
    for (let done = 0; done < count; done++) {
      // By the start, not by the last one: flushes that take long must not become fewer per hour.
      if (pauseMs > 0) await pause(Math.max(0, began + done * pauseMs - performance.now()));
      const batch = this.moments(flushMs, sampleMs);
      const before = cpuSeconds();
      await this.add(batch);
      await this.subject.flush();
      cpu += cpuSeconds() - before;
      rows += batch.length * servers.length;
      replaced.look();
      if (done % 10 === 9 || done === count - 1) resident.push(residentBytes());
    }
    const writtenAfter = writtenBytes();
    const result = {
      ...{ rows, cpuSeconds: cpu, hours: (count * flushMs) / hourMs, at: this.at },
      ...{ replacements: replaced.count, replacedBytes: replaced.bytes },
      ...(written === undefined || writtenAfter === undefined ? {} : { writtenBytes: writtenAfter - written }),
      ...{ highWater: highWaterBytes(), resident: median(resident) },
    };
    collectGarbage();
    return { ...result, residentAfterGc: residentBytes() };
  }

  /** CPU milliseconds, the median of nine. */
  async query(wanted: { metrics: MetricName[]; spanMs: number; buckets: number }): Promise<number> {
    const { metrics, spanMs, buckets } = wanted;
    const times: number[] = [];
    for (let run = 0; run < queryRuns; run++) {
      const before = cpuSeconds();
      await this.subject.query({
        ...{ server: servers[run] ?? '', metrics, buckets },
        ...{ from: this.at - spanMs, to: this.at },
      });
      times.push((cpuSeconds() - before) * 1000);
    }
    return median(times);
  }

  memory(): object {
    collectGarbage();
    return { residentAfterGc: residentBytes() };
  }

  /** Bytes of the database, and of everything else in the folder. */
  sizes(): object {
    let [database, others] = [0, 0];
    for (const name of readdirSync(this.folder)) {
      const { size } = statSync(path.join(this.folder, name));
      if (name === this.subject.database) database = size;
      else others += size;
    }
    return { database, others };
  }

  async close(): Promise<void> {
    await this.subject.close();
  }

  /** The samples of the next `spanMs`. The clock follows only as they are added. */
  private moments(spanMs: number, everyMs: number): { at: number; rows: Row[] }[] {
    return Array.from({ length: spanMs / everyMs }, (_, index) => {
      const at = this.at + (index + 1) * everyMs;
      return { at, rows: this.data.rowsAt(at) };
    });
  }

  private async add(batch: readonly { at: number; rows: Row[] }[]): Promise<void> {
    for (const { at, rows } of batch) {
      this.at = at;
      const waiting = this.subject.add(at, rows);
      if (waiting) await waiting;
    }
  }
}

/** Makes this process a subject of the store bench. */
export function serveStore(subject: StoreSubject): void {
  const program = new StoreProgram(subject);
  serve({
    open: (where: { folder: string; at: number }) => program.open(where),
    fill: (how: { hours: number; flushHours: number; everyMs: number }) => program.fill(how),
    flushes: (how: { count: number; pauseMs?: number }) => program.flushes(how),
    query: (wanted: { metrics: MetricName[]; spanMs: number; buckets: number }) => program.query(wanted),
    memory: () => program.memory(),
    sizes: () => program.sizes(),
    close: () => program.close(),
  });
}
