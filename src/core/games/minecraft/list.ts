import { Failure } from '../../../shared/failure.js';
import type { ToldPlayer } from '../../ports.js';
import type { Reading } from '../adapter.js';
import { isPlayerName, withoutColours } from './names.js';

/** `There are 2/20 players online:` to 1.12, `2 of a max 20` to 1.15, `2 of a max of 20` since. */
const ofTheGame = /^\s*There are (\d+)(?:\/| of a max (?:of )?)(\d+) players online:([^]*)$/;
/** Players who hide are counted by themselves: `3/1 out of maximum 50`. */
const ofEssentials = /^\s*There are (\d+)(?:\/(\d+))? out of (?:a )?maximum (?:of )?(\d+) players online\.?([^]*)$/;

/**
 * The answer to `list`: of the game, of EssentialsX, or of something in another language. Names are told where as many are
 * readable as play. Throws bad-reply.
 */
export function parseList(answer: string): Reading {
  const text = withoutColours(answer);
  const [, online, max, rest = ''] = ofTheGame.exec(text) ?? [];
  if (online !== undefined) return reading(Number(online), Number(max), rest.split(','));
  const [, seen, hidden = 0, most, groups = ''] = ofEssentials.exec(text) ?? [];
  if (seen !== undefined) return reading(Number(seen) + Number(hidden), Number(most), inGroups(groups));
  return translated(text);
}

/**
 * In Korean the most that may play comes first, in other languages last; whoever is there is never more. Between two with
 * a stroke, and a third that is larger, the second are those who hide.
 */
function translated(text: string): Reading {
  const [first = '', ...groups] = text.trim().split('\n');
  const numbers = (first.match(/(?<![\w.])\d{1,6}(?!\d)/g) ?? []).map(Number);
  const together = /(?<![\w.])(\d{1,6})\/(\d{1,6})(?!\d)/.exec(first);
  const [a, b] = numbers;
  if (a === undefined || b === undefined || numbers.length > 3) throw new Failure('bad-reply', { field: 'list' });
  if (numbers.length === 2) return listed(Math.min(a, b), Math.max(a, b), groups);
  if (together === null) throw new Failure('bad-reply', { field: 'list' });
  const online = Number(together[1]) + Number(together[2]);
  return listed(online, numbers.find((n) => n >= online) ?? online, groups);
}

/** No names where nobody plays: what is not understood to the last word is no list. */
function listed(online: number, max: number, groups: readonly string[]): Reading {
  const { names, ...rest } = reading(online, max, inGroups(groups.join('\n')));
  return names === undefined || names.length === 0 ? rest : { ...rest, names };
}

/** `admins: Ada, [AFK]Bob`, a line per group. */
function inGroups(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.slice(line.indexOf(':') + 1))
    .flatMap((line) => line.split(','))
    .map((name) => name.replace(/^\s*(?:\[[^\]]*\]\s*)+/, ''));
}

function reading(players: number, maxPlayers: number, said: readonly string[]): Reading {
  if (!Number.isSafeInteger(players) || !Number.isSafeInteger(maxPlayers)) {
    throw new Failure('bad-reply', { field: 'list' });
  }
  const names = said.map((name) => name.trim()).filter((name) => name !== '');
  const isWhole = names.length === players && names.every(isPlayerName) && new Set(names).size === players;
  return { players, maxPlayers, ...(isWhole ? { names: names.map(told) } : {}) };
}

function told(name: string): ToldPlayer {
  return { name, id: name };
}
