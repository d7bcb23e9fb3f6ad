import type { CoreStatus } from '../shared/contract.js';
import { version } from '../shared/version.js';
import type { LauncherLink } from './launcherLink/launcherLink.js';
import { canRaise } from './platform/canRaise.js';
import type { Platform } from './platform/platform.js';
import { intervalView } from './sampling/intervalView.js';
import type { SamplingLoop } from './sampling/samplingLoop.js';
import type { SelfMeter } from './sampling/selfMeter.js';
import type { Store } from './store/store.js';

interface Told {
  readonly platform: Platform;
  readonly launcher: LauncherLink;
  readonly sampling: SamplingLoop;
  readonly self: SelfMeter;
  readonly store: Store;
  /** Unix milliseconds. */
  readonly startedAt: number;
}

/** What the monitoring tells of itself. */
export function statusOf({ platform, launcher, sampling, self, store, startedAt }: Told): CoreStatus {
  const { host, policy } = sampling;
  const { nice, ioClass } = platform.priority.current();
  return {
    pid: process.pid,
    version,
    uptimeMs: Date.now() - startedAt,
    self: { ...self.read(), netBytesPerHour: 0, nice, ioClass, budget: 'ok' },
    launcher: launcher.pid === null ? null : platform.processes.describe(launcher.pid),
    sampling: intervalView(policy),
    host: { cpuPercent: host?.cpuPercent ?? 0, memUsedPercent: host?.memoryUsedPercent ?? 0 },
    canRaise: canRaise(),
    pressure: 'none',
    store: store.status(),
  };
}
