// npm run bench -- alerts: what ten thousand alerts at once do to the measuring while no webhook answers.
import { alertsBars, alertsMeasures } from './alertsTable.mjs';
import { asCore } from './product.mjs';
import { startSubject } from './subjects.mjs';

const plan = { targets: 5, servers: 20, intervalMs: 2000, alerts: 10_000 };
/** Seconds of each window, and for what waits to arrive once the targets answer. */
const lengths = { full: { window: 60, settle: 60 }, quick: { window: 10, settle: 60 } };

export const alertsBench = {
  name: 'alerts',
  about: `${plan.alerts} alerts at once, ${plan.targets} webhooks that hang, ${plan.servers} servers measured every ${plan.intervalMs / 1000} s.`,
  measures: alertsMeasures,
  bars: alertsBars,
  steps: () => 3,

  async run({ step, quick }) {
    const { window: seconds, settle } = quick ? lengths.quick : lengths.full;
    const program = startSubject({ bench: 'alerts', name: 'burst', log: '/dev/null', ...asCore });
    try {
      const result = { heading: 'this product', isProduct: true, seconds, raised: plan.alerts };
      await step('Calm', async ({ say }) => {
        say(`${seconds} s without an alert`);
        await program.call('begin', plan);
        result.calm = await program.call('calm', { ...plan, seconds });
      });
      await step('Burst', async ({ say }) => {
        say(`${plan.alerts} alerts, and ${seconds} s of waiting`);
        result.burst = await program.call('burst', { ...plan, seconds });
      });
      await step('Settling', async () => {
        Object.assign(result, await program.call('settle', { seconds: settle }));
      });
      return {
        results: [result],
        notes: [],
        failures: result.left === 0 ? [] : [`${result.left} messages still wait`],
      };
    } finally {
      await program.kill();
    }
  },
};
