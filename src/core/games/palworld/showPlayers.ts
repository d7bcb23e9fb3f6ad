import { Failure } from '../../../shared/failure.js';
import type { Reading } from '../adapter.js';

const header = /^name,playeruid,steamid[ \t]*(?:\r?\n|$)/;
/** The name may have commas in it. The account is Steam's number, or a number with its platform before it. */
const row = /^(?<name>.+),(?<uid>[\dA-Fa-f-]{1,36}),(?<account>\d{17}|[a-z]\w{0,15}_\w{1,64})$/;

/**
 * What RCON answers to `ShowPlayers`. It sends as many bytes as its answer has characters, so that one name which is not
 * plain Latin costs the end of the list, and nobody knows how many lines: then it tells nothing. Throws bad-reply (`field`)
 * where it is no such list.
 */
export function parseShowPlayers(reply: string | null): Reading {
  const start = header.exec(reply ?? '');
  if (reply === null || start === null) throw new Failure('bad-reply', { field: 'ShowPlayers' });
  const lines = reply
    .slice(start[0].length)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const rows = lines.map((line) => row.exec(line)?.groups);
  if (!/^[\t\r\n -~]*$/.test(reply) || rows.includes(undefined)) return {};
  const names = rows.flatMap((groups) => {
    const { name = '', uid = '', account = '' } = groups ?? {};
    // Still logging in, under the name of an account.
    return /^[0-]+$/.test(uid) ? [] : [{ name, id: account }];
  });
  return { players: rows.length, names };
}
