/** What is measured: of a game server, of the PC (`host`), and of the monitoring itself (`monitor`). */
export type SourceKind = 'server' | 'host' | 'monitor';

export type MetricUnit = 'percent' | 'bytes' | 'bytesPerSecond' | 'count' | 'milliseconds' | 'perSecond';

/**
 * One row per metric. unit: of the values everywhere in the program; perUnit: how many whole steps one unit is stored as
 * (memory comes in pages, so a step is 4096 bytes); chart: which metrics are drawn together.
 */
export interface MetricRow {
  readonly unit: MetricUnit;
  readonly perUnit: number;
  readonly chart: 'cpu' | 'memory' | 'players' | 'ticks' | 'disk' | 'network' | 'api' | 'pressure' | 'threads';
}

const page = 1 / 4096;
const sixteenth = 1 / 16;

/** A row is all that a new metric needs: the history makes room for it by itself. */
export const metrics = {
  server: {
    /** Percent of one core. */
    cpu: { unit: 'percent', perUnit: 100, chart: 'cpu' },
    memory: { unit: 'bytes', perUnit: page, chart: 'memory' },
    ioRead: { unit: 'bytesPerSecond', perUnit: sixteenth, chart: 'disk' },
    ioWrite: { unit: 'bytesPerSecond', perUnit: sixteenth, chart: 'disk' },
    threads: { unit: 'count', perUnit: 10, chart: 'threads' },
    players: { unit: 'count', perUnit: 100, chart: 'players' },
    tickRate: { unit: 'perSecond', perUnit: 100, chart: 'ticks' },
    frameTime: { unit: 'milliseconds', perUnit: 100, chart: 'ticks' },
    apiTime: { unit: 'milliseconds', perUnit: 10, chart: 'api' },
    cpuPerPlayer: { unit: 'percent', perUnit: 100, chart: 'cpu' },
    memoryPerPlayer: { unit: 'bytes', perUnit: page, chart: 'memory' },
  },
  host: {
    /** Percent of the whole PC. */
    cpu: { unit: 'percent', perUnit: 100, chart: 'cpu' },
    memoryUsed: { unit: 'percent', perUnit: 100, chart: 'memory' },
    swapUsed: { unit: 'percent', perUnit: 100, chart: 'memory' },
    netIn: { unit: 'bytesPerSecond', perUnit: sixteenth, chart: 'network' },
    netOut: { unit: 'bytesPerSecond', perUnit: sixteenth, chart: 'network' },
    pressureCpu: { unit: 'percent', perUnit: 100, chart: 'pressure' },
    pressureMemory: { unit: 'percent', perUnit: 100, chart: 'pressure' },
    pressureIo: { unit: 'percent', perUnit: 100, chart: 'pressure' },
  },
  monitor: {
    /** Percent of one core. */
    cpu: { unit: 'percent', perUnit: 1000, chart: 'cpu' },
    memory: { unit: 'bytes', perUnit: page, chart: 'memory' },
    ioWrite: { unit: 'bytesPerSecond', perUnit: 1, chart: 'disk' },
    netOut: { unit: 'bytesPerSecond', perUnit: 1, chart: 'network' },
  },
} as const satisfies Record<SourceKind, Record<string, MetricRow>>;

/** The ids `host` and `monitor` are no server's. */
export function sourceKindOf(id: string): SourceKind {
  return id === 'host' || id === 'monitor' ? id : 'server';
}
