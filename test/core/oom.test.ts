import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { dist, stateOf, until, useBench } from './support/bench.js';

const bench = useBench();

/** A control group with a limit, of whichever version there is; a sentence why not, where this user cannot make one. */
function makeGroup(limitBytes: number): { folder: string } | string {
  const name = `gsp-test-${process.pid}`;
  const places = [
    { parent: '/sys/fs/cgroup', limit: 'memory.max', swap: 'memory.swap.max' },
    { parent: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', swap: 'memory.swappiness' },
  ];
  const place = places.find(({ parent }) => fs.existsSync(path.join(parent, 'cgroup.procs')));
  if (place === undefined) return 'no control groups here';
  const folder = path.join(place.parent, name);
  try {
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, place.limit), String(limitBytes));
    const swap = path.join(folder, place.swap);
    if (fs.existsSync(swap)) fs.writeFileSync(swap, '0');
    return { folder };
  } catch (error) {
    if (fs.existsSync(folder)) fs.rmdirSync(folder);
    return `no control group with a limit can be made: ${String(error)}`;
  }
}

const group = process.platform === 'linux' ? makeGroup(220 * 1024 * 1024) : 'not Linux';
const missing = typeof group === 'string' ? group : undefined;

afterEach(async () => {
  if (typeof group === 'string') return;
  await bench().dispose();
  await until('the end of all in the group', () => {
    try {
      fs.rmdirSync(group.folder);
      return true;
    } catch {
      return false;
    }
  });
});

const skips = missing !== undefined && process.env.CI !== 'true';
const title = 'ended by the kernel for want of memory: out of memory it is called, not a kill from outside';

test.skipIf(skips)(skips ? `${title} (${missing})` : title, async () => {
  if (typeof group === 'string') throw new Error(group);
  await bench().core();
  const connection = await bench().connect();
  const game = `"${process.execPath}" "${path.join(dist, 'demoServer.js')}" "${bench().file('world.json')}" --players 0`;
  /** Started by a script that puts itself into the group, and becomes the game or waits for it. */
  const define = async (request: 'server/add' | 'server/update', run: string): Promise<void> => {
    const command = bench().file(`${request.slice(7)}.sh`);
    fs.writeFileSync(command, `#!/bin/sh\necho $$ > ${group.folder}/cgroup.procs\n${run}\n`, { mode: 0o755 });
    await connection.request(request, { definition: { ...bench().demo(), launch: { command } } });
  };
  const start = async (): Promise<number> => {
    const { pid } = await connection.request('server/start', { id: 'demo' });
    await until('numbers', async () => (await stateOf(connection)).sample);
    return pid!;
  };
  const end = async () => await until('the end', async () => (await stateOf(connection)).exit);

  await define('server/add', `exec ${game}`);
  await start();
  await connection.request('server/send', { id: 'demo', line: 'leak 1000' });
  const exit = await end();
  expect(exit).toMatchObject({ signal: 'SIGKILL', cause: 'oom' });
  const { markdown } = await connection.request('incident/get', { id: 'demo', at: exit.at });
  expect(markdown).toContain('Memory ran out, and the system ended it: signal SIGKILL');

  // The same server, killed by somebody: the kill before it explains nothing any more.
  process.kill(await start(), 'SIGKILL');
  expect(await end()).toMatchObject({ signal: 'SIGKILL', cause: 'killed-outside' });

  await define('server/update', `${game}\nexit $?`);
  await start();
  await connection.request('server/send', { id: 'demo', line: 'leak 1000' });
  expect(await end()).toMatchObject({ code: 137, signal: null, cause: 'oom' });
});
