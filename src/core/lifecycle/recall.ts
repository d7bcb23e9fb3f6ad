import type { ProcessExit } from '../../shared/launcherProtocol.js';
import { LogWatch } from './logWatch.js';
import { markOf, successorOf } from './heirs.js';
import type { ServerRecord } from './record.js';
import type { ServerTools } from './serverTools.js';
import type { Server } from './server.js';
import { causeOf, isOrderly, type Exit, type LastWords, type Lifecycle } from './state.js';

/** Last words are looked for in this many lines. */
const lastLines = 50;

/** What an earlier core left of a server: a process that still runs, or the way in which it ended meanwhile. */
export function remember(server: Server, record: ServerRecord, tools: ServerTools): void {
  const { pid, startTime, nonce, startedAt, isOurs } = record;
  const launched = tools.launch.processes().find((process) => process.nonce === nonce);
  if (launched !== undefined) {
    server.adopt({ ...launched, supervised: true, isOurs }, record);
    return;
  }
  const { exits, hostDownAt } = tools.records.endings();
  const wentDown = record.stoppedByHost || hostDownAt.has(nonce);
  const sameBoot = record.bootId === null || record.bootId === tools.processes.bootId();
  const known = { nonce, startedAt, isOurs, supervised: false };
  if (pid !== null && sameBoot && tools.signals.isAlive({ pid, startTime })) {
    // The launcher has told it to stop, and left before it did.
    const isTold = wentDown && isOurs && record.intent === 'run';
    const told = { ...record, intent: 'stop', stopSent: true, stoppedByHost: true } as const;
    server.adopt({ ...known, pid, startTime }, isTold ? told : record);
    return;
  }
  const noted = exits.get(nonce);
  // Of a server that was followed, what was noted is how its start script ended.
  const exit = record.exit ?? (pid === null || noted?.pid === pid ? noted : undefined);
  const heir = record.exit === null && sameBoot ? heirOf(server, record, exit, tools) : undefined;
  if (heir !== undefined) {
    server.adopt({ ...known, pid: heir.pid, startTime: heir.startTime }, { ...record, executable: heir.name });
    return;
  }
  const placed = withPlace(server, record, tools);
  server.recall(endOf(server, placed, exit, { sameBoot, wentDown }, tools), placed);
}

/** What the earlier core noted may be from before a cut that it did not finish: last words are looked for by it. */
function withPlace(server: Server, record: ServerRecord, { consoles }: ServerTools): ServerRecord {
  let placed = record;
  const noted = { offset: record.consoleOffset, cut: record.consoleCut };
  consoles.resume(server.consoleFile, noted, ({ offset, cut }) => {
    placed = { ...record, consoleOffset: offset, consoleCut: cut };
  });
  return placed;
}

/** A start script has ended, or a core between starting a server and noting its pid: its processes tell by their mark. */
function heirOf(server: Server, record: ServerRecord, exit: { code: number | null } | undefined, tools: ServerTools) {
  const { nonce, isOurs, executable } = record;
  if (nonce === '' || !isOurs) return undefined;
  const wasNeverSeen = record.pid === null && exit === undefined;
  const departed = {
    executable,
    code: wasNeverSeen ? 0 : (exit?.code ?? null),
    isKnown: wasNeverSeen || exit !== undefined,
    isStopping: record.intent === 'stop',
    isYoung: true,
  };
  return successorOf(departed, tools.processes.heirs(markOf(server.id, { nonce })), server.settings.game.executables);
}

/** The state of a server that ended while no core was there to see it. */
function endOf(
  server: Server,
  record: ServerRecord,
  exit: Exit | ProcessExit | undefined,
  { sameBoot, wentDown }: { sameBoot: boolean; wentDown: boolean },
  tools: ServerTools,
): Lifecycle {
  const at = exit?.at ?? record.since;
  const ended = (cause: Exit['cause']): Lifecycle => ({
    at: isOrderly(cause) ? 'stopped' : 'crashed',
    since: at,
    exit: { code: exit?.code ?? null, signal: exit?.signal ?? null, cause, at },
  });
  if (exit !== undefined && 'cause' in exit) return ended(exit.cause);
  const isWanted = record.intent === 'run' || record.stoppedByHost;
  if (!isWanted && record.pid === null) return { at: 'stopped', since: at, exit: null };
  if (!sameBoot || wentDown) return ended(isWanted ? 'host-restart' : 'asked');
  const phase = isWanted ? (record.isUp ? 'running' : 'starting') : 'stopping';
  const { code, signal } = exit ?? { code: null, signal: null };
  return ended(causeOf(phase, { code, signal, isKnown: exit !== undefined, ...lastWordsOf(server, record, tools) }));
}

function lastWordsOf(server: Server, record: ServerRecord, tools: ServerTools): LastWords {
  const watch = new LogWatch(server.settings);
  watch.feed(tools.consoles.lastLines(server.consoleFile, lastLines, record.consoleOffset), Date.now());
  return { saidStopping: watch.stoppingAt !== null, saidCrash: watch.crashedAt !== null };
}
