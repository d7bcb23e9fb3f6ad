import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  answering,
  askedGame,
  comings,
  eventsOf,
  joinOpenttd,
  namesReached,
  onlineReached,
  samplesFromNow,
  type Asked,
} from '../support/asked.js';
import { stateOf, until, useBench } from '../support/bench.js';
import { openttdPassword, whyMissing } from '../support/games.js';

/* What its port for administrators tells, and what it does by it: also of a server whose stdin is not ours. */

const bench = useBench();
const id = 'openttd';

const withAdmin = async (): Promise<Asked> =>
  await askedGame(bench(), id, {
    change: ({ consolePort }) => ({ connection: { adminPort: consolePort } }),
    secrets: { adminPassword: openttdPassword },
  });

describe.skipIf(whyMissing('openttd') !== undefined)('OpenTTD by its port for administrators', () => {
  test('tells who plays, is saved and ended, and its own lines about us are in nobody’s way', async () => {
    const { connection, place } = await withAdmin();
    await connection.request('server/start', { id });
    await answering(connection, id);
    await onlineReached(connection, id, 0);
    expect(await stateOf(connection, id)).toMatchObject({
      api: { is: 'ok', via: 'admin' },
      players: { online: 0, max: 25, source: 'admin' },
      secretsMissing: [],
      health: { is: 'ok', reason: null },
    });
    const player = joinOpenttd(bench(), 'bota', place.port);
    await onlineReached(connection, id, 1);
    const [named] = await connection.request('server/players', { id });
    expect(named).toMatchObject({ name: 'bota', id: expect.stringMatching(/^\d+$/) as unknown });
    // Its lines are read a moment before or after its answer.
    await until('since when', async () => (await connection.request('server/players', { id }))[0]?.since != null);
    player.kill('SIGKILL');
    await onlineReached(connection, id, 0);
    const told = await connection.request('server/test', { id });
    expect(told).toMatchObject([{ channel: 'admin', ok: true, code: null }]);
    await until('that both are told', async () => (await comings(connection, id)).length >= 2);

    expect(await connection.request('server/save', { id })).toMatchObject({ confirmed: true });
    const { save } = await stateOf(connection, id);
    expect(save.lastAt).toBeGreaterThan(Date.now() - 60_000);
    expect(save.tookMs).toBeGreaterThanOrEqual(0);
    expect(fs.readdirSync(bench().file(id), { recursive: true }).join()).toContain('panel.sav');

    const lines = await connection.request('console/tail', { id, lines: 500 });
    expect(lines.join('\n')).toContain('starting game');
    expect(
      lines.filter((line) => /Rcon command from.*(?:clients|server_info)|\[admin\] Client connected/.test(line)),
    ).toEqual([]);
    const { view, steps } = await connection.request('server/stop', { id }, { timeoutMs: 60_000 });
    expect(view).toMatchObject({ state: 'stopped', exit: { code: 0, signal: null, cause: 'asked' } });
    expect(steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual(['save done', 'command done', 'wait done']);
    expect(await comings(connection, id)).toEqual(['bota joined', 'bota left']);
  });

  test('that somebody else has started is asked, saved and ended as well, and gets no signal', async () => {
    const { connection, place, definition } = await withAdmin();
    const { command, args = [], cwd, env = {} } = definition.launch;
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env } as NodeJS.ProcessEnv, stdio: 'ignore' });
    const ended = new Promise<unknown>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve({ code, signal });
      });
    });
    const attached = await connection.request('server/attach', { id, pid: child.pid ?? 0 });
    expect(attached).toMatchObject({ state: 'running', pid: child.pid });
    await answering(connection, id);
    await onlineReached(connection, id, 0);
    const player = joinOpenttd(bench(), 'botb', place.port);
    await namesReached(connection, id, ['botb']);
    expect((await stateOf(connection, id)).players).toMatchObject({ online: 1, source: 'admin' });
    player.kill('SIGKILL');
    await namesReached(connection, id, []);
    expect(await comings(connection, id)).toEqual(['botb joined', 'botb left']);

    const { view, steps } = await connection.request('server/stop', { id }, { timeoutMs: 60_000 });
    expect(view).toMatchObject({ state: 'stopped', pid: null, exit: { cause: 'asked' } });
    expect(steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual(['save done', 'command done', 'wait done']);
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(fs.readdirSync(bench().file(id), { recursive: true }).join()).toContain('panel.sav');
    expect((await eventsOf(connection, id, ['saved'])).length).toBe(1);
    expect(await eventsOf(connection, id, ['crashed'])).toEqual([]);
  });

  test('a save of a big map is seen as what it is: so long, and so much work, and then all is as before', async () => {
    const mapBits = 11;
    const { connection } = await askedGame(bench(), id, { mapBits });
    await connection.request('server/start', { id }, { timeoutMs: 150_000 });
    const samples = await samplesFromNow(connection);
    await until('some quiet samples', () => samples(id).length >= 5);
    const quietUntil = Date.now();
    await connection.request('server/send', { id, line: 'save big1' });
    const [saved] = await until(
      'the save',
      async () => {
        const events = await eventsOf(connection, id, ['saved']);
        return events.length > 0 && events;
      },
      90_000,
    );
    const [begun] = await eventsOf(connection, id, ['save-begun']);
    const [from, to] = [begun?.at ?? 0, saved?.at ?? 0];
    expect(saved?.data.tookMs).toBe(to - from);
    const { save } = await stateOf(connection, id);
    expect(save).toMatchObject({ lastAt: to, tookMs: to - from, running: false });
    const cpu = (isMeant: (at: number) => boolean): number[] =>
      samples(id).flatMap((one) => (isMeant(one.at) && one.cpu !== null ? [one.cpu] : []));
    // A sample tells of the second before it.
    await until('a sample behind it', () => samples(id).some(({ at }) => at > to + 1000));
    const busy = cpu((at) => at > from && at <= to + 1000);
    const quiet = cpu((at) => at <= quietUntil).sort((one, other) => one - other);
    const most = Math.max(...busy);
    expect(most).toBeGreaterThan(3 * (quiet[Math.floor(quiet.length / 2)] ?? NaN));
    await until('quiet again', () => cpu((at) => at > to + 1000).some((one) => one < most / 3));
    await connection.request('server/stop', { id }, { timeoutMs: 90_000 });
  }, 240_000);
});
