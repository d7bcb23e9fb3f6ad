import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { connect } from '../../src/node/coreConnection.js';
import { Peer } from '../../src/node/peer.js';
import { isWine } from '../../src/node/windows/wine.js';
import { Bench, sleep, until } from './support/bench.js';

let bench: Bench;

beforeEach(() => {
  bench = new Bench();
});

afterEach(async () => {
  await bench.dispose();
});

test('answers at a named pipe that only its user can guess, and only to who has the token', async () => {
  const { line } = await bench.core();
  assert.equal(line.ready, true);
  assert.match(line.endpoint, /^\\\\\.\\pipe\\gsp-[0-9a-f]{32}-core$/);
  const stranger = new Peer(await connect(line.endpoint, 5000), undefined);
  const hello = { token: 'x'.repeat(64), protocol: 1, client: { name: 'stranger', version: '0' } };
  await assert.rejects(stranger.request('core/hello', hello), { code: 'unauthorized' });
  await until('the stranger to be let go', () => stranger.isClosed);
  const { hello: welcome } = await bench.connect();
  assert.equal(welcome.platform, 'win32');
  assert.equal(welcome.pid, line.pid);
});

test('a folder with Korean letters and spaces: definitions, settings and history are kept there', async () => {
  await bench.core();
  const connection = await bench.connect();
  const definition = bench.demo('demo', { name: '데모 서버' });
  await connection.request('server/add', { definition });
  const [view] = await connection.request('server/list', {});
  assert.equal(view?.name, '데모 서버');
  const file = path.join(bench.dataDir, 'servers.json');
  assert.match(fs.readFileSync(file, 'utf8'), /데모 서버/);
});

test('a file that somebody has open for a moment is replaced as soon as it is let go', async () => {
  await bench.core();
  const connection = await bench.connect();
  await connection.request('server/add', { definition: bench.demo('one') });
  const file = path.join(bench.dataDir, 'servers.json');
  // A virus scanner, a backup or an editor.
  const held = fs.openSync(file, 'r');
  const put = connection.request('server/add', { definition: bench.demo('two') });
  await sleep(100);
  fs.closeSync(held);
  await put;
  assert.deepEqual(
    (await connection.request('server/list', {})).map(({ id }) => id),
    ['one', 'two'],
  );
});

test('told to leave, it leaves with its history on the disk, and the next one has it', async () => {
  const { child } = await bench.core();
  const connection = await bench.connect();
  await connection.request('server/add', { definition: bench.demo() });
  await connection.request('core/retire', {});
  await until('its end', () => child.exitCode === 0);
  await bench.core();
  const again = await bench.connect();
  const events = await again.request('history/events', { from: 0, to: Date.now() + 60_000 });
  const starts = events.filter(({ kind }) => kind === 'monitoring-started');
  assert.equal(starts.length, 2);
  assert.ok(events.some(({ id, kind }) => id === 'demo' && kind === 'added'));
});

for (const [how, heldMs] of [
  ['for a moment', 400],
  ['all the time', undefined],
] as const) {
  test(`a history that somebody has open ${how} loses nothing when the monitoring leaves`, async () => {
    const { child } = await bench.core();
    const connection = await bench.connect();
    const file = path.join(bench.dataDir, 'metrics.db');
    await until('the history', () => fs.existsSync(file));
    await connection.request('server/add', { definition: bench.demo() });
    const before = fs.readFileSync(file);
    const held = fs.openSync(file, 'r');
    const left = connection.request('core/retire', {}).catch(() => undefined);
    if (heldMs !== undefined) {
      await sleep(heldMs);
      fs.closeSync(held);
    }
    await left;
    await until('its end', () => child.exitCode === 0);
    // With the events of this life in it; where it could not be replaced, as in Wine, the journal has them.
    const isReplaced = !fs.readFileSync(file).equals(before);
    if (heldMs !== undefined || isWine()) assert.equal(isReplaced, heldMs !== undefined);
    if (heldMs === undefined) fs.closeSync(held);
    await bench.core();
    const again = await bench.connect();
    const events = await again.request('history/events', { from: 0, to: Date.now() + 60_000 });
    assert.ok(events.some(({ id, kind }) => id === 'demo' && kind === 'added'));
    assert.equal(events.filter(({ kind }) => kind === 'monitoring-started').length, 2);
  });
}
