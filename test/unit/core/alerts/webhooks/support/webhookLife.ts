// A program that tells a webhook of alerts and is killed while it does; webhookKills.test.ts bundles and starts it.
// Arguments: data directory, address, how many alerts to tell of. Says what happens as one JSON per line (Said).
import fs from 'node:fs';
import { webhookTargets } from '../../../../../../src/core/alerts/webhooks/targets.js';
import { Webhooks } from '../../../../../../src/core/alerts/webhooks/webhooks.js';

export type Said =
  { readonly is: 'told' } | { readonly is: 'done'; readonly dropped: number; readonly uncertain: number };

const [, , dataDir = '', address = '', count = '0'] = process.argv;
const say = (said: Said): void => void fs.writeSync(1, `${JSON.stringify(said)}\n`);

const webhooks = new Webhooks({
  dataDir,
  log: { write: () => undefined },
  targets: () => webhookTargets([{ name: 'x', kind: 'generic' }]),
  address: () => address,
  language: () => 'en',
  server: () => undefined,
  paused: () => undefined,
  resumed: () => undefined,
});

for (let n = 1; n <= Number(count); n++) {
  const at = Date.now();
  webhooks.tell(
    {
      ...{ id: `m${n}`, rule: 'save-failed', server: 'demo', serverName: 'Demo', severity: 'error', data: {} },
      ...{ firstAt: at, lastAt: at, count: 1, state: 'active' },
    },
    { reason: 'new', times: 1 },
  );
}
// Words are found when the work of the moment is done.
setImmediate(() => {
  say({ is: 'told' });
  setInterval(() => {
    const [status] = webhooks.list();
    if (status?.waiting !== 0) return;
    const { dropped, uncertain } = status;
    void webhooks.dispose().then(() => {
      say({ is: 'done', dropped, uncertain });
      process.exit(0);
    });
  }, 5);
});
