import { createRequire } from 'node:module';
import path from 'node:path';
import { serve } from '../../support/serve.js';

interface Begin {
  readonly pids: readonly number[];
  readonly intervalMs: number;
  /** Where the two packages are installed. */
  readonly packages: string;
}

interface SystemInformation {
  currentLoad(): Promise<unknown>;
  mem(): Promise<unknown>;
}

let rounds = 0;

/** What one would write with the usual packages: pidusage for the processes, systeminformation for the host. */
serve({
  begin({ pids, intervalMs, packages }: Begin) {
    const load = createRequire(path.join(packages, 'package.json'));
    const pidusage = load('pidusage') as (pids: readonly number[]) => Promise<unknown>;
    const system = load('systeminformation') as SystemInformation;
    let isBusy = false;
    const look = async (): Promise<void> => {
      if (isBusy) return;
      isBusy = true;
      try {
        await Promise.all([pidusage(pids), system.currentLoad(), system.mem()]);
        rounds += 1;
      } finally {
        isBusy = false;
      }
    };
    setInterval(() => void look(), intervalMs);
  },
  rounds: () => rounds,
});
