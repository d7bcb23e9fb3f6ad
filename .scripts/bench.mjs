// npm run bench -- NAME: measures the product beside its alternatives in one run. Without a name it lists what there is.
import { requireNode } from './lib/nodeVersion.mjs';

requireNode(['20.19', '22.13', '24.0']);
const { main } = await import('./lib/bench/runBench.mjs');
const { tellFailure } = await import('./lib/steps.mjs');
const { wasInterrupted } = await import('./lib/run.mjs');

try {
  process.exit((await main(process.argv.slice(2))) ? 0 : 1);
} catch (error) {
  if (wasInterrupted()) process.exit(130);
  tellFailure(error);
  process.exit(1);
}
