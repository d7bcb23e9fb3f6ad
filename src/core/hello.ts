import type { Definition, Measuring, Requests } from '../shared/contract.js';
import { version } from '../shared/version.js';
import type { SecretsPort } from './ports.js';

interface Told {
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly secrets: SecretsPort;
  readonly servers: readonly { readonly id: string; readonly definition: Definition }[];
  readonly measuring: Measuring;
}

/** What whoever connects is told first. */
export function helloOf({ startedAt, secrets, servers, measuring }: Told): Requests['core/hello']['result'] {
  return {
    ...{ protocol: 1, version, pid: process.pid, startedAt, platform: process.platform },
    secretsMissing: servers.flatMap(({ id, definition }) => secrets.missing(definition).map((key) => ({ id, key }))),
    measuring,
  };
}
