import type { Sample } from '../../shared/contract.js';
import type { Effective } from '../../shared/definition.js';
import type { GameFacts, Heir } from '../ports.js';
import { consoleStart } from './consolePlace.js';
import { deferred } from './deferred.js';
import { markOf, successorOf } from './heirs.js';
import { LogWatch } from './logWatch.js';
import { Observation, type Heard, type ObservationTools } from './observation.js';
import { Orphans } from './orphans.js';
import type { RecordKeeper } from './record.js';
import type { Ending, LastWords, Running } from './state.js';

/** A program that only starts another has left by then. */
const youngMs = 60_000;
/** At least this often it is looked at what it runs: seldom another than before, and no round should pay for it. */
const lookEveryMs = 60_000;
const lookYoungMs = 5000;

type Ended = Pick<Ending, 'code' | 'isKnown'>;

export interface ProcessWatchParts {
  readonly id: string;
  readonly consoleFile: string;
  readonly tools: ObservationTools;
  readonly keeper: RecordKeeper;
  readonly heard: Heard;
}

/** All that is watched of a server's process, from its beginning to its last words, and what is left of it after that. */
export class ProcessWatch {
  /** What its lines told; of the last process, when none runs. */
  lines: LogWatch;
  sample: Sample | null = null;
  private observation: Observation | undefined;
  private exited = deferred();
  private upOrGone = deferred();
  /** The start whose processes were killed by us. */
  private killed: string | undefined;
  /** When it was last looked at what it runs, Unix milliseconds. */
  private lookedAt = 0;
  private readonly orphans = new Orphans();

  constructor(
    private readonly parts: ProcessWatchParts,
    effective: Effective,
  ) {
    this.lines = new LogWatch(effective);
    parts.tools.consoles.setEncoding(parts.consoleFile, effective.encoding);
  }

  /** Another definition: what runs is watched as it was started, but what it prints is read as is said now. */
  redefine(effective: Effective, isRunning: boolean): void {
    this.parts.tools.consoles.setEncoding(this.parts.consoleFile, effective.encoding);
    if (!isRunning) this.lines = new LogWatch(effective);
  }

  begin(running: Running, effective: Effective): void {
    const { consoleFile, keeper, tools } = this.parts;
    this.exited = deferred();
    this.upOrGone = deferred();
    const place = consoleStart(consoleFile, keeper);
    this.observation = new Observation(effective, running, place, tools, this.parts.heard);
    this.lines = this.observation.watch;
    const { pid, startTime, startedAt, nonce, isOurs } = running;
    const bootId = tools.processes.bootId();
    keeper.note({ pid, startTime, startedAt, nonce, isOurs, exit: null, bootId });
    this.noteExecutable(pid);
  }

  /** Resolves when the process that runs now has ended. */
  get ending(): Promise<void> {
    return this.exited.promise;
  }

  /** Resolves when it is up, has ended or is being stopped: nobody needs to wait for its ready line any more. */
  get settled(): Promise<void> {
    return this.upOrGone.promise;
  }

  settle(): void {
    this.upOrGone.resolve();
  }

  catchUp(): void {
    this.observation?.catchUp();
  }

  /** Hears what it has printed so far; what that tells of has happened before, and an earlier core may have told it. */
  hearOld(): void {
    this.observation?.hearOld();
  }

  /** isAfterSample: right after one, which may tell that there is nothing to read. */
  poll(isAfterSample = false): void {
    if (isAfterSample) this.observation?.pollAfterSample();
    else this.observation?.poll();
  }

  /** isWell: it is up and nobody stops it, so that it ought to respond. */
  takeSample(now: number, running: Running | null, facts: GameFacts, isWell: boolean): Sample | null {
    if (running !== null && this.isWorthALook(now, running.startedAt)) this.noteExecutable(running.pid);
    this.sample = this.observation?.sample(now, facts, isWell) ?? null;
    return this.sample;
  }

  /** Why it is taken for hung; empty while it is not. */
  get hangSigns(): readonly string[] {
    return this.observation?.hangSigns ?? [];
  }

  /**
   * Its process has ended: the process in which the same server lives on, when what ended was a start script or forked
   * away. Undefined when the server itself has ended.
   */
  successorOf(departed: Running, end: Ended, isStopping: boolean, effective: Effective): Running | undefined {
    const { id, keeper, tools } = this.parts;
    // What we kill ends as a whole, if not in the same moment.
    if (!departed.isOurs || this.killed === departed.nonce) return undefined;
    const executable = keeper.current?.executable ?? null;
    const isYoung = Date.now() - departed.startedAt < youngMs;
    const heirs = tools.processes.heirs(markOf(id, departed));
    const next = successorOf({ ...end, executable, isStopping, isYoung }, heirs, effective.game.executables);
    if (next === undefined) return undefined;
    const { pid, startTime, name } = next;
    const running = { ...departed, pid, startTime, supervised: false };
    this.observation?.follow(running);
    keeper.note({ pid, startTime, executable: name });
    return running;
  }

  /** We have killed it: what is left of it for a moment is no successor. */
  noteKilled(running: Running): void {
    this.killed = running.nonce;
  }

  /** Takes in the last words. */
  end(exit: Pick<Ending, 'code' | 'signal'>): LastWords & { byOom: boolean } {
    const lastWords = this.observation?.end(exit) ?? { saidStopping: false, saidCrash: false, byOom: false };
    this.observation = undefined;
    this.sample = null;
    return lastWords;
  }

  /** Tells of what a departed server has left behind. */
  lookForOrphans(departed: Running, found: (orphans: readonly Heir[]) => void): void {
    if (!departed.isOurs) return;
    const mark = markOf(this.parts.id, departed);
    this.orphans.look({ heirs: () => this.parts.tools.processes.heirs(mark), found });
  }

  /** Whoever waited for the end goes on. */
  release(): void {
    this.exited.resolve();
    this.upOrGone.resolve();
  }

  dispose(): void {
    this.orphans.dispose();
    this.observation?.dispose();
  }

  /** What it runs becomes another soon after its start, or hardly ever. */
  private isWorthALook(now: number, startedAt: number): boolean {
    const sinceLook = now - this.lookedAt;
    const isYoung = now - startedAt < youngMs;
    // A clock that was set back must not keep it from being looked at.
    return sinceLook < 0 || sinceLook >= Math.min(isYoung ? lookYoungMs : lookEveryMs, this.lookedAt - startedAt);
  }

  /** What the process runs by now: a start script may have become the game itself. */
  private noteExecutable(pid: number): void {
    this.lookedAt = Date.now();
    const executable = this.parts.tools.processes.executable(pid);
    if (executable !== null) this.parts.keeper.note({ executable });
  }
}
