// The product as users have it: a core from dist, the launcher it starts, servers that were started by them, and one client
// that looks at the numbers.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectToCore } from '../coreClient.mjs';
import { clone } from '../paths.mjs';
import { killAll } from '../processes.mjs';
import { onPath, start } from '../run.mjs';
import { subjectMark } from './accounts.mjs';
import { plainEnvironment } from './subjects.mjs';

const readyMs = 30_000;
const startMs = 180_000;
const leaveMs = 5_000;
/** As the core is started: see src/node/environment.ts. */
export const asCore = { env: { MALLOC_MMAP_THRESHOLD_: '131072' }, nodeArguments: ['--max-semi-space-size=1'] };

const definition = (index) => ({
  id: `server-${index}`,
  name: `Server ${index}`,
  game: 'other',
  launch: { command: onPath('sleep'), args: ['infinity'] },
});

/** The first line that it prints, as JSON. */
function readyLine(child) {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`the core said nothing in ${readyMs / 1000} s`)), readyMs);
    const fail = (how) => reject(new Error(`the core did not start: ${how}`));
    child.stdout.on('data', (data) => {
      said += data;
      const end = said.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      resolve(JSON.parse(said.slice(0, end)));
    });
    child.once('error', (error) => fail(error.message));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      fail(`it ended with ${signal ?? code}`);
    });
  });
}

/**
 * @param account counts it
 * @param how `count` servers, `intervalMs` of all three loads, `folder` for its data directory, `log`; `dist` is the folder
 *   of its bundles, `nodeArguments` and `coreArguments` are added, `prefix` stands before everything
 */
export async function startProduct(account, how) {
  const { count, intervalMs, folder, log, dist = path.join(clone, 'dist'), prefix = [] } = how;
  const { nodeArguments = [], coreArguments = [] } = how;
  const dataDir = path.join(folder, 'data');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const program = path.join(dist, 'core.js');
  const words = [...asCore.nodeArguments, ...nodeArguments, program, '--data-dir', dataDir, ...coreArguments];
  const [command, ...rest] = [...prefix, process.execPath, ...words];
  const output = openSync(log, 'a');
  let child;
  try {
    const env = plainEnvironment({ ...asCore.env, ...account.env });
    child = start(command, rest, { env, cwd: dataDir, stdio: ['ignore', 'pipe', output] });
  } finally {
    closeSync(output);
  }
  account.add(child.pid);
  const product = new Product(account, child);
  try {
    await product.begin(await readyLine(child), { count, intervalMs });
  } catch (error) {
    await product.stop();
    throw error;
  }
  return product;
}

class Product {
  #account;
  #child;
  #core;
  #ticks = 0;

  constructor(account, child) {
    this.#account = account;
    this.#child = child;
  }

  /** The processes of the servers. */
  pids = [];

  async begin(ready, { count, intervalMs }) {
    this.pid = ready.pid;
    const core = await connectToCore(ready, startMs, (method) => {
      if (method === 'server/sample') this.#ticks += 1;
    });
    this.#core = core;
    const all = { baseIntervalMs: intervalMs, busyIntervalMs: intervalMs, saturatedIntervalMs: intervalMs };
    // What is compared is the same interval: a product that keeps to its budget would measure two hundred less often.
    const budget = { cpuPercent: 100, memoryBytes: 1024 ** 3 };
    await core.request('settings/set', { settings: { sampling: all, budget } });
    await core.request('client/subscribe', { samples: true, visible: true });
    const wanted = Array.from({ length: count }, (_, index) => definition(index + 1));
    for (const one of wanted) await core.request('server/add', { definition: one });
    // Not all of two hundred at the same moment: each is watched for two seconds while it starts.
    for (let from = 0; from < count; from += 50) {
      const some = wanted.slice(from, from + 50);
      await Promise.all(some.map(({ id }) => core.request('server/start', { id })));
    }
    this.pids = (await core.request('server/list')).map(({ pid }) => pid);
    const { launcher, sampling } = await core.request('core/status');
    if (sampling.intervalMs !== intervalMs) throw new Error(`it samples every ${sampling.intervalMs} ms`);
    this.launcherPid = launcher?.pid;
  }

  /** A process that was started by nobody here is watched, too. */
  async watch(pid) {
    const one = { ...definition(0), id: 'game', name: 'Game' };
    await this.#core.request('server/add', { definition: one });
    await this.#core.request('server/attach', { id: 'game', pid });
  }

  /** Samples that were told so far. */
  rounds() {
    return this.#ticks;
  }

  /** The core leaves in order, if it can; whatever is left of it, its launcher and its servers is killed. */
  async stop() {
    const gone = new Promise((resolve) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) resolve();
      else this.#child.once('close', resolve);
    });
    await this.#core?.request('core/retire').catch(() => {});
    await Promise.race([gone, pause(this.#core ? leaveMs : 0, undefined, { ref: false })]);
    this.#core?.close();
    await killAll(subjectMark, this.#account.name);
    this.#account.dispose();
  }
}
