// npm run bench -- insight-sim: what is found in simulated weeks of game servers in which it is known what went wrong.
import { insightSimBars, insightSimMeasures } from './insightSimTable.mjs';
import { startSubject } from './subjects.mjs';

/** Two weeks each: one to learn, one in which things go wrong. Constants were chosen with seeds below 10,000. */
const firstSeed = 50_000;
const servers = { full: 100, quick: 6 };
const atATime = 2;
const unlikeSeed = 51_000;
const unlikeServers = { full: 10, quick: 1 };
const fineSeed = 59_999;
const fineStepMs = 5000;
const mostMistakes = 40;

export const insightSimBench = {
  name: 'insight-sim',
  about: 'What is found in simulated weeks of game servers, beside plain mean and three standard deviations.',
  measures: insightSimMeasures,
  bars: insightSimBars,
  steps: () => 3,

  async run({ step, quick }) {
    const count = quick ? servers.quick : servers.full;
    const notes = [
      `${count} servers, seeds ${firstSeed} to ${firstSeed + count - 1}, two weeks each, a measurement a minute: players by hour, saves, restarts, backups, garbage collection and noise, and in the second week one of each kind.`,
      'Plain: an alarm is a run of minutes beyond mean ± 3 standard deviations of the last seven days, per metric; runs less than ten minutes apart are one.',
    ];
    const results = [];
    const mistakes = [];
    let program;
    try {
      await step('Weeks', async ({ log, say }) => {
        program = startSubject({ bench: 'insight-sim', name: 'weeks', log });
        say(`${count} servers, two weeks each`);
        await program.call('begin');
        for (let done = 0; done < count; done += atATime)
          await program.call('weeks', { from: firstSeed + done, count: Math.min(atATime, count - done) });
        const { ours, plain } = await program.call('scores');
        results.push({ heading: 'this product', isProduct: true, score: ours });
        results.push({ heading: 'plain 3-sigma', isProduct: false, score: plain });
        mistakes.push(...ours.notes.slice(0, mostMistakes));
      });
      await step('Servers unlike the others', async ({ say }) => {
        const worlds = await program.call('worlds');
        for (const result of results) result.worlds = {};
        for (const world of worlds) {
          say(world);
          const of = { world, from: unlikeSeed, count: quick ? unlikeServers.quick : unlikeServers.full };
          const { ours, plain } = await program.call('unlike', of);
          results[0].worlds[world] = ours;
          results[1].worlds[world] = plain;
        }
      });
      await step('Every 5 s', async () => {
        const { micros, samples } = await program.call('finely', { seed: fineSeed, stepMs: fineStepMs });
        results[0].fine = { micros, samples };
      });
      const cells = [['seed, and what was missed or called wrong'], ...mistakes.map((one) => [one])];
      const sections = [{ heading: 'What this product has missed or called wrong', cells, isDetail: true }];
      return { results, notes, sections, failures: [] };
    } finally {
      await program?.kill();
    }
  },
};
