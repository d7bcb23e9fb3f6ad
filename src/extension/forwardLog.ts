import type { CoreClient } from './coreClient.js';
import type { Log } from './log.js';

/** What the background process has to say goes into the same channel: one place to look. */
export function forwardLog(client: CoreClient, log: Log): { dispose(): void } {
  return client.on('core/log', ({ level, tag, text, data }) => {
    log[level](`[${tag}] ${text}`, ...(data === undefined ? [] : [data]));
  });
}
