import fs from 'node:fs';
import { performance } from 'node:perf_hooks';
import { ownWrittenBytes } from '../../node/windows/ownProcess.js';

const hourMs = 3_600_000;
/** What is shown is the mean over about this long. */
const windowMs = 60_000;

interface Mark {
  at: number;
  cpuMs: number;
  writtenBytes: number;
}

/** What the monitoring itself costs. */
export class SelfMeter {
  private readonly marks: Mark[] = [mark()];

  /** Call now and then, as with every round of samples. */
  note(): void {
    this.marks.push(mark());
    while (this.marks.length > 2 && (this.marks[1]?.at ?? 0) < performance.now() - windowMs) this.marks.shift();
  }

  /** cpuPercent: of one core. */
  read(): { cpuPercent: number; rssBytes: number; writeBytesPerHour: number } {
    const first = this.marks[0] ?? mark();
    const last = mark();
    const elapsedMs = Math.max(1, last.at - first.at);
    return {
      cpuPercent: (100 * (last.cpuMs - first.cpuMs)) / elapsedMs,
      rssBytes: process.memoryUsage.rss(),
      writeBytesPerHour: ((last.writtenBytes - first.writtenBytes) * hourMs) / elapsedMs,
    };
  }
}

function mark(): Mark {
  const { user, system } = process.cpuUsage();
  return { at: performance.now(), cpuMs: (user + system) / 1000, writtenBytes: writtenBytes() };
}

function writtenBytes(): number {
  if (process.platform === 'win32') return ownWrittenBytes();
  if (process.platform !== 'linux') return 0;
  try {
    return Number(/^write_bytes: (\d+)$/m.exec(fs.readFileSync('/proc/self/io', 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
