import * as v from 'valibot';
import type { Definition } from './contract.js';
import { autoEncoding, encodingNamed, someEncodings } from './encodings.js';
import { builtIn, type Catalogue, type GameRow } from './games.js';
import { isServerId } from './serverId.js';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4096), v.regex(/^[^\0]*$/, 'must not contain NUL'));
export const seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(86_400));
export const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
export const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];

export const regex = v.pipe(
  v.string(),
  v.maxLength(1000),
  v.check((source) => {
    try {
      new RegExp(source, 'u');
      return true;
    } catch {
      return false;
    }
  }, 'is not a valid regular expression (JavaScript, u flag)'),
);

/** One line for a game's console: a second line in it would be a second command. */
export const consoleLine = v.pipe(
  v.string(),
  v.maxLength(2000, 'is longer than 2000 characters'),
  v.regex(/^[^\r\n\0]*$/, 'must be a single line'),
);

const encoding = v.pipe(
  v.string(),
  v.check(
    (name) => name.toLowerCase() === autoEncoding || encodingNamed(name) !== undefined,
    `is not a known encoding; some that are: ${someEncodings}`,
  ),
);

export const patterns = v.looseObject({
  ready: v.optional(regex),
  saveBegin: v.optional(regex),
  saveEnd: v.optional(regex),
  join: v.optional(regex),
  leave: v.optional(regex),
  stopping: v.optional(regex),
  crash: v.optional(regex),
});

/** Unknown fields pass, so that a file written for a newer version keeps working. Whether the game is known is not asked here. */
export const definitionSchema = v.looseObject({
  id: v.pipe(v.string(), v.check(isServerId, 'must be 1 to 40 of a-z, 0-9 and -, and no reserved word')),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(80)),
  game: v.string(),
  launch: v.looseObject({
    command: text,
    args: v.optional(v.array(v.pipe(v.string(), v.regex(/^[^\0]*$/, 'must not contain NUL')))),
    cwd: v.optional(text),
    env: v.optional(v.record(v.string(), v.nullable(v.string()))),
  }),
  stop: v.optional(
    v.looseObject({
      line: v.optional(consoleLine),
      signal: v.optional(v.picklist(signals, `must be one of ${signals.join(', ')}`)),
      graceSeconds: v.optional(seconds),
      announceSeconds: v.optional(v.array(seconds)),
      thenKill: v.optional(v.boolean()),
    }),
  ),
  restart: v.optional(
    v.looseObject({
      policy: v.optional(v.picklist(['never', 'on-crash', 'always'])),
      onCleanExit: v.optional(v.boolean()),
      maxAttempts: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100))),
      windowSeconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(86_400))),
      backoffSeconds: v.optional(v.pipe(v.array(seconds), v.minLength(1))),
    }),
  ),
  hang: v.optional(
    v.looseObject({
      afterSeconds: v.optional(v.pipe(v.number(), v.minValue(10), v.maxValue(86_400))),
      restart: v.optional(v.boolean()),
    }),
  ),
  console: v.optional(v.looseObject({ encoding: v.optional(encoding) })),
  start: v.optional(v.looseObject({ readySeconds: v.optional(seconds) })),
  save: v.optional(v.looseObject({ intervalSeconds: v.optional(seconds), folders: v.optional(v.array(v.string())) })),
  patterns: v.optional(patterns),
  connection: v.optional(
    v.looseObject({
      host: v.optional(text),
      restPort: v.optional(port),
      rconPort: v.optional(port),
      queryPort: v.optional(port),
      telnetPort: v.optional(port),
      econPort: v.optional(port),
      adminPort: v.optional(port),
    }),
  ),
  priority: v.optional(v.picklist(['normal', 'above-normal'])),
  autoStart: v.optional(v.boolean()),
});

/** One fault of a definition: where (keys from the entry down) and what to do, as a sentence's end. */
export interface DefinitionIssue {
  path: (string | number)[];
  message: string;
}

/** Checks one entry of servers.json or one request's definition; nothing is thrown. */
export function checkDefinition(
  value: unknown,
  catalogue: Catalogue = builtIn,
): { definition: Definition } | { issues: DefinitionIssue[] } {
  const result = v.safeParse(definitionSchema, value);
  const issues = result.success ? [] : issuesOf(result.issues);
  const game = typeof value === 'object' && value !== null && 'game' in value ? value.game : undefined;
  if (typeof game === 'string' && catalogue.row(game) === undefined) {
    const known = catalogue.rows.map((row) => row.id).join(', ');
    issues.push({ path: ['game'], message: `is not a known game; known are: ${known}` });
  }
  if (!result.success || issues.length > 0) return { issues };
  return { definition: result.output as unknown as Definition };
}

export function issuesOf(issues: readonly v.BaseIssue<unknown>[]): DefinitionIssue[] {
  return issues.map((issue) => ({
    path: (issue.path ?? []).map((part) => part.key as string | number),
    message: issue.message,
  }));
}

/** A definition with every default filled in, from its game's row and the contract. Times in seconds. */
export interface Effective {
  readonly definition: Definition;
  /** Where it can be spoken to: as the definition says, else as the game's own settings do. */
  readonly connection: Readonly<NonNullable<Definition['connection']>>;
  readonly game: GameRow;
  readonly stop: {
    readonly line: string | null;
    readonly signal: string;
    readonly graceSeconds: number;
    readonly announceSeconds: readonly number[];
    readonly thenKill: boolean;
    /** The definition says itself how: the game's own interface is not used for it. */
    readonly isOwn: boolean;
  };
  readonly readySeconds: number;
  readonly hang: { readonly afterSeconds: number; readonly restart: boolean };
  readonly patterns: Readonly<NonNullable<Definition['patterns']>>;
  /** Of its console, as a label of src/shared/encodings.ts; null: each line tells. */
  readonly encoding: string | null;
}

/** The console that a game has on a port, where its row names one and the definition says which port that is. */
export function consoleOnPort({ connection, game }: Effective): { via: 'econ' | 'rcon'; port: number } | undefined {
  const { econPort, rconPort } = connection;
  if (game.channel === 'econ') return econPort === undefined ? undefined : { via: 'econ', port: econPort };
  return game.rcon === undefined || rconPort === undefined ? undefined : { via: 'rcon', port: rconPort };
}

/**
 * ownPorts: as the game's own settings tell them. platform: as Node names it; where it is left out, one with signals. Throws only for a game that checkDefinition would have refused.
 */
export function effective(
  definition: Definition,
  catalogue: Pick<Catalogue, 'row'> = builtIn,
  ownPorts: Effective['connection'] = {},
  platform = '',
): Effective {
  const game = catalogue.row(definition.game);
  if (game === undefined) throw new Error(`unknown game ${definition.game}`);
  const own = definition.stop ?? {};
  // An own signal replaces the game's line too: somebody who writes SIGINT does not want "stop" typed first.
  const line = own.line ?? (own.signal === undefined ? game.stop.line : undefined);
  return {
    definition,
    connection: { ...ownPorts, ...definition.connection },
    game,
    stop: {
      line: line === undefined || line === '' ? null : line,
      signal: own.signal ?? usualSignal(game, platform),
      graceSeconds: own.graceSeconds ?? 60,
      announceSeconds: own.announceSeconds ?? game.announceSeconds,
      thenKill: own.thenKill ?? false,
      isOwn: own.line !== undefined || own.signal !== undefined,
    },
    readySeconds: definition.start?.readySeconds ?? 120,
    hang: { afterSeconds: definition.hang?.afterSeconds ?? 60, restart: definition.hang?.restart ?? false },
    patterns: { ...game.patterns, ...definition.patterns },
    encoding: encodingNamed(definition.console?.encoding ?? autoEncoding) ?? null,
  };
}

/** On Windows SIGTERM stands for closing windows, which a game in a console has none of: there it is Ctrl+C first. */
function usualSignal({ stop }: GameRow, platform: string): string {
  const signal = stop.signal ?? 'SIGTERM';
  return platform === 'win32' && signal === 'SIGTERM' ? 'SIGINT' : signal;
}
