/**
 * CPU of the whole tree, percent of one core: averages over 1, 5 and 15 min; of the last 15 min what was not exceeded in 95 %
 * of the time (cpuP95) and the highest measurement (cpuPeak). null: less than half of that time is known (cpuPeak: nothing).
 * busiestThread: of one thread over about a minute, percent of a core; null: unknown, or the tree has used less than 70 %.
 * isBoundToOneCore: it was at 90 % or more for 3 min. tickRate and frameTime: null where the game has not told.
 */
export interface ServerLoad {
  cpu1: number | null;
  cpu5: number | null;
  cpu15: number | null;
  cpuP95: number | null;
  cpuPeak: number | null;
  busiestThread: number | null;
  isBoundToOneCore: boolean;
  tickRate: GameLoad | null;
  frameTime: GameLoad | null;
}

/**
 * Averages over 1, 5 and 15 min; p95: it was no worse in 95 % of the last 15 min; worst: the lowest tick rate, the longest frame
 * time of them.
 */
export interface GameLoad {
  m1: number | null;
  m5: number | null;
  m15: number | null;
  p95: number | null;
  worst: number | null;
}
