import { livesOf } from '../support/lives.js';

/* SIGTERM just kills it; only a word on its stdin ends it in order. */

livesOf({
  game: 'armagetron',
  readyText: 'Bound socket to 127.0.0.1',
  stopText: 'Closing socket bound to',
  steps: [
    ['command', 'QUIT'],
    ['wait', null],
  ],
  endFromInside: async (connection, { id }) => await connection.request('server/send', { id, line: 'QUIT' }),
});
