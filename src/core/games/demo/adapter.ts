import * as v from 'valibot';
import type { GameAdapter, QueryTalk, Reading } from '../adapter.js';
import { badReply } from '../query/fault.js';
import { askByStream } from '../query/stream.js';

const maxBytes = 4096;
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const status = v.object({ players: count, max: v.optional(count), tps: v.optional(v.pipe(v.number(), v.minValue(0))) });

/** It tells one line of JSON to whoever connects. */
async function reading(talk: QueryTalk): Promise<Reading> {
  return await askByStream<Reading>(talk, { maxBytes }, (all) => {
    const end = all.indexOf('\n');
    return end === -1 ? undefined : { answer: parseStatus(all.toString('utf8', 0, end)) };
  });
}

function parseStatus(line: string): Reading {
  let told: unknown;
  try {
    told = JSON.parse(line);
  } catch {
    throw badReply('status');
  }
  const parsed = v.safeParse(status, told);
  if (!parsed.success) throw badReply(v.getDotPath(parsed.issues[0]) ?? 'status');
  const { players, max, tps } = parsed.output;
  return {
    players,
    ...(max === undefined ? {} : { maxPlayers: max }),
    ...(tps === undefined ? {} : { tickRate: tps }),
  };
}

/** The demo server. What it is told goes to its stdin. */
export const demo: GameAdapter = { id: 'demo', readings: [{ via: 'query', run: reading }] };
