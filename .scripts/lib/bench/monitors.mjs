// The others, each as its users run it. All watch the same processes, which the product or the bench has started.
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { clone } from '../paths.mjs';
import { killAll } from '../processes.mjs';
import { onPath, run, start } from '../run.mjs';
import { Account, subjectMark } from './accounts.mjs';
import { plainEnvironment, startSubject } from './subjects.mjs';

const tellMs = 5_000;

/** What every monitor here has: an account, `rounds()` so far (undefined where nobody can say) and `stop()`. */
function monitorOf(account, rounds) {
  const stop = async () => {
    await killAll(subjectMark, account.name);
    account.dispose();
  };
  return { account, rounds, stop };
}

async function startNode(name, { folder, log, prefix, nodeArguments, ...argument }) {
  const account = new Account(name);
  const program = startSubject({ bench: 'polite', name, log, env: account.env, prefix, nodeArguments });
  account.add(program.pid);
  const monitor = monitorOf(account, () => program.call('rounds'));
  try {
    await program.call('begin', { ...argument, folder });
  } catch (error) {
    await monitor.stop();
    throw error;
  }
  return monitor;
}

async function startNaive({ pids, intervalMs, folder, log, prefix = [], peers }) {
  const account = new Account('naive');
  const count = path.join(folder, 'naive.count');
  const script = path.join(clone, 'test', 'bench', 'polite', 'naive.py');
  const words = [peers.python, script, path.join(folder, 'naive.db'), String(intervalMs / 1000), count];
  const [command, ...rest] = [...prefix, ...words, ...pids.map(String)];
  const output = openSync(log, 'a');
  const child = start(command, rest, { env: plainEnvironment(account.env), stdio: ['ignore', output, output] });
  closeSync(output);
  account.add(child.pid);
  child.once('error', () => {});
  return monitorOf(account, async () => {
    rmSync(count, { force: true });
    process.kill(child.pid, 'SIGUSR1');
    // It answers between two steps of its round.
    for (const until = performance.now() + tellMs; performance.now() < until; await pause(50)) {
      try {
        const text = readFileSync(count, 'utf8');
        if (text !== '') return Number(text);
      } catch {
        // Not yet.
      }
    }
    throw new Error('the program in Python does not say how far it is');
  });
}

/** Its daemon, and one who looks; it can only watch what it has started itself. */
async function startPm2({ pids, intervalMs, folder, log, peers }) {
  const account = new Account('pm2');
  const home = path.join(folder, 'pm2');
  mkdirSync(home);
  const file = path.join(home, 'apps.json');
  const app = { script: onPath('sleep'), args: ['infinity'], interpreter: 'none' };
  writeFileSync(file, JSON.stringify({ apps: pids.map((_, index) => ({ ...app, name: `server-${index}` })) }));
  const env = plainEnvironment({ ...account.env, PM2_HOME: home, PM2_DISCRETE_MODE: 'true' });
  const program = path.join(peers.pm2, 'node_modules', 'pm2', 'bin', 'pm2');
  let client;
  const monitor = monitorOf(account, () => client.call('rounds'));
  try {
    await run(process.execPath, [program, 'start', file], { log, env, cwd: home, timeoutMs: 120_000 });
    client = startSubject({ bench: 'polite', name: 'pm2List', log, env: { ...account.env, PM2_HOME: home } });
    await client.call('begin', { intervalMs, packages: peers.pm2 });
    for (const pid of account.pids()) account.add(pid);
  } catch (error) {
    await monitor.stop();
    throw error;
  }
  return monitor;
}

/**
 * In the order of the table. Those that start programs again and again come after the rest has been measured: a PC on which
 * something starts is looked at more closely by the product, and that is not what is compared. `start` takes `pids`, `intervalMs`, `folder`, `log`, `peers` and, some, `prefix`.
 */
export const monitors = [
  { name: 'minimal', heading: 'minimal loop', start: (how) => startNode('minimal', how) },
  { name: 'floor', heading: 'idle Node', start: (how) => startNode('floor', how) },
  {
    name: 'packages',
    heading: 'pidusage + systeminformation',
    needs: 'packages',
    isLater: true,
    start: ({ peers, ...how }) => startNode('packages', { ...how, packages: peers.packages }),
  },
  { name: 'naive', heading: 'psutil + SQLite, naive', needs: 'python', start: startNaive },
  { name: 'pm2', heading: 'pm2', needs: 'pm2', isLater: true, counts: [20], start: startPm2 },
];
