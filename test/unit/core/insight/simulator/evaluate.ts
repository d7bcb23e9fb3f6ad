import type { Finding, FindingKind } from '../../../../../src/core/insight/findings/finding.js';
import { ServerInsight } from '../../../../../src/core/insight/findings/serverInsight.js';
import { PlainThreeSigma, type PlainAlarm } from './plain.js';
import { worlds, type World } from './profile.js';
import { injectedKinds, origin, SimulatedServer, weekMs, type InjectedKind, type Label } from './simulator.js';

/** Of one kind. delays: minutes from its beginning until it was told, of each that was found. */
export interface KindScore {
  injected: number;
  found: number;
  /** Told of that kind, while nothing of it was there. */
  wrong: number;
  delays: number[];
}

export interface Score {
  readonly kinds: Record<InjectedKind, KindScore>;
  /** Weeks in which everything is learned already, and those in which it begins. */
  weeks: number;
  firstWeeks: number;
  falseAlarms: number;
  firstFalseAlarms: number;
  /** Server-weeks (of both) with a leak told where there was none. */
  weeksWithFalseLeak: number;
  surges: number;
  surgesCalledBug: number;
  saves: number;
  /** Of the false alarms, those that were mostly in saves. */
  savesCalled: number;
  /** Where ours is measured: microseconds for each measurement, and how many there were. */
  micros: number;
  samples: number;
  readonly notes: string[];
}

/** tellable: of these kinds one is a find; beside it, also those may be told. */
const tellable: Readonly<Record<InjectedKind, readonly FindingKind[]>> = {
  leak: ['leak'],
  runaway: ['cpu-without-players', 'cpu-high'],
  stuckSave: ['save-long', 'save-missing'],
  crashLoop: ['crash-loop'],
  hostLag: ['host-bound'],
  surge: [],
};
const alsoTrue: Readonly<Record<InjectedKind, readonly FindingKind[]>> = {
  leak: ['memory-high'],
  runaway: ['tick-rate-low', 'game-bound', 'api-slow', 'level-change'],
  stuckSave: ['tick-rate-low', 'game-bound', 'api-slow'],
  crashLoop: [],
  hostLag: ['tick-rate-low', 'api-slow', 'game-bound'],
  // The game does get slower. That is no bug, and told as load.
  surge: ['tick-rate-low', 'game-bound', 'api-slow'],
};
/** What says that something is wrong with the server rather than that many play. */
const bugs = new Set<FindingKind>([
  'cpu-without-players',
  'cpu-high',
  'memory-high',
  'leak',
  'level-change',
  'disk-high',
]);
const plainMetrics: Readonly<Record<InjectedKind, readonly string[]>> = {
  leak: ['memory'],
  runaway: ['cpu'],
  stuckSave: ['tickRate', 'frameTime', 'apiTime', 'ioWrite', 'cpu'],
  crashLoop: ['cpu', 'memory', 'tickRate', 'frameTime', 'apiTime'],
  hostLag: ['tickRate', 'frameTime', 'apiTime'],
  surge: [],
};
const slowGame = new Set<FindingKind>(['game-bound', 'tick-rate-low']);
const longestMicros = 20_000;
const tailMs = 30 * 60_000;

export function emptyScore(): Score {
  const kinds = Object.fromEntries(
    injectedKinds.map((kind) => [kind, { injected: 0, found: 0, wrong: 0, delays: [] }]),
  ) as unknown as Record<InjectedKind, KindScore>;
  return {
    kinds,
    ...{
      weeks: 0,
      firstWeeks: 0,
      falseAlarms: 0,
      firstFalseAlarms: 0,
      weeksWithFalseLeak: 0,
      surges: 0,
      surgesCalledBug: 0,
    },
    ...{ saves: 0, savesCalled: 0, micros: 0, samples: 0, notes: [] },
  };
}

interface Told {
  readonly at: number;
  readonly kind: FindingKind;
  readonly finding: Finding;
}

interface Run {
  readonly told: Told[];
  readonly alarms: readonly PlainAlarm[];
  readonly server: SimulatedServer;
  readonly saves: number;
  readonly isSaving: (at: number) => boolean;
  /** The game had more to do than one core can: then a low tick rate is the truth. */
  readonly isOverloaded: (at: number) => boolean;
  readonly micros: number;
  readonly samples: number;
}

/** Two weeks of one server, through ours and the plain way. */
export function run(seed: number, stepMs = 60_000, world?: World): Run {
  const server = new SimulatedServer(seed, stepMs, true, world === undefined ? {} : worlds[world]);
  const insight = new ServerInsight();
  const plain = new PlainThreeSigma();
  insight.resume(origin, server.uptimeBegan);
  const told: Told[] = [];
  const savingMinutes = new Set<number>();
  let saves = 0;
  let wasSaving = false;
  const overloaded = new Set<number>();
  let micros = 0;
  const steps = (2 * weekMs) / stepMs;
  for (let step = 0; step < steps; step++) {
    const { sample, host, events, isSaving, isOverloaded } = server.next();
    if (isOverloaded) overloaded.add(Math.floor((sample.at - 1) / (10 * 60_000)));
    if (isSaving) savingMinutes.add(Math.floor((sample.at - 1) / 60_000));
    if (isSaving && !wasSaving) saves++;
    wasSaving = isSaving;
    const zoneMinutes = server.ahead(sample.at) / 60_000;
    insight.baseline.zoneMinutes = zoneMinutes;
    const before = performance.now();
    for (const { at, kind, data } of events) note(told, at, insight.event(at, kind, data));
    note(told, sample.at, insight.sample(sample, host));
    // What another process took away in between is not ours.
    micros += Math.min(1000 * (performance.now() - before), longestMicros);
    plain.minute(sample);
  }
  return {
    ...{ told, alarms: plain.alarms, server, saves, micros, samples: steps },
    isOverloaded: (at) => {
      const cell = Math.floor((at - 1) / (10 * 60_000));
      return overloaded.has(cell) || overloaded.has(cell - 1);
    },
    isSaving: (at) => savingMinutes.has(Math.floor((at - 1) / 60_000)),
  };
}

function note(told: Told[], at: number, turns: ReturnType<ServerInsight['sample']>): void {
  for (const { turn, finding } of turns) if (turn !== 'end') told.push({ at, kind: finding.kind, finding });
}

function near(labels: readonly Label[], from: number, to: number): Label[] {
  return labels.filter(({ begin, end, kind }) => to >= begin && from <= end + (kind === 'leak' ? 2 * tailMs : tailMs));
}

/** Adds what a run has found to what is known of both ways. */
export function judge(found: Run, seed: number, ours: Score, plain: Score): void {
  for (const score of [ours, plain]) {
    score.weeks++;
    score.firstWeeks++;
    score.saves += found.saves;
    score.surges++;
  }
  ours.micros += found.micros;
  ours.samples += found.samples;
  judgeOurs(found, seed, ours);
  judgePlain(found, plain);
}

function judgeOurs({ told, server, isSaving, isOverloaded }: Run, seed: number, score: Score): void {
  const { labels, profile } = server;
  for (const { kind, begin, end, isSeen } of labels) {
    if (kind === 'surge' || !isSeen) continue;
    const first = told.find((one) => tellable[kind].includes(one.kind) && one.at >= begin && one.at <= end + tailMs);
    score.kinds[kind].injected++;
    if (first === undefined) score.notes.push(`${seed}: ${kind} at ${hours(begin)} not found`);
    else {
      score.kinds[kind].found++;
      score.kinds[kind].delays.push((first.at - begin) / 60_000);
    }
  }
  const wrongKeys = new Set<string>();
  const leakWeeks = new Set<number>();
  let surgeIsBug = false;
  for (const { at, kind, finding } of told) {
    const around = near(labels, at, at);
    const isTrue = around.some((label) => tellable[label.kind].includes(kind) || alsoTrue[label.kind].includes(kind));
    const ofSurge = around.some((label) => label.kind === 'surge');
    const isUnknown = ofSurge && !profile.hasPlayers && finding.cause === 'unknown';
    if (ofSurge && profile.hasPlayers && bugs.has(kind)) surgeIsBug = true;
    const isLoop = around.some((label) => label.kind === 'crashLoop');
    const isSlow = slowGame.has(kind) || finding.metric === 'tickRate' || finding.metric === 'frameTime';
    const isTruth = isSlow && isOverloaded(finding.peakAt);
    if (isTrue || isTruth || isUnknown || isLoop || wrongKeys.has(finding.key)) continue;
    wrongKeys.add(finding.key);
    const isFirst = at - origin < weekMs;
    if (isFirst) score.firstFalseAlarms++;
    else score.falseAlarms++;
    if (kind === 'leak') leakWeeks.add(Math.floor((at - origin) / weekMs));
    if (finding.metric !== 'memory' && isOfSaves(finding.begin, finding.peakAt, isSaving)) score.savesCalled++;
    const owner = injectedKinds.find((one) => tellable[one].includes(kind));
    if (owner !== undefined) score.kinds[owner].wrong++;
    score.notes.push(
      `${seed}: ${kind} ${finding.metric} at ${hours(at)} wrong (since ${hours(finding.begin)}, ${shown(finding.peak)} of ${shown(finding.expected.low)}..${shown(finding.expected.mid)}..${shown(finding.expected.high)}, excess ${finding.excess.toFixed(2)}, players ${finding.players ?? '?'}, near ${around.map((one) => one.kind).join()})`,
    );
  }
  score.weeksWithFalseLeak += leakWeeks.size;
  if (surgeIsBug) score.surgesCalledBug++;
}

function judgePlain({ alarms, server, isSaving }: Run, score: Score): void {
  const { labels } = server;
  for (const { kind, begin, end, isSeen } of labels) {
    if (kind === 'surge' || !isSeen) continue;
    const first = alarms.find(
      (one) => plainMetrics[kind].includes(one.metric) && one.end >= begin && one.begin <= end + tailMs,
    );
    score.kinds[kind].injected++;
    if (first === undefined) continue;
    score.kinds[kind].found++;
    score.kinds[kind].delays.push(Math.max(0, (first.begin - begin) / 60_000));
  }
  const leakWeeks = new Set<number>();
  let surgeIsBug = false;
  for (const alarm of alarms) {
    const around = near(labels, alarm.begin, alarm.end);
    if (around.some(({ kind }) => kind === 'surge') && ['cpu', 'memory'].includes(alarm.metric)) surgeIsBug = true;
    if (around.some(({ kind }) => kind !== 'surge')) continue;
    const week = Math.floor((alarm.begin - origin) / weekMs);
    if (week === 0) score.firstFalseAlarms++;
    else score.falseAlarms++;
    if (alarm.metric === 'memory') leakWeeks.add(week);
    if (isOfSaves(alarm.begin, alarm.begin, isSaving)) score.savesCalled++;
    // Each alarm is of the first kind that its metric may stand for.
    const owner = injectedKinds.find((one) => plainMetrics[one].includes(alarm.metric));
    if (owner !== undefined) score.kinds[owner].wrong++;
  }
  score.weeksWithFalseLeak += leakWeeks.size;
  if (surgeIsBug) score.surgesCalledBug++;
}

/** Most of its minutes until the worst one were in a save. */
function isOfSaves(begin: number, peakAt: number, isSaving: (at: number) => boolean): boolean {
  let minutes = 0;
  let saving = 0;
  for (let at = begin; at <= peakAt; at += 60_000, minutes++) if (isSaving(at)) saving++;
  return saving > 0.6 * minutes;
}

function hours(at: number): string {
  return `${((at - origin) / 3_600_000).toFixed(2)} h`;
}

function shown(value: number): string {
  return value >= 1e7 ? `${(value / 1024 ** 2).toFixed(0)} MB` : value.toFixed(value < 10 ? 2 : 0);
}

/** Of those that were found; NaN of none. */
export function medianDelay({ delays }: KindScore): number {
  return [...delays].sort((a, b) => a - b)[delays.length >> 1] ?? NaN;
}

/** Both ways on the same weeks. */
export function evaluate(seeds: readonly number[], stepMs = 60_000, world?: World): { ours: Score; plain: Score } {
  const [ours, plain] = [emptyScore(), emptyScore()];
  for (const seed of seeds) judge(run(seed, stepMs, world), seed, ours, plain);
  return { ours, plain };
}
