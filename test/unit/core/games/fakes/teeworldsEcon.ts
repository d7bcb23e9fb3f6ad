import type { FakeGame, FakeWorld, MakeFake } from './fakeGame.js';
import { linesOf, listenTcp, type Caller } from './listeners.js';

/** The console of Teeworlds, with the zero bytes behind its lines and with its log in between. */
export const teeworldsEcon: MakeFake = async () => {
  const world: FakeWorld = { players: [{ name: 'nameless tee', id: '0' }], maxPlayers: 16 };
  const done: string[] = [];
  const password = 'econ-word';
  const line = (text: string): Buffer => Buffer.from(`${text}\n\0\0`);
  const log = (tag: string, text: string): Buffer => line(`[22:30:00][${tag}]: ${text}`);

  const carryOut = (asked: string): Buffer[] => {
    const [word = '', id = ''] = asked.split(' ');
    if (word === 'status')
      return world.players.map(({ name, id: number }) =>
        log('server', `id=${number ?? '?'} addr=127.0.0.1:54321 client=705 name='${name}' score=0`),
      );
    const text = /^say "(.*)"$/.exec(asked)?.[1];
    if (text !== undefined) done.push(`announce ${text}`);
    else if (word === 'shutdown') done.push('end');
    else done.push(word === 'kick' || word === 'ban' ? `${word} ${id}` : `say ${asked}`);
    return text === undefined ? [] : [log('chat', `*** ${text}`)];
  };

  const meet = (caller: Caller): void => {
    let isIn = false;
    caller.answer(line('Enter password:'));
    linesOf(caller, (said) => {
      if (isIn) {
        const told = carryOut(said);
        caller.answer(Buffer.concat([log('server', `cid=0 cmd='${said}'`), ...told]));
      } else if (said === password) {
        isIn = true;
        caller.answer(line('Authentication successful. External console access granted.'));
      } else {
        caller.answer(line('Wrong password 1/3.'));
      }
    });
    caller.socket.on('end', () => {
      if (fake.mode === 'well') caller.socket.end(line('Closing console'));
    });
  };
  const fake: FakeGame = {
    via: 'econ',
    password,
    world,
    mode: 'well',
    done,
    ...(await listenTcp(() => fake.mode, meet)),
  };
  return fake;
};
