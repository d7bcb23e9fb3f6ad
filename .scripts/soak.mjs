// npm run soak:lifecycle [-- ROUNDS [SEED]]: kills the core again and again at random moments, and looks each time whether
// every server is what the panel says.
// npm run soak:history [-- ROUNDS [SEED]]: kills a program that keeps a history, and looks each time whether all is there.
// The short forms run with `npm test`.
import { spawnSync } from 'node:child_process';

const soaks = {
  lifecycle: { test: 'killing.test', rounds: '200', setting: 'GSP_SOAK_ROUNDS' },
  history: { test: 'storeCrash.test', rounds: '1000', setting: 'GSP_CRASH_ROUNDS' },
};
const [what, ...given] = process.argv.slice(2);
const { test, setting, ...usual } = soaks[what];
const [rounds = usual.rounds, seed = String(Date.now() % 1_000_000)] = given;
console.log(`${rounds} rounds, seed ${seed}`);
const { status } = spawnSync(process.execPath, ['.scripts/test.mjs', 'core', '--', test], {
  stdio: 'inherit',
  env: { ...process.env, [setting]: rounds, GSP_SOAK_SEED: seed },
});
process.exit(status ?? 1);
