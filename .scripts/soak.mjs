// npm run soak:lifecycle [-- ROUNDS [SEED]]: kills the core again and again at random moments, and looks each time whether
// every server is what the panel says. The short form runs with `npm test`.
import { spawnSync } from 'node:child_process';

const [rounds = '200', seed = String(Date.now() % 1_000_000)] = process.argv.slice(2);
console.log(`${rounds} rounds, seed ${seed}`);
const { status } = spawnSync(process.execPath, ['.scripts/test.mjs', 'core', '--', 'killing.test'], {
  stdio: 'inherit',
  env: { ...process.env, GSP_SOAK_ROUNDS: rounds, GSP_SOAK_SEED: seed },
});
process.exit(status ?? 1);
