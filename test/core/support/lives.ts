import { describe, expect, test } from 'vitest';
import type { CoreConnection } from '../../../src/node/coreConnection.js';
import type { Definition, ServerView, StopStep } from '../../../src/shared/contract.js';
import { stateOf, until, useBench, type Bench } from './bench.js';
import { definitionOf, newPlace, whyMissing, type Place, type RealGame } from './games.js';
import { often } from './often.js';

/** One real game, and what its own ways look like. */
export interface Life {
  readonly game: RealGame;
  /** Part of what it prints when it is ready, and when it stops in its own way. */
  readonly readyText: string;
  readonly stopText: string;
  /** The steps of its stop with their details, or the beginnings of them. */
  readonly steps: [string, string | null][];
  /** What its stop needs beside its definition. */
  prepare?(connection: CoreConnection): Promise<unknown>;
  /** Ends it in order without the panel's stop. */
  endFromInside(connection: CoreConnection, view: ServerView, place: Place): Promise<unknown>;
  /** What the system says of its end by SIGSEGV: a handler of its own may make something else of it. */
  readonly crash?: { code: number | null; signal: string | null };
}

/** A core, a connection to it, and one defined server. */
export async function defined(
  bench: Bench,
  game: RealGame,
  change: Partial<Definition> = {},
  id: string = game,
): Promise<{ connection: CoreConnection; place: Place }> {
  const place = await newPlace(bench, id);
  await bench.core();
  const connection = await bench.connect();
  await connection.request('settings/set', { settings: { sampling: often } });
  await connection.request('client/subscribe', { samples: true, consoles: [id], visible: true });
  await connection.request('server/add', { definition: definitionOf(game, place, change) });
  return { connection, place };
}

export async function reached(
  connection: CoreConnection,
  id: string,
  state: ServerView['state'],
  notPid = 0,
): Promise<ServerView> {
  return await until(`${id} ${state}`, async () => {
    const view = await stateOf(connection, id);
    return view.state === state && view.pid !== notPid && view;
  });
}

export const detailsOf = (steps: readonly StopStep[]): [string, string | null][] =>
  steps.map(({ step, detail }) => [step, detail]);

const stringStarting = (text: string): unknown =>
  expect.stringMatching(new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`));

const quick = { maxAttempts: 2, windowSeconds: 600, backoffSeconds: [0.05] };

/** The life that every game leads, told right: start, stop, its own end, crashes, hangs. */
export function livesOf(life: Life): void {
  const { game } = life;
  const bench = useBench();

  describe.skipIf(whyMissing(game) !== undefined)(game, () => {
    test('is ready by its line, measured, and stopped in its own way', async () => {
      const { connection } = await defined(bench(), game);
      await life.prepare?.(connection);
      const started = await connection.request('server/start', { id: game });
      expect(started).toMatchObject({ state: 'running', health: { is: 'ok' } });
      await until('the ready line', () => bench().console(game).includes(life.readyText));
      const sample = await until('numbers', async () => {
        const { sample: now } = await stateOf(connection, game);
        return now?.cpu !== null && now;
      });
      expect(sample.memory).toBeGreaterThan(1_000_000);
      const { view, steps } = await connection.request('server/stop', { id: game }, { timeoutMs: 60_000 });
      expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, signal: null, cause: 'asked' } });
      const expected = life.steps.map(([step, detail]) => [step, detail === null ? null : stringStarting(detail)]);
      expect(detailsOf(steps)).toEqual(expected);
      expect(bench().console(game)).toContain(life.stopText);
    });

    test('that ends by itself in order is no crash, and comes back only where that is asked for', async () => {
      const { connection, place } = await defined(bench(), game, { restart: { policy: 'on-crash', ...quick } });
      const started = await connection.request('server/start', { id: game });
      await life.endFromInside(connection, started, place);
      const view = await reached(connection, game, 'stopped');
      expect(view.exit).toMatchObject({ code: 0, signal: null, cause: 'stopped-from-inside' });
      expect(view.restarts).toMatchObject({ used: 0, nextAt: null });

      const restart = { policy: 'always' as const, ...quick };
      await connection.request('server/update', { definition: definitionOf(game, place, { restart }) });
      const again = await connection.request('server/start', { id: game });
      await life.endFromInside(connection, again, place);
      expect((await reached(connection, game, 'running', again.pid ?? 0)).restarts.used).toBe(1);
    });

    test('that crashes is restarted, and given up when it goes on crashing', async () => {
      const { connection } = await defined(bench(), game, { restart: { policy: 'on-crash', ...quick } });
      const seen: ServerView[] = [];
      connection.on('server/changed', (view) => seen.push(view));
      let { pid } = await connection.request('server/start', { id: game });
      for (const used of [1, 2]) {
        process.kill(pid ?? 0, 'SIGSEGV');
        const view = await reached(connection, game, 'running', pid ?? 0);
        expect(view.restarts.used).toBe(used);
        ({ pid } = view);
      }
      process.kill(pid ?? 0, 'SIGSEGV');
      const crash = { code: null, signal: 'SIGSEGV', ...life.crash, cause: 'crash' };
      expect(await reached(connection, game, 'failed')).toMatchObject({ exit: crash, restarts: { used: 2 } });
      const exits = new Map(seen.flatMap(({ exit }) => (exit === null ? [] : [[exit.at, exit] as const])));
      expect([...exits.values()]).toMatchObject([crash, crash, crash]);
    });

    test('that hangs is killed only by who may', async () => {
      const { connection, place } = await defined(bench(), game, { stop: { graceSeconds: 0.5 } });
      const started = await connection.request('server/start', { id: game });
      process.kill(started.pid ?? 0, 'SIGSTOP');
      const stop = connection.request('server/stop', { id: game });
      await expect(stop).rejects.toMatchObject({ code: 'stop-timeout' });
      expect(await stateOf(connection, game)).toMatchObject({ state: 'stopping', pid: started.pid });
      const killed = await connection.request('server/kill', { id: game });
      expect(killed).toMatchObject({ state: 'stopped', exit: { signal: 'SIGKILL', cause: 'asked' } });

      const change = { stop: { graceSeconds: 0.5, thenKill: true } };
      await connection.request('server/update', { definition: definitionOf(game, place, change) });
      const again = await connection.request('server/start', { id: game });
      process.kill(again.pid ?? 0, 'SIGSTOP');
      const { view, steps } = await connection.request('server/stop', { id: game }, { timeoutMs: 60_000 });
      expect(view).toMatchObject({ state: 'stopped', exit: { signal: 'SIGKILL', cause: 'asked' } });
      expect(steps.map(({ step, outcome }) => `${step} ${outcome}`).slice(-2)).toEqual(['wait timeout', 'kill done']);
    });
  });
}
