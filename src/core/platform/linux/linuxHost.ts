import type { HostSample } from '../../ports.js';
import { HostNetwork } from './hostNetwork.js';
import { numberAt, openKept, readFields, readKept } from './procFile.js';
import { Stalls } from './stalls.js';

const memTotal = Buffer.from('MemTotal:');
const memAvailable = Buffer.from('MemAvailable:');
const swapTotal = Buffer.from('SwapTotal:');
const swapFree = Buffer.from('SwapFree:');
const forks = Buffer.from('\nprocesses ');
const space = 32;
const ticks = new Float64Array(8);
const all = new Uint8Array(8).fill(1);

/** The whole machine from /proc/stat, /proc/meminfo, /proc/pressure and /proc/net/dev, descriptors kept open. */
export class LinuxHost {
  private readonly stat = openKept('/proc/stat');
  private readonly meminfo = openKept('/proc/meminfo');
  private readonly network = new HostNetwork();
  private readonly cpuStalls = new Stalls('/proc/pressure/cpu');
  private readonly memoryStalls = new Stalls('/proc/pressure/memory');
  private readonly ioStalls = new Stalls('/proc/pressure/io');
  private lastBusy = NaN;
  private lastTotal = NaN;
  private forkCount = NaN;

  read(): HostSample {
    return {
      cpuPercent: this.cpu(),
      ...this.memory(),
      ...this.network.read(),
      pressureCpu: this.cpuStalls.read(),
      pressureMemory: this.memoryStalls.read(),
      pressureIo: this.ioStalls.read(),
    };
  }

  /** Processes and threads started since boot, as of the last reading. */
  get started(): number {
    return this.forkCount;
  }

  private cpu(): number | null {
    const bytes = this.stat === undefined ? undefined : readKept(this.stat);
    if (bytes === undefined) return null;
    this.forkCount = numberAt(bytes, bytes.indexOf(forks) + forks.length, 0);
    // "cpu  user nice system idle iowait irq softirq steal": guest time is part of user already.
    readFields(bytes, 5, bytes.length, ticks, all);
    let total = 0;
    for (const time of ticks) total += time;
    const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
    const busy = total - idle;
    const percent = (100 * (busy - this.lastBusy)) / (total - this.lastTotal);
    this.lastBusy = busy;
    this.lastTotal = total;
    return Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : null;
  }

  private memory(): Pick<HostSample, 'memoryUsedPercent' | 'memoryTotalBytes' | 'swapUsed'> {
    const bytes = this.meminfo === undefined ? undefined : readKept(this.meminfo);
    const total = bytes === undefined ? NaN : kilobytes(bytes, memTotal);
    const available = bytes === undefined ? NaN : kilobytes(bytes, memAvailable);
    const swap = bytes === undefined ? NaN : kilobytes(bytes, swapTotal);
    const free = bytes === undefined ? NaN : kilobytes(bytes, swapFree);
    const swapUsed = (100 * (swap - free)) / swap;
    return {
      memoryUsedPercent: (100 * (total - available)) / total,
      memoryTotalBytes: total * 1024,
      // Without any there is nothing to be used.
      swapUsed: Number.isFinite(swapUsed) ? swapUsed : null,
    };
  }
}

function kilobytes(bytes: Buffer, key: Buffer): number {
  const found = bytes.indexOf(key);
  if (found < 0) return NaN;
  let at = found + key.length;
  while (bytes[at] === space) at++;
  return numberAt(bytes, at, 0);
}
