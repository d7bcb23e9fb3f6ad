import { gameRow } from '../../shared/games.js';
import { unknownValue, Values, type Language } from '../../shared/values.js';
import { code, fenced, plain } from './markdownText.js';
import type { Incident } from './record.js';
import { sampleTable } from './sampleTable.js';
import { texts, type Texts } from './texts.js';

/** An incident as a document for people. file: where its record is, so that everything in it can be found. */
export function markdown(incident: Incident, file: string, language: Language): string {
  const told = texts[language];
  const values = new Values(told);
  const { report, consoleFile } = incident;
  const lines = incident.lines.length === 0 ? told.noLines : fenced(incident.lines);
  const files = [
    [told.thisReport, file],
    [told.console, consoleFile],
    ...(report === null ? [] : [[told.gameReport, report.file]]),
  ].map(([what = '', where = '']) => `- ${what}: ${code(where)}`);
  return [
    `# ${told.title(plain(incident.name))}`,
    `${whenEnded(incident, told, values)} · ${plain(gameName(incident.game, told))}`,
    `## ${told.whatHappened}`,
    facts(incident, told, values)
      .map(([what, value]) => `- **${what}:** ${value}`)
      .join('\n'),
    `## ${told.gameSays}`,
    gameSays(incident, told),
    `## ${told.lastLines}`,
    lines,
    `## ${told.lastMinutes}`,
    measurements(incident, told, values),
    `## ${told.files}`,
    files.join('\n'),
    '',
  ].join('\n\n');
}

/** Nobody was there, and nobody has noted it either: it can have ended at any time since. */
function isTimeKnown({ isWatched, exit }: Incident): boolean {
  return isWatched || exit.code !== null || exit.signal !== null;
}

function whenEnded(incident: Incident, told: Texts, values: Values): string {
  const { exit, writtenAt } = incident;
  if (isTimeKnown(incident)) return values.moment(exit.at);
  return told.between(values.moment(exit.at), values.moment(writtenAt));
}

function facts(incident: Incident, told: Texts, values: Values): (readonly [string, string])[] {
  const { exit, startedAt } = incident;
  const ranFor = isTimeKnown(incident) ? values.duration(exit.at - startedAt) : told.notKnown;
  return [
    [told.ended, ending(incident, told)],
    [told.ranFor, ranFor],
    [told.players, players(incident, told)],
    [told.world, world(incident, told, values)],
    [told.next, next(incident, told, values)],
    ...load(incident, told, values),
  ];
}

function ending({ exit, game, isWatched, byOom }: Incident, told: Texts): string {
  const { code: number, signal, cause } = exit;
  const how =
    signal !== null
      ? told.signal(signal, told.signals[signal])
      : number === null
        ? told.noExit
        : told.exitCode(number, codeMeaning(number, game, told));
  const sentences = [
    `${told.causes[cause]}: ${how}.`,
    ...(byOom && cause !== 'oom' ? [told.memoryRanOut] : []),
    ...(isWatched ? [] : [told.notWatched]),
  ];
  return sentences.join(' ');
}

/** A shell hands the signal that ended its program on as 128 and its number. */
const signalsByCode: Readonly<Record<number, string>> = {
  ...{ 129: 'SIGHUP', 130: 'SIGINT', 131: 'SIGQUIT', 132: 'SIGILL', 133: 'SIGTRAP', 134: 'SIGABRT', 135: 'SIGBUS' },
  ...{ 136: 'SIGFPE', 137: 'SIGKILL', 139: 'SIGSEGV', 141: 'SIGPIPE', 143: 'SIGTERM', 152: 'SIGXCPU' },
  ...{ 153: 'SIGXFSZ', 159: 'SIGSYS' },
};
const unrealGames = new Set(['palworld', 'ark-se', 'ark-sa', 'satisfactory']);

function codeMeaning(exitCode: number, game: string, told: Texts): string | undefined {
  if (exitCode === 3 && unrealGames.has(game)) return told.unrealFatal;
  // Windows tells its codes as they are, or as the negative number with the same bits.
  const meaning = told.exitCodes[exitCode >>> 0];
  const signal = signalsByCode[exitCode];
  return signal === undefined ? meaning : `${signal}: ${told.signals[signal] ?? ''}`;
}

function players({ players: names, isWatched }: Incident, told: Texts): string {
  if (names === null) return isWatched ? told.notKnown : told.notKnownNobodyWatched;
  return names.length === 0 ? told.nobody : told.online(names.length, names.map(plain).join(', '));
}

function gameName(game: string, told: Texts): string {
  return game === 'demo' ? told.demoServer : (gameRow(game)?.label ?? game);
}

/** Consoles are looked at this often at most: a younger save is no more exactly known. */
const seenMs = 10_000;

function world({ isSaving, lastSaveAt, isWatched, exit }: Incident, told: Texts, values: Values): string {
  if (!isWatched) return told.notKnownNobodyWatched;
  const age = lastSaveAt === null ? Infinity : exit.at - lastSaveAt;
  const last = lastSaveAt === null ? told.noSave : told.lastSave(age < seenMs ? told.fewSeconds : values.duration(age));
  if (isSaving !== true) return last;
  return lastSaveAt === null ? told.saveRunning : `${told.saveRunning} ${last}`;
}

function next({ next: { is, at, used, max } }: Incident, told: Texts, values: Values): string {
  if (is === 'gave-up') return told.gaveUp(used);
  return is === 'restart' ? told.restart(at === null ? unknownValue : values.time(at), used, max) : told.stays;
}

/** Its numbers at the end beside those of five minutes before, or of the oldest measurement there is. */
function load(incident: Incident, told: Texts, values: Values): (readonly [string, string])[] {
  const { samples, memoryTotal } = incident;
  const last = samples?.at(-1);
  const first = samples?.[0];
  if (samples === null || last === undefined || first === undefined) {
    const why = samples === null ? told.notKnownNobodyWatched : told.notKnown;
    return [told.memory, told.cpu, told.pc].map((what) => [what, why]);
  }
  const compared = (of: 'cpu' | 'memory', show: (value: number | null) => string): string =>
    first === last || first[of] === null
      ? told.atEnd(show(last[of]))
      : told.atEndAndBefore(show(last[of]), show(first[of]), values.duration(last.at - first.at));
  const total = memoryTotal === null ? null : values.bytes(memoryTotal);
  return [
    [told.memory, compared('memory', (value) => values.bytes(value))],
    [told.cpu, compared('cpu', (value) => told.ofOneCore(values.percent(value)))],
    [told.pc, told.pcLoad(values.percent(last.hostCpu), values.percent(last.hostMemory), total)],
  ];
}

function gameSays({ said, outOfMemory, report }: Incident, told: Texts): string {
  const parts: string[] = [];
  if (report !== null) {
    const { kind, type, message, lines, file } = report;
    const heading = [told.kinds[kind], ...(type === null ? [] : [plain(type)])].join(', ');
    parts.push(`**${heading}** (${code(file)})`);
    const body = [...(message === null ? [] : [message]), ...lines];
    if (body.length > 0) parts.push(fenced(body));
  }
  if (said !== null) parts.push(`${told.said} ${code(said)}`);
  if (outOfMemory !== null) parts.push(`${told.saidJava} ${code(outOfMemory)}`);
  return parts.length === 0 ? told.nothingSaid : parts.join('\n\n');
}

function measurements({ samples }: Incident, told: Texts, values: Values): string {
  if (samples === null) return told.notKnownNobodyWatched;
  return samples.length === 0 ? told.noSamples : sampleTable(samples, told, values);
}
