import type { CoreStatus } from '../../src/shared/contract.js';
import { historyOf, type HistoryParams } from './history.js';

const megabyte = 1024 ** 2;

/** A monitoring that has been there for a while, within its budget. */
export function coreStatus(part: Partial<CoreStatus['self']> = {}): CoreStatus {
  return {
    ...{ pid: 1, version: '0.1.0', uptimeMs: 600_000 },
    self: {
      ...{ cpuPercent: 0.24, rssBytes: 60 * megabyte, writeBytesPerHour: 56 * 1024, netBytesPerHour: 12 * 1024 },
      ...{ nice: 10, ioClass: 'idle', oomScoreAdj: 500, budget: 'ok' },
      budgetLimits: { cpuPercent: 1, memoryBytes: 190 * megabyte },
      ...part,
    },
    launcher: { pid: 2, rssBytes: 40 * megabyte, nice: 0 },
    sampling: { intervalMs: 3000, reason: 'base' },
    host: { cpuPercent: 40, memUsedPercent: 70 },
    pressure: 'none',
    store: { rows: 1, bytes: 1, journalBytes: 1, lastFlushAt: null, dropped: 0 },
  };
}

/** The PC's history: all that Linux tells, or what Windows does. */
export function historyOfPc(params: HistoryParams, system: 'linux' | 'windows' = 'linux'): unknown {
  const wave = (at: number, seconds: number) => Math.sin(at / 1000 / seconds);
  const spread = (mean: number): [number, number, number] => [mean, mean * 0.8, mean * 1.25];
  const told = {
    cpu: (at: number) => spread(45 + 20 * wave(at, 70) + 5 * wave(at, 13)),
    memoryUsed: (at: number) => spread(68 + 2 * wave(at, 300)),
  };
  const linux = {
    swapUsed: () => spread(12),
    pressureCpu: (at: number) => spread(8 + 7 * wave(at, 70)),
    pressureMemory: () => spread(0.5),
    pressureIo: (at: number) => spread(3 + 3 * wave(at, 40)),
    netIn: (at: number) => spread((240 + 60 * wave(at, 50)) * 1024),
    netOut: (at: number) => spread((1400 + 500 * wave(at, 90)) * 1024),
  };
  return historyOf(params, system === 'linux' ? { ...told, ...linux } : told);
}
