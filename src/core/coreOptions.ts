import type { Endpoints } from '../node/endpoint.js';
import type { FileLog } from './fileLog.js';
import type { LauncherLink } from './launcherLink/launcherLink.js';
import type { Platform } from './platform/platform.js';
import type { Standing } from './ports.js';
import type { SecretTable } from './secrets/secretFile.js';

export interface CoreOptions {
  dataDir: string;
  /** Where this process's bundle and SQLite's files are. */
  bundleDir: string;
  /** Seconds to stay after the last window has gone and no server runs; null: for good. */
  idleExitSeconds: number | null;
  endpoints: Endpoints;
  platform: Platform;
  launcher: LauncherLink;
  log: FileLog;
  standing: Standing;
  /** Secrets handed over at the start. */
  secrets: SecretTable;
  leave(this: void): void;
}
