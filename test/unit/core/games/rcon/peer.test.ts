import { Rcon } from 'rcon-client';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { FakeGame } from '../support/rconServer.js';
import { useRcon } from '../support/rconClients.js';

// A client by somebody else, to see that our games are not merely what our client takes them for.
const { game } = useRcon();
const opened: Rcon[] = [];

afterEach(async () => {
  for (const rcon of opened.splice(0)) await rcon.end();
});

async function connect(port: number, password: string): Promise<Rcon> {
  const rcon = new Rcon({ host: '127.0.0.1', port, password, timeout: 5000 });
  rcon.on('error', () => undefined);
  await rcon.connect();
  opened.push(rcon);
  return rcon;
}

describe.each<FakeGame>(['source', 'minecraft', 'ark', 'factorio'])('%s, as another client sees it', (which) => {
  test('answers', async () => {
    const there = await game(which, { say: (command) => `Größe: ${command}` });
    const rcon = await connect(there.port, 'swordfish');
    expect(await rcon.send('list')).toBe('Größe: list');
    expect(await rcon.send('한국어')).toBe('Größe: 한국어');
    expect(there.heard).toEqual(['list', '한국어']);
    expect(there.others).toEqual([]);
  });

  test('gives the first packet of a long answer', async () => {
    const there = await game(which, { say: () => 'x'.repeat(20_000) });
    const rcon = await connect(there.port, 'swordfish');
    expect(await rcon.send('list')).toHaveLength(
      { source: 4086, minecraft: 4096, ark: 4086, factorio: 20_000 }[which as 'ark'],
    );
  });
});

test('Minecraft: refuses a wrong password, and carries nothing out', async () => {
  const there = await game('minecraft');
  await expect(connect(there.port, 'haddock')).rejects.toThrow('Authentication failed');
  expect(there.heard).toEqual([]);
});

test('Source: sends an empty answer before its word on the password', async () => {
  const there = await game('source');
  // This client takes that one for a yes; the game has not let it in for all that.
  const rcon = await connect(there.port, 'haddock');
  rcon.send('list').catch(() => undefined);
  await vi.waitFor(() => expect(there.others).toMatchObject([{ type: 2, body: 'list' }]));
  expect(there.heard).toEqual([]);
});
