import path from 'node:path';
import { installBundles } from '../node/bundles.js';
import { connectCore, type CoreConnection } from '../node/coreConnection.js';
import { startCore } from '../node/startCore.js';

/** How the client reaches the background process and brings it to life; replaced in tests. */
export interface CoreAccess {
  connect(): Promise<CoreConnection>;
  start(): Promise<void>;
}

export interface Place {
  /** Where servers.json, the history and the logs are. */
  dataDir: string;
  /** What runs the background process. */
  node: string;
}

/** It leaves this long after the last window, unless servers run. */
const idleExitSeconds = 60;

/** `place` is asked at every try: a changed setting counts from the next one. locale: of the window, BCP 47. */
export function coreAccess(place: () => Place, extensionDir: string, version: string, locale: string): CoreAccess {
  const client = { name: 'vscode', version, language: locale.startsWith('ko') ? 'ko' : 'en' } as const;
  return {
    connect: () => connectCore({ dataDir: place().dataDir, client, timeoutMs: 5000 }),
    start: async () => {
      const { dataDir, node } = place();
      const bundles = installBundles({ from: path.join(extensionDir, 'dist'), dataDir, version });
      await startCore({ node, core: bundles.core, dataDir, idleExitSeconds, timeoutMs: 20_000 });
    },
  };
}
