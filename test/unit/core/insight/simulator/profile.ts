import type { Random } from './random.js';

const mb = 1024 ** 2;

/** What kind of server it is. Percent of a core, bytes, milliseconds; `…Ms` how long or how often. */
export interface Profile {
  readonly hasPlayers: boolean;
  readonly tick: number | null;
  readonly hasApi: boolean;
  readonly tellsSaves: boolean;
  readonly savesEmpty: boolean;
  readonly saveEveryMs: number;
  readonly saveTookMs: number;
  readonly saveCpu: number;
  readonly saveMemory: number;
  readonly saveWrite: number;
  readonly cpuBase: number;
  readonly cpuPerPlayer: number;
  readonly cpuBend: number;
  readonly cpuSlowNoise: number;
  readonly cpuFastNoise: number;
  readonly noiseLastsMs: number;
  readonly mainThread: number;
  readonly memoryBase: number;
  readonly memoryPerPlayer: number;
  readonly memoryLagMs: number;
  readonly memoryNoise: number;
  readonly cache: number;
  readonly cacheMs: number;
  readonly collected: number;
  readonly collectMs: number;
  readonly growthPerHour: number;
  readonly peakPlayers: number;
  readonly sessionMs: number;
  readonly peakHour: number;
  readonly restartHour: number | null;
  readonly backupHour: number | null;
  readonly backupMs: number;
  readonly backupCpu: number;
  readonly apiBase: number;
  readonly cores: number;
  readonly hostMean: number;
  readonly hostBytes: number;
  /** It is restarted so often; null: at `restartHour`, if anywhen. */
  readonly restartEveryMs: number | null;
  /** Every Sunday at four it does something for 25 minutes that takes so much more CPU. */
  readonly weeklyCpu: number;
  /** From then on the clocks are an hour ahead, Unix milliseconds. */
  readonly clocksChangeAt: number;
  /** What it writes and reads can be measured. */
  readonly hasDisk: boolean;
}

/** Servers that are unlike the others. */
export const worlds = {
  'restarted every 6 h': { restartEveryMs: 6 * 3_600_000, restartHour: null },
  'nobody tells who plays': { hasPlayers: false },
  'CPU and memory only': { hasPlayers: false, tick: null, hasApi: false, hasDisk: false, tellsSaves: false },
  'another load of the tick': { tick: 10, cpuPerPlayer: 22, cpuBend: 1, cpuBase: 5, cores: 8, mainThread: 0.5 },
  'always full': { peakPlayers: 60, cpuPerPlayer: 3, cores: 16, mainThread: 0.3, sessionMs: 25 * 60_000 },
  'a job every Sunday': { weeklyCpu: 120 },
  'clocks change': { clocksChangeAt: Date.UTC(2026, 0, 12), backupHour: 3.2, backupMs: 20 * 60_000 },
} as const satisfies Record<string, Partial<Profile>>;
export type World = keyof typeof worlds;

export function profileOf(random: Random): Profile {
  const memoryBase = random.between(800, 6000) * mb;
  return {
    hasPlayers: random.chance(0.9),
    tick: random.chance(0.65) ? random.pick([20, 30, 60]) : null,
    hasApi: random.chance(0.8),
    tellsSaves: random.chance(0.65),
    savesEmpty: random.chance(0.75),
    saveEveryMs: random.pick([300, 300, 300, 300, 600, 900, 1800]) * 1000,
    saveTookMs: random.between(2, 15) * 1000,
    saveCpu: random.between(30, 120),
    saveMemory: random.between(20, 200) * mb,
    saveWrite: random.between(8, 80) * mb,
    cpuBase: random.between(10, 60),
    cpuPerPlayer: random.between(3, 10),
    cpuBend: random.between(1, 1.2),
    cpuSlowNoise: random.between(0.04, 0.12),
    cpuFastNoise: random.between(0.03, 0.06),
    noiseLastsMs: random.between(5, 20) * 60_000,
    mainThread: random.between(0.4, 0.8),
    memoryBase,
    memoryPerPlayer: random.between(15, 60) * mb,
    memoryLagMs: random.between(20, 50) * 60_000,
    memoryNoise: random.between(2, 8) * mb,
    cache: random.between(100, 600) * mb,
    cacheMs: random.between(0.7, 3) * 3_600_000,
    // Hardly any runtime gives its garbage back to the system, and those that do in part.
    collected: random.chance(0.7) ? 0 : random.between(20, 150) * mb,
    collectMs: random.between(2, 8) * 60_000,
    growthPerHour: random.between(0, 2) * mb,
    peakPlayers: random.between(3, 25),
    sessionMs: random.between(30, 100) * 60_000,
    peakHour: random.between(18, 23),
    restartHour: random.chance(0.6) ? random.between(3, 7) : null,
    backupHour: random.chance(0.25) ? random.between(1, 5) : null,
    backupMs: random.between(10, 25) * 60_000,
    backupCpu: random.between(20, 60),
    apiBase: random.between(5, 40),
    cores: random.pick([4, 6, 8, 16]),
    hostMean: random.between(8, 30),
    hostBytes: memoryBase * random.between(3, 8),
    ...{ restartEveryMs: null, weeklyCpu: 0, clocksChangeAt: Infinity, hasDisk: true },
  };
}

/** Players that come in an hour, by the local hour and the day of the week (0: Monday). */
export function arrivalsPerHour(profile: Profile, hour: number, day: number): number {
  const apart = Math.min(Math.abs(hour - profile.peakHour), 24 - Math.abs(hour - profile.peakHour));
  const shape = 0.06 + 0.94 * Math.exp(-((apart / 4) ** 2));
  const weekend = day >= 5 ? 1.4 : 1;
  return profile.peakPlayers * shape * weekend * (3_600_000 / profile.sessionMs);
}
