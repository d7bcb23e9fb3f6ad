// npm test: every test on a machine that has only Node and npm. `npm test -- --help` tells what can be chosen.
import { requireNode } from './lib/nodeVersion.mjs';

requireNode(['20.19', '22.13', '24.0']);
const { main } = await import('./lib/runTests.mjs');
const { tellFailure } = await import('./lib/steps.mjs');

try {
  process.exit((await main(process.argv.slice(2))) ? 0 : 1);
} catch (error) {
  tellFailure(error);
  process.exit(1);
}
