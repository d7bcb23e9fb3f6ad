import type { Message } from '../../../../../../src/core/alerts/webhooks/message.js';

type Parts = Partial<Omit<Message, 'alert'>> & { alert?: Partial<Message['alert']> };

let last = 0;

/** A message, as far as a test says; each has an id and an alert of its own. */
export function message({ alert, ...parts }: Parts = {}): Message {
  last += 1;
  const at = 1_800_000_000_000;
  return {
    ...{ id: `m${String(last)}`, at, kind: 'raised', language: 'en', title: 'Demo crashed', text: 'Exit code 1.' },
    fields: [],
    ...parts,
    alert: {
      ...({ id: `a${String(last)}`, rule: 'crash', severity: 'warning', server: 'demo', serverName: 'Demo' } as const),
      ...{ count: 1, firstAt: at, lastAt: at },
      ...alert,
    },
  };
}
