import type { Definition, Requests } from '../shared/contract.js';
import { version } from '../shared/version.js';
import type { MeasuringMeans, SecretsPort } from './ports.js';

interface Told {
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly secrets: SecretsPort;
  readonly servers: readonly { readonly id: string; readonly definition: Definition }[];
  readonly means: MeasuringMeans;
}

/** What whoever connects is told first. */
export function helloOf({ startedAt, secrets, servers, means }: Told): Requests['core/hello']['result'] {
  const { leastIntervalMs, shortfall } = means;
  return {
    ...{ protocol: 1, version, pid: process.pid, startedAt, platform: process.platform },
    secretsMissing: servers.flatMap(({ id, definition }) => secrets.missing(definition).map((key) => ({ id, key }))),
    measuring: { leastIntervalMs, shortfall },
  };
}
