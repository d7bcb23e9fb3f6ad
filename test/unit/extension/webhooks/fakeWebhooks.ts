import type { WebhookStatus } from '../../../../src/shared/contract.js';

export function status(change: Partial<WebhookStatus> = {}): WebhookStatus {
  return {
    ...{ name: 'alarm', kind: 'discord', enabled: true, hasAddress: true, waiting: 0, dropped: 0, uncertain: 0 },
    ...{ isPaused: false, nextAt: null, detail: null },
    ...change,
  };
}
