import type { CoreStatus } from '../shared/contract.js';
import { version } from '../shared/version.js';
import type { OwnBudget } from './ownBudget.js';
import type { LauncherLink } from './launcherLink/launcherLink.js';
import { canRaise } from './platform/canRaise.js';
import type { Platform } from './platform/platform.js';
import { intervalView } from './sampling/intervalView.js';
import type { SamplingLoop } from './sampling/samplingLoop.js';
import type { MemoryLevel } from './pressure/levels.js';
import type { SelfMeter } from './sampling/selfMeter.js';
import type { Store } from './store/store.js';

interface Told {
  readonly platform: Platform;
  readonly launcher: LauncherLink;
  readonly sampling: SamplingLoop;
  readonly self: SelfMeter;
  readonly pressure: MemoryLevel;
  readonly budget: OwnBudget;
  readonly store: Store;
  /** Unix milliseconds. */
  readonly startedAt: number;
}

/** What the monitoring tells of itself. */
export function statusOf({ platform, launcher, sampling, self, budget, pressure, store, startedAt }: Told): CoreStatus {
  const { host, policy } = sampling;
  const { nice, ioClass, oomScoreAdj } = platform.priority.current();
  const { netOut: _, ...cost } = self.read();
  return {
    pid: process.pid,
    version,
    uptimeMs: Date.now() - startedAt,
    self: { ...cost, nice, ioClass, oomScoreAdj, budget: budget.state, budgetLimits: budget.limits },
    launcher: launcher.pid === null ? null : platform.processes.describe(launcher.pid),
    sampling: intervalView(policy),
    host: { cpuPercent: host?.cpuPercent ?? 0, memUsedPercent: host?.memoryUsedPercent ?? 0 },
    pressure,
    canRaise: canRaise(),
    store: store.status(),
  };
}
