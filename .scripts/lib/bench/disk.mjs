// npm run bench -- disk: whether a game saves slower while the monitor is there.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Account, benchMark } from './accounts.mjs';
import { diskBars, diskMain, diskMeasures } from './diskTable.mjs';
import { startProduct } from './product.mjs';
import { Resume } from './resume.mjs';
import { startSubject } from './subjects.mjs';

const others = 19;
const intervalMs = 2000;
const megabyte = 1024 ** 2;
const lengths = {
  full: { pairs: 30, bytes: 500 * megabyte, everyMs: 20_000, settleMs: 8_000 },
  quick: { pairs: 4, bytes: 100 * megabyte, everyMs: 5_000, settleMs: 2_000 },
};
/** Seconds per pair that starting and ending takes beyond the time between saves, about. */
const around = 5;

export const diskBench = {
  name: 'disk',
  about: 'How long a game takes to save, with and without this product, on the same file system.',
  measures: diskMeasures,
  bars: diskBars,
  main: diskMain,
  takes(quick) {
    const { pairs, everyMs } = quick ? lengths.quick : lengths.full;
    return `${Math.ceil((pairs * ((3 * everyMs) / 1000 + around)) / 60)} minutes`;
  },
  steps: () => 1,

  async run({ step, quick, folder }) {
    const plan = quick ? lengths.quick : lengths.full;
    const resume = new Resume('disk', plan);
    const pairs = await step('Saves', async (progress) => {
      progress.say(`${plan.pairs} pairs of saves, ${plan.everyMs / 1000} s apart`);
      const stage = new Stage({ plan, log: progress.log, folder: path.join(folder, 'disk') });
      try {
        const found = [];
        for (let pair = 1; pair <= plan.pairs; pair += 1) {
          progress.now(`pair ${pair} of ${plan.pairs}`);
          // With and without change places, so that neither always comes second; and the product starts half as often.
          const order = pair % 2 === 0 ? ['with', 'without'] : ['without', 'with'];
          found.push(await resume.part(String(pair), () => stage.pair(order)));
        }
        return found;
      } finally {
        await stage.end();
      }
    });
    resume.done();
    const results = [
      { name: 'product', heading: 'with this product', isProduct: true, pairs },
      { name: 'nothing', heading: 'without', isProduct: false, pairs },
    ];
    return { results, notes: remarks(plan), failures: [] };
  },
};

class Stage {
  #how;
  #game;
  #product;
  #due = 0;

  constructor(how) {
    this.#how = how;
    rmSync(how.folder, { recursive: true, force: true });
    mkdirSync(how.folder, { recursive: true });
    this.#game = startSubject({ bench: 'disk', name: 'saver', log: how.log, env: { [benchMark]: '1' } });
  }

  async pair(order) {
    const found = {};
    for (const which of order) {
      // Measured: the first save after the product has come or gone is slower, either way. It does not count.
      if (await this.#set(which === 'with')) await this.#save();
      found[which] = await this.#save();
    }
    return found;
  }

  async #save() {
    const { plan, folder } = this.#how;
    await pause(Math.max(0, this.#due - performance.now()));
    this.#due = performance.now() + plan.everyMs;
    return this.#game.call('save', { folder, bytes: plan.bytes });
  }

  /** Starts or ends the product; false where it is so already. */
  async #set(isOn) {
    if (isOn === (this.#product !== undefined)) return false;
    const { plan, log, folder } = this.#how;
    const place = path.join(folder, 'product');
    if (isOn) {
      this.#product = await startProduct(new Account('disk'), { count: others, intervalMs, folder: place, log });
      await this.#product.watch(this.#game.pid);
    } else {
      await this.#product.stop();
      this.#product = undefined;
      rmSync(place, { recursive: true, force: true });
    }
    await pause(plan.settleMs);
    return true;
  }

  async end() {
    await this.#product?.stop();
    await this.#game.kill();
    rmSync(this.#how.folder, { recursive: true, force: true });
  }
}

function remarks({ pairs, bytes, everyMs }) {
  return [
    `${pairs} pairs of saves of ${bytes / megabyte} MB, synced, one every ${everyMs / 1000} s, with and without changing places.`,
    `This product: everything on, the game and ${others} others watched every ${intervalMs / 1000} s, its data on the same file system.`,
    'The interval of the median ratio is by bootstrap of the pairs (10 000 draws).',
  ];
}
