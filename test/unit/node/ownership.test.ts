import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { takeOwnership, type Owned } from '../../../src/node/ownership.js';
import { bundle } from './support/bundle.js';
import { useTempFolder } from './support/tempFolder.js';

const at = useTempFolder();
const isLinux = process.platform === 'linux';
/** Names that vanish with their owner, where there are such, and paths, as other systems use. */
const kinds = isLinux ? (['abstract', 'path'] as const) : (['path'] as const);
const nameOf = (kind: 'abstract' | 'path'): string =>
  kind === 'path' ? at('run', 'x.own') : `\0gsp-test-${process.pid}-${randomBytes(8).toString('hex')}`;

const held: Owned[] = [];
const holders: ChildProcess[] = [];
afterEach(async () => {
  for (const owned of held.splice(0)) owned.release();
  for (const holder of holders.splice(0)) await end(holder);
});

async function take(name: string, who: string): Promise<{ owned: Owned } | { owner: unknown }> {
  const taken = await takeOwnership(name, () => ({ who }));
  if ('owned' in taken) held.push(taken.owned);
  return taken;
}

/** Another process that holds the name. */
async function holder(name: string): Promise<ChildProcess> {
  const script = at('holder.cjs');
  const ownership = JSON.stringify(bundle('node/ownership.ts', at('ownership.cjs')));
  fs.writeFileSync(
    script,
    `require(${ownership}).takeOwnership(Buffer.from(process.argv[2], 'base64').toString(), () => ({ who: 'holder' }))
       .then((taken) => process.send('owned' in taken));
     // Nobody is kept alive by a name.
     setInterval(() => undefined, 60_000);`,
  );
  const child = fork(script, [Buffer.from(name).toString('base64')], { stdio: 'ignore', execArgv: [] });
  holders.push(child);
  const holds = await new Promise((resolve) => child.once('message', resolve));
  expect(holds).toBe(true);
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

describe.each(kinds)('a name (%s)', (kind) => {
  test('is for one; the other learns who has it, what it says now', async () => {
    const name = nameOf(kind);
    let says = 'starting';
    const first = await takeOwnership(name, () => ({ who: 'first', says }));
    expect(first).toHaveProperty('owned');
    if ('owned' in first) held.push(first.owned);
    says = 'ready';
    expect(await take(name, 'second')).toEqual({ owner: { who: 'first', says: 'ready' } });
  });

  test('is free again when it was released', async () => {
    const name = nameOf(kind);
    const first = await take(name, 'first');
    expect(await take(name, 'second')).toEqual({ owner: { who: 'first' } });
    if ('owned' in first) first.owned.release();
    expect(await take(name, 'third')).toHaveProperty('owned');
  });

  test('is free again when its owner was killed', async () => {
    const name = nameOf(kind);
    const child = await holder(name);
    expect(await take(name, 'second')).toEqual({ owner: { who: 'holder' } });
    await end(child);
    if (kind === 'path') expect(fs.existsSync(name)).toBe(true);
    expect(await take(name, 'third')).toHaveProperty('owned');
    expect(await take(name, 'fourth')).toEqual({ owner: { who: 'third' } });
  });

  test('is not taken from one that does not answer', async () => {
    const name = nameOf(kind);
    const child = await holder(name);
    child.kill('SIGSTOP');
    expect(await takeOwnership(name, () => ({ who: 'second' }), 300)).toEqual({ owner: null });
    child.kill('SIGCONT');
    expect(await take(name, 'third')).toEqual({ owner: { who: 'holder' } });
  });
});

test.runIf(isLinux)('of many that try at the same moment exactly one gets it', async () => {
  const name = nameOf('abstract');
  const results = await Promise.all(Array.from({ length: 12 }, (_, n) => take(name, `taker ${n}`)));
  const winners = results.flatMap((result, n) => ('owned' in result ? [`taker ${n}`] : []));
  expect(winners).toHaveLength(1);
  for (const result of results) if ('owner' in result) expect(result.owner).toEqual({ who: winners[0] });
});

test('a stranger that says something else is somebody, too', async () => {
  fs.mkdirSync(at('run'));
  const name = at('run', 'x.own');
  const stranger = net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => stranger.listen(name, resolve));
  expect(await takeOwnership(name, () => ({}))).toEqual({ owner: null });
  await new Promise((resolve) => stranger.close(resolve));
});

test('a name that can never be taken is an error', async () => {
  fs.writeFileSync(at('file'), '');
  await expect(takeOwnership(at('file', 'x.own'), () => ({}), 300)).rejects.toThrow();
});
