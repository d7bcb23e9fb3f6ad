import { test } from 'vitest';
import { useBench } from './support/bench.js';
import { Killing, seeded } from './support/killing.js';

const bench = useBench();
/** The short form of `npm run soak:lifecycle`, which has 200 and a seed of its own each time. */
const rounds = Number(process.env.GSP_SOAK_ROUNDS ?? 12);
const seed = Number(process.env.GSP_SOAK_SEED ?? 20_261_122);

test(
  `the core killed ${rounds} times at random moments: no server twice, none lost, none against the wish, no world older`,
  async () => {
    console.log(`seed ${seed}`);
    const killing = new Killing(bench(), seeded(seed));
    await killing.prepare();
    for (let round = 1; round <= rounds; round++) {
      await killing.round();
      if (round % 10 === 0) await killing.settle();
    }
    await killing.settle();
  },
  60_000 + rounds * 20_000,
);
