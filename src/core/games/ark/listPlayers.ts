import { Failure } from '../../../shared/failure.js';
import type { ToldPlayer } from '../../ports.js';

/**
 * `0. Name, 76561198000000000`: Steam's number, or 32 hexadecimal digits of Epic's. A name may have commas and dots in it:
 * what stands behind the last comma is the identifier.
 */
const player = /^\d+\. ?(.*), ?([0-9A-Za-z|_-]+)$/;

/** What the game's own commands take for a player. */
export function isPlayerId(text: string): boolean {
  return /^[0-9A-Za-z|_-]{10,64}$/.test(text);
}

/** The answer to `ListPlayers`: all who play. Throws bad-reply where anything in it is something else. */
export function parseListPlayers(answer: string): ToldPlayer[] {
  const lines = answer.split(/[\r\n\0]+/).map((line) => line.trim());
  const said = lines.filter((line) => line !== '');
  if (said.length === 1 && /^No Players Connected\.?$/i.test(said[0] ?? '')) return [];
  if (said.length === 0) throw new Failure('bad-reply', { field: 'ListPlayers' });
  return said.map((line) => {
    const [, name = '', id = ''] = player.exec(line) ?? [];
    if (!isPlayerId(id)) throw new Failure('bad-reply', { field: 'ListPlayers' });
    return { name: name.trim() === '' ? id : name.trim(), id };
  });
}
