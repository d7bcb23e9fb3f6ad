import { parseArgs } from 'node:util';

export const maxPlayers = 32;

export const usage = `Usage: demoServer WORLD [--port N] [--save-every SECONDS] [--players N] [--seed N]

  WORLD                 the world file (JSON); region data goes to WORLD.regions beside it
  --port N              answer on this TCP port of 127.0.0.1 with one line of JSON (0: do not listen; default)
  --save-every SECONDS  time between two autosaves (0: none; default 120)
  --players N           how many players are there on average, 0 to ${maxPlayers} (default 3)
  --seed N              seed of the players who come and go (default 1)
`;

export interface Options {
  readonly world: string;
  readonly port: number;
  readonly saveEverySeconds: number;
  readonly players: number;
  readonly seed: number;
}

export type Parsed = { readonly options: Options } | { readonly error: string } | { readonly help: true };

/** A day: longer intervals would overflow a timer sooner or later, and are a mistake anyway. */
const maxSaveSeconds = 86_400;

class Refused extends Error {}

function numberOf(name: string, text: string | undefined, fallback: number, max: number, whole: boolean): number {
  if (text === undefined) return fallback;
  // Number('') is 0 and Number('0x10') is 16: neither is what somebody meant to say.
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (!(value >= 0 && value <= max) || (whole && !Number.isInteger(value))) {
    throw new Refused(`--${name} must be a ${whole ? 'whole ' : ''}number from 0 to ${max}, not "${text}"`);
  }
  return value;
}

export function parseOptions(argv: readonly string[]): Parsed {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        'save-every': { type: 'string' },
        players: { type: 'string' },
        seed: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return { help: true };
    const [world, ...rest] = positionals;
    if (world === undefined || world === '') return { error: 'WORLD is missing' };
    if (rest.length > 0) return { error: `unexpected argument "${rest.join(' ')}"` };
    return {
      options: {
        world,
        port: numberOf('port', values.port, 0, 65_535, true),
        saveEverySeconds: numberOf('save-every', values['save-every'], 120, maxSaveSeconds, false),
        players: numberOf('players', values.players, 3, maxPlayers, false),
        seed: numberOf('seed', values.seed, 1, 0xffff_ffff, true),
      },
    };
  } catch (error) {
    // parseArgs throws a TypeError whose first sentence names the option; the rest is advice about quoting.
    return { error: error instanceof Error ? (error.message.split('. ')[0] ?? error.message) : String(error) };
  }
}
