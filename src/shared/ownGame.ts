import * as v from 'valibot';
import { consoleLine, issuesOf, patterns, port, regex, seconds, signals, type DefinitionIssue } from './definition.js';
import { gameRow, type GameRow } from './games.js';

const label = v.pipe(v.string(), v.minLength(1), v.maxLength(80), v.regex(/^[^\r\n\0]*$/, 'must be a single line'));
const line = v.pipe(consoleLine, v.minLength(1));
const fileName = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(255),
  v.regex(/^[^\\/\0]*$/, 'must be the name of a file, without its folder'),
);
const savePath = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(1000),
  v.regex(
    /^(?![/~]|[A-Za-z]:)(?!(?:.*\/)?\.\.(?:\/|$))[^\\\0]*$/,
    'must be a path from the folder of the server, with / and without ..',
  ),
);

/** Unknown fields pass, so that a file written for a newer version keeps working. */
const fields = v.looseObject({
  id: v.pipe(
    v.string(),
    v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 of a-z, 0-9 and -, beginning with a letter or digit'),
    v.check((id) => gameRow(id) === undefined, 'is a game that the panel knows already; give yours another id'),
  ),
  label,
  icon: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,49}$/, 'must be the name of a codicon, such as rocket')),
  ),
  executables: v.optional(v.array(fileName)),
  launchers: v.optional(v.array(fileName)),
  ports: v.optional(
    v.looseObject({
      restPort: v.optional(port),
      rconPort: v.optional(port),
      queryPort: v.optional(port),
      telnetPort: v.optional(port),
      econPort: v.optional(port),
      adminPort: v.optional(port),
    }),
  ),
  patterns: v.optional(patterns),
  echo: v.optional(regex),
  stop: v.pipe(
    v.looseObject({
      line: v.optional(line),
      signal: v.optional(v.picklist(signals, `must be one of ${signals.join(', ')}`)),
    }),
    v.check(({ line: typed, signal }) => typed !== undefined || signal !== undefined, 'needs "line" or "signal"'),
  ),
  saveLine: v.optional(line),
  saveReply: v.optional(v.looseObject({ done: regex, failed: v.optional(regex) })),
  sayLine: v.optional(
    v.pipe(line, v.regex(/^(?:(?!\{text\}).)*\{text\}(?:(?!\{text\}).)*$/, 'must contain {text} once')),
  ),
  sayAscii: v.optional(v.boolean()),
  saveSeconds: v.optional(v.pipe(seconds, v.minValue(1))),
  saveFiles: v.optional(v.array(savePath)),
  announceSeconds: v.optional(v.array(seconds)),
  rcon: v.optional(v.picklist(['source', 'minecraft', 'ark', 'factorio', 'palworld'])),
  readsStdin: v.optional(v.boolean()),
  signalsLoseWorld: v.optional(v.boolean()),
  channel: v.optional(v.picklist(['econ', 'rcon'])),
});

export const ownGameSchema = v.pipe(
  fields,
  v.forward(
    v.check(
      ({ signalsLoseWorld, stop }) => signalsLoseWorld !== true || stop.line !== undefined,
      'needs a "line" in "stop": there would be no way left to end it',
    ),
    ['signalsLoseWorld'],
  ),
);

/**
 * One entry of games.json as a row of the catalogue: what somebody has described is never more than `basic`, whatever the entry
 * says. Nothing is thrown.
 */
export function checkOwnGame(value: unknown): { row: GameRow } | { issues: DefinitionIssue[] } {
  const result = v.safeParse(ownGameSchema, value);
  return result.success ? { row: rowOf(result.output) } : { issues: issuesOf(result.issues) };
}

function rowOf(own: v.InferOutput<typeof fields>): GameRow {
  const { id, label: name, icon = 'game', executables = [], launchers, announceSeconds = [], channel } = own;
  // A console on a port by RCON has to be spoken in some dialect: the first one is the one that most others come from.
  const rcon = own.rcon ?? (channel === 'rcon' ? 'source' : undefined);
  const row = {
    ...{ id, label: name, icon, proof: 'basic', channel, rcon },
    executables: executables.map((one) => one.toLowerCase()),
    launchers: launchers?.map((one) => one.toLowerCase()),
    ports: own.ports === undefined ? undefined : known(own.ports, portNames),
    patterns: own.patterns === undefined ? undefined : known(own.patterns, patternNames),
    echo: own.echo,
    stop: known(own.stop, ['line', 'signal']),
    ...{ saveLine: own.saveLine, sayLine: own.sayLine, saveSeconds: own.saveSeconds, saveFiles: own.saveFiles },
    saveReply: own.saveReply === undefined ? undefined : known(own.saveReply, ['done', 'failed']),
    sayAscii: own.sayAscii === true ? true : undefined,
    readsStdin: own.readsStdin === true ? true : undefined,
    signalsLoseWorld: own.signalsLoseWorld === true ? true : undefined,
    announceSeconds: [...announceSeconds].sort((a, b) => b - a),
  };
  return known(row, Object.keys(row)) as unknown as GameRow;
}

const portNames = ['restPort', 'rconPort', 'queryPort', 'telnetPort', 'econPort', 'adminPort'];
const patternNames = Object.keys(patterns.entries);

/** The fields that the catalogue has, where they are given. */
function known(given: object, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => names.includes(name) && value !== undefined),
  );
}
