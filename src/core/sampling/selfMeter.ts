import fs from 'node:fs';
import { performance } from 'node:perf_hooks';
import { ownWrittenBytes } from '../../node/windows/ownProcess.js';

const hourMs = 3_600_000;
/** What is shown is the mean over about this long. */
const windowMs = 60_000;
/** Rounds may come oftener; what the monitoring costs is not worth a look each time. */
const markEveryMs = 5000;
const ioBytes = 512;

interface Mark {
  readonly at: number;
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly writtenBytes: number;
  readonly received: number;
  readonly sent: number;
}

/** cpuPercent: of one core. netOut: bytes per second. */
export interface OwnCost {
  readonly cpuPercent: number;
  readonly rssBytes: number;
  readonly writeBytesPerHour: number;
  readonly netBytesPerHour: number;
  readonly netOut: number;
}

/** What the monitoring itself costs. */
export class SelfMeter {
  private readonly io = new OwnIo();
  private readonly marks: Mark[] = [];

  /** network: bytes that this process has exchanged since it began. */
  constructor(private readonly network: () => { readonly received: number; readonly sent: number }) {
    this.marks.push(this.mark());
  }

  /** Call now and then, as with every round of samples. */
  note(): void {
    const now = performance.now();
    if (this.marks.length > 1 && now - (this.marks.at(-1)?.at ?? 0) < markEveryMs) return;
    this.marks.push(this.mark());
    while (this.marks.length > 2 && (this.marks[1]?.at ?? 0) < now - windowMs) this.marks.shift();
  }

  /** The mean until now. */
  read(): OwnCost {
    return this.between(this.mark());
  }

  /** The same as of the last note: costs nothing. */
  noted(): OwnCost {
    return this.between(this.marks.at(-1) ?? this.mark());
  }

  private between(last: Mark): OwnCost {
    const first = this.marks[0] ?? last;
    const elapsedMs = Math.max(1, last.at - first.at);
    const sent = last.sent - first.sent;
    const exchanged = sent + last.received - first.received;
    return {
      cpuPercent: (100 * (last.cpuMs - first.cpuMs)) / elapsedMs,
      rssBytes: last.rssBytes,
      writeBytesPerHour: ((last.writtenBytes - first.writtenBytes) * hourMs) / elapsedMs,
      netBytesPerHour: (exchanged * hourMs) / elapsedMs,
      netOut: (sent * 1000) / elapsedMs,
    };
  }

  private mark(): Mark {
    const { user, system } = process.cpuUsage();
    const { received, sent } = this.network();
    const cpuMs = (user + system) / 1000;
    const rssBytes = process.memoryUsage.rss();
    return { at: performance.now(), cpuMs, rssBytes, writtenBytes: this.io.written(), received, sent };
  }
}

/** Bytes that this process has written to storage; 0 where no system tells. */
class OwnIo {
  private readonly buffer = Buffer.alloc(ioBytes);
  private fd: number | undefined;

  written(): number {
    if (process.platform === 'win32') return ownWrittenBytes();
    if (process.platform !== 'linux') return 0;
    try {
      this.fd ??= fs.openSync('/proc/self/io', 'r');
      const length = fs.readSync(this.fd, this.buffer, 0, ioBytes, 0);
      return Number(/^write_bytes: (\d+)$/m.exec(this.buffer.toString('latin1', 0, length))?.[1] ?? 0);
    } catch {
      return 0;
    }
  }
}
