import type { LineTalk, Reading } from '../adapter.js';
import { withoutColours } from './names.js';

type Ticks = Pick<Reading, 'tickRate' | 'frameTime'>;

/** What tells how fast the game runs: the game itself since 1.20.3, Paper and Spigot, Forge. */
const questions = [
  { line: 'tick query', parse: parseTickQuery },
  { line: 'tps', parse: parseTps },
  { line: 'forge tps', parse: parseForgeTps },
] as const;

/** How fast it runs, by the first question that it knows; nothing where it knows none. Rejects as `say`. */
export async function readTicks(talk: Pick<LineTalk, 'say'>): Promise<Ticks> {
  for (const { line, parse } of questions) {
    const ticks = parse((await talk.say(line)) ?? '');
    if (ticks !== undefined) return ticks;
  }
  return {};
}

/**
 * `Target tick rate: 20.0 per second.` and `Average time per tick: 3.2ms`, with or without a line's end between them. A
 * game that has time left waits for its next tick, but not where it runs ahead as fast as it can.
 */
export function parseTickQuery(answer: string): Ticks | undefined {
  const text = withoutColours(answer);
  const target = numberOf(/Target tick rate: ([\d.,]+) per second/.exec(text)?.[1]);
  const average = numberOf(/Average time per tick: ([\d.,]+) ?ms/.exec(text)?.[1]);
  if (target === undefined || average === undefined) return undefined;
  const possible = average === 0 ? target : 1000 / average;
  const isAhead = text.includes('ignored, reference only');
  return { tickRate: rounded(isAhead ? possible : Math.min(target, possible)), frameTime: average };
}

/** `TPS from last 1m, 5m, 15m: *20.0, 20.0, 20.0`; the star says that it is more. */
export function parseTps(answer: string): Ticks | undefined {
  const rate = numberOf(/TPS from last [^:]{1,40}: *\*?([\d.,]+?)(?:,? |,?$)/m.exec(withoutColours(answer))?.[1]);
  return rate === undefined ? undefined : { tickRate: rate };
}

/** `Overall: Mean tick time: 3.456 ms. Mean TPS: 20.000`, behind the same for each world. */
export function parseForgeTps(answer: string): Ticks | undefined {
  const text = withoutColours(answer);
  const [, time, rate] = /Overall ?: ?Mean tick time: ([\d.,]+) ?ms\. Mean TPS: ([\d.,]+)/.exec(text) ?? [];
  const [frameTime, tickRate] = [numberOf(time), numberOf(rate)];
  return frameTime === undefined || tickRate === undefined ? undefined : { tickRate, frameTime };
}

/** In some languages a comma stands before the fraction. */
function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,9}(?:[.,]\d{1,9})?[.,]?$/.test(text)) return undefined;
  return Number.parseFloat(text.replace(',', '.'));
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
