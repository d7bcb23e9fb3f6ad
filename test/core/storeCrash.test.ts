import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { seeded } from './support/killing.js';
import { StoreCrashes } from './support/storeCrashes.js';

/** The short form of `npm run soak:history`, which has 1,000 and a seed of its own each time. */
const rounds = Number(process.env.GSP_CRASH_ROUNDS ?? 30);
const seed = Number(process.env.GSP_SOAK_SEED ?? 20_261_122);
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'gsp-crash-'));

afterAll(() => {
  fs.rmSync(root, { recursive: true, force: true });
});

test(
  `a program that keeps a history, killed ${rounds} times: all that was acknowledged is there once`,
  async () => {
    console.log(`seed ${seed}`);
    const program = path.join(root, 'storeLife.cjs');
    buildSync({
      entryPoints: [path.join(import.meta.dirname, 'support/storeLife.ts')],
      outfile: program,
      ...{ bundle: true, platform: 'node', format: 'cjs', target: 'node20', mainFields: ['module', 'main'] },
    });
    const crashes = new StoreCrashes(root, program, seeded(seed));
    const began = performance.now();
    for (let round = 0; round < rounds; round++) await crashes.round();
    await crashes.look();
    const seconds = Math.round((performance.now() - began) / 1000);
    const ends = [...crashes.ends].sort(([, a], [, b]) => b - a).map(([what, count]) => `${what}: ${count}`);
    console.log(`${rounds} lives in ${seconds} s, ${crashes.acknowledged} batches acknowledged`, ends.join(', '));
    expect(crashes.acknowledged).toBeGreaterThan(rounds);
    expect(crashes.ends.size).toBeGreaterThan(10);
  },
  60_000 + rounds * 5000,
);
