import type { PhysicalMemory, ProcessorTimes } from '../../../node/windows/hostFigures.js';
import type { HostSample } from '../../ports.js';

/** CPU and memory of the whole PC. */
export class WindowsHost {
  private last: ProcessorTimes | undefined;

  constructor(
    private readonly times: () => ProcessorTimes | undefined,
    private readonly memory: () => PhysicalMemory | undefined,
  ) {}

  read(): HostSample {
    const { totalBytes, availableBytes } = this.memory() ?? { totalBytes: NaN, availableBytes: NaN };
    return {
      cpuPercent: this.cpu(),
      memoryUsedPercent: (100 * (totalBytes - availableBytes)) / totalBytes,
      memoryTotalBytes: totalBytes,
    };
  }

  private cpu(): number | null {
    const now = this.times();
    const { last } = this;
    this.last = now;
    if (now === undefined || last === undefined) return null;
    const all = now.all - last.all;
    const percent = 100 * (1 - (now.idle - last.idle) / all);
    return all > 0 ? Math.min(100, Math.max(0, percent)) : null;
  }
}
