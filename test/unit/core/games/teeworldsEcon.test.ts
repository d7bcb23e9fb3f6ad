import { afterEach, expect, test } from 'vitest';
import type { LineTalk } from '../../../../src/core/games/adapter.js';
import { EconClient } from '../../../../src/core/games/econ.js';
import { teeworlds } from '../../../../src/core/games/teeworlds/adapter.js';
import { Failure } from '../../../../src/shared/failure.js';
import { fakeModes, type FakeGame } from './fakes/fakeGame.js';
import { teeworldsEcon } from './fakes/teeworldsEcon.js';

let fake: FakeGame | undefined;
afterEach(async () => {
  await fake?.close();
});

function talkTo({ port, password }: FakeGame): LineTalk {
  const deadlines = { connect: 2000, authenticate: 300, command: 300 };
  const client = new EconClient({ host: '127.0.0.1', port, password: password ?? '', deadlines });
  return { ms: 5000, signal: new AbortController().signal, say: async (line) => await client.command(line) };
}

const econ = teeworlds.readings.find(({ via }) => via === 'econ');

test('by its console: who plays, with their numbers; what is said, kicked and banned', async () => {
  fake = await teeworldsEcon();
  const talk = talkTo(fake);
  expect(econ?.via === 'econ' && (await econ.run(talk))).toEqual({
    players: 1,
    names: [{ name: 'nameless tee', id: '0' }],
  });
  const { actions } = teeworlds;
  const asks = [
    ...(actions?.kick?.ask({ player: '0' }) ?? []),
    ...(actions?.ban?.ask({ player: '0', reason: 'a "b' }) ?? []),
  ];
  for (const ask of asks) if (ask.via === 'econ') await ask.run(talk);
  expect(fake.done).toEqual(['kick 0', 'ban 0']);
  expect(() => actions?.kick?.ask({ player: '0; shutdown' })).toThrow(Failure);
});

test.each(fakeModes.filter((mode) => mode !== 'well'))('a console that is %s fails with a failure', async (mode) => {
  fake = await teeworldsEcon();
  fake.mode = mode;
  const reading = econ?.via === 'econ' ? econ.run(talkTo(fake)) : Promise.resolve();
  await expect(reading).rejects.toBeInstanceOf(Failure);
});
