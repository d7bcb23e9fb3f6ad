import { detectServers } from './detection/detect.js';
import { InstalledServers } from './detection/installed.js';
import { OwnSettingsReader } from './games/ownSettings.js';
import type { ServiceParts } from './service.js';

/** The search for servers on this PC, which knows what games say in their own settings. */
export function finding(dataDir: string): ServiceParts['detect'] {
  const settings = new OwnSettingsReader(dataDir);
  const installed = new InstalledServers();
  return async (seen, servers) =>
    await detectServers({
      seen,
      servers: servers.map(({ definition, process, isLive }) => ({ definition, pid: process?.pid ?? null, isLive })),
      own: (definition) => settings.readOwnSettings(definition),
      installed: () => installed.find(),
    });
}
