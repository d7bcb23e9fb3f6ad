// npm run bench -- games: what it costs to ask twenty servers how they are, again and again.
import { gamesBars, gamesMeasures } from './gamesTable.mjs';
import { asCore } from './product.mjs';
import { startSubject } from './subjects.mjs';

/** Of each kind: by HTTP and by RCON. */
const servers = 10;
const intervalMs = 15_000;
/** Seconds: until everything is connected and compiled, and of each window that is measured. */
const lengths = { full: { warmUp: 30, window: 120 }, quick: { warmUp: 3, window: 30 } };

export const gamesBench = {
  name: 'games',
  about: `${2 * servers} servers asked every ${intervalMs / 1000} s: ${servers} by HTTP, ${servers} by RCON.`,
  measures: gamesMeasures,
  bars: gamesBars,
  steps: () => 3,

  /** The servers are fakes in a process of their own; the ground is the same process while it polls nobody. */
  async run({ step, quick }) {
    const { warmUp, window } = quick ? lengths.quick : lengths.full;
    const programs = [];
    try {
      const { fakes, polling, ports } = await step('Servers', async ({ log }) => {
        const start = (name, more) => {
          const program = startSubject({ bench: 'games', name, log, ...more });
          programs.push(program);
          return program;
        };
        const fakes = start('servers');
        return { fakes, polling: start('polling', asCore), ports: await fakes.call('open', { count: servers }) };
      });
      const result = { heading: 'polling', isProduct: true, seconds: window };
      await step('Polling', async ({ say }) => {
        say(`${warmUp} s to begin with, and ${window} s that are measured`);
        await polling.call('begin', { ...ports, intervalMs, seconds: warmUp });
        const before = await fakes.call('counts');
        Object.assign(result, await polling.call('measure', { seconds: window }));
        const after = await fakes.call('counts');
        result.byHttp = after.byHttp - before.byHttp;
        result.byRcon = after.byRcon - before.byRcon;
        result.answering = await polling.call('answering');
      });
      await step('Ground', async ({ say }) => {
        say(`${window} s without polling`);
        await polling.call('cease');
        result.ground = (await polling.call('measure', { seconds: window })).cpuSeconds;
      });
      const missing = 2 * servers - result.answering;
      const failures = missing === 0 ? [] : [`${missing} servers were not heard`];
      return { results: [result], notes: [`Each game has 4 players; by HTTP that is two requests a poll.`], failures };
    } finally {
      for (const program of programs) await program.kill();
    }
  },
};
