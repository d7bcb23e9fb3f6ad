// npm start: the panel on a running demo server in VS Code, on a machine that has only Node and npm.
import { requireNode } from './lib/nodeVersion.mjs';

requireNode(['20.0.0']);
const { main } = await import('./lib/startPanel.mjs');
const { tellFailure } = await import('./lib/steps.mjs');
const { wasInterrupted } = await import('./lib/run.mjs');

try {
  await main();
  process.exit(0);
} catch (error) {
  if (wasInterrupted()) process.exit(0);
  tellFailure(error);
  process.exit(1);
}
