// The core of the trial profile and its demo server: started for `npm start`, ended with it.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { clone } from './paths.mjs';
import { start } from './run.mjs';

const demo = {
  id: 'demo',
  name: 'Demo Server',
  game: 'demo',
  // The core fills these in; it knows where its own files are.
  launch: { command: '${node}', args: ['${demoServer}', '${dataDir}/worlds/demo.json'] },
};
const alreadyOwned = 3;
const isUp = ({ state }) => ['starting', 'running', 'stopping', 'restarting'].includes(state);

/** Starts a core, or finds the one that owns the data directory already; returns how to reach it. */
export async function findOrStartCore({ dataDir, env, logFile }) {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const program = path.join(clone, 'dist', 'core.js');
  // Into a file, not a pipe: should this process be killed, the core goes on and may still want to complain.
  const log = openSync(logFile, 'a');
  const child = start(process.execPath, [program, '--data-dir', dataDir, '--idle-exit', '60'], {
    env,
    cwd: dataDir,
    unbreakable: true, // it is asked to leave, once its servers have saved
    stdio: ['ignore', 'pipe', log],
  });
  closeSync(log);
  const line = await firstLine(child, logFile);
  if (line.ready) return { pid: line.pid, endpoint: line.endpoint, token: line.token };
  return { ...line.owner, token: path.join(dataDir, 'run', 'token') };
}

function firstLine(child, logFile) {
  return new Promise((resolve, reject) => {
    let said = '';
    const fail = (reason) => reject(Object.assign(new Error(`The core did not start: ${reason}`), { log: logFile }));
    const timer = setTimeout(() => fail('it said nothing within 20 s'), 20_000);
    const read = () => {
      const end = said.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      try {
        resolve(JSON.parse(said.slice(0, end)));
      } catch {
        fail(`it said "${said.slice(0, 200)}"`);
      }
    };
    child.stdout.on('data', (data) => {
      said += data;
      read();
    });
    child.once('error', (error) => fail(error.message));
    child.once('close', (code) => {
      clearTimeout(timer);
      if (code !== alreadyOwned || !said.includes('\n')) fail(`it ended with ${code}`);
    });
  });
}

/** Adds the demo server if the profile has none, and starts it. */
export async function startDemoServer(core) {
  const servers = await core.request('server/list');
  const present = servers.find(({ id }) => id === demo.id);
  if (!present) await core.request('server/add', { definition: demo });
  if (present && isUp(present)) return present;
  return core.request('server/start', { id: demo.id }, 150_000);
}

/** Stops, with a save, every server that runs in the trial profile, then the core, then the launcher that held them. */
export async function endCore(core, say) {
  try {
    const { launcher } = await core.request('core/status').catch(() => ({ launcher: null }));
    const running = (await core.request('server/list')).filter(isUp);
    await Promise.all(
      running.map(async ({ id, name }) => {
        say(`Stopping ${name} (its world is saved first)`);
        await core
          .request('server/stop', { id, reason: 'npm start ended' }, 120_000)
          .catch((error) => say(`${name} did not stop: ${error.message}`));
      }),
    );
    say('Stopping the core');
    await core.request('core/retire');
    await Promise.race([core.closed, pause(5_000)]);
    if (launcher) endProcess(launcher.pid);
  } finally {
    core.close();
  }
}

/** A launcher without servers and without a core would leave by itself, but only a minute later. */
function endProcess(pid) {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // Gone already.
  }
}
