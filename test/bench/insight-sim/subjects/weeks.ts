import { evaluate, emptyScore, judge, run } from '../../../unit/core/insight/simulator/evaluate.js';
import { worlds, type World } from '../../../unit/core/insight/simulator/profile.js';
import { serve } from '../../support/serve.js';

/** Servers that are simulated and looked at, ours and plainly, some seeds at a time so that it can be seen how far it is. */
let scores = { ours: emptyScore(), plain: emptyScore() };

serve({
  begin: () => {
    scores = { ours: emptyScore(), plain: emptyScore() };
  },
  weeks: ({ from, count }: { from: number; count: number }) => {
    for (let seed = from; seed < from + count; seed++) judge(run(seed), seed, scores.ours, scores.plain);
  },
  scores: () => scores,
  /** Of servers that are unlike the others. */
  worlds: () => Object.keys(worlds),
  unlike: ({ world, from, count }: { world: World; from: number; count: number }) => {
    const seeds = Array.from({ length: count }, (_, place) => from + place);
    const { ours, plain } = evaluate(seeds, 60_000, world);
    return { ours, plain };
  },
  /** As often as a real server is measured. */
  finely: ({ seed, stepMs }: { seed: number; stepMs: number }) => evaluate([seed], stepMs).ours,
});
