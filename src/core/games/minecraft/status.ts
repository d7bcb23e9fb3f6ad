import * as v from 'valibot';
import { Failure } from '../../../shared/failure.js';
import type { Reading } from '../adapter.js';
import { isPlayerName, withoutColours } from './names.js';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What is of use in a status. Servers put much more into it, and mods whatever they like: only the count has to be one. */
const status = v.object({
  version: v.fallback(v.object({ name: v.string() }), { name: '' }),
  players: v.nullish(
    v.object({
      online: count,
      max: v.fallback(v.nullable(count), null),
      sample: v.fallback(v.array(v.object({ name: v.string() })), []),
    }),
  ),
});

const longestVersion = 80;

/**
 * The status that a server tells everybody. A sample has twelve names at most, and any text a server likes: it counts as
 * who plays only where it names as many as there are. Nobody in it is no list: some hide who is there. Throws bad-reply.
 */
export function parseStatus(text: string): Reading {
  const parsed = v.safeParse(status, jsonOf(text));
  if (!parsed.success) throw new Failure('bad-reply', { field: v.getDotPath(parsed.issues[0]) ?? 'status' });
  const { version, players } = parsed.output;
  const name = withoutColours(version.name).trim().slice(0, longestVersion);
  const reading = name === '' ? {} : { version: name };
  if (players == null) return reading;
  const { online, max, sample } = players;
  return { ...reading, players: online, ...(max === null ? {} : { maxPlayers: max }), ...namesOf(online, sample) };
}

function namesOf(online: number, sample: readonly { name: string }[]): Pick<Reading, 'names'> {
  // Who does not want to be in lists is called Anonymous Player, which is no name.
  const names = new Set(sample.map(({ name }) => name).filter(isPlayerName));
  if (online === 0 || names.size !== online || sample.length !== online) return {};
  return { names: [...names].map((name) => ({ name, id: name })) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure('bad-reply', { field: 'status' });
  }
}
