import { detectServers } from './detection/detect.js';
import { InstalledServers } from './detection/installed.js';
import type { OwnSettingsReader } from './games/ownSettings.js';
import type { ServiceParts } from './service.js';

/** The search for servers on this PC, which knows what games say in their own settings. */
export function finding(settings: OwnSettingsReader): ServiceParts['detect'] {
  const installed = new InstalledServers();
  return async (seen, servers) =>
    await detectServers({
      seen,
      servers: servers.map(({ definition, process, isLive }) => ({ definition, pid: process?.pid ?? null, isLive })),
      own: (definition) => settings.readOwnSettings(definition),
      installed: () => installed.find(),
    });
}
