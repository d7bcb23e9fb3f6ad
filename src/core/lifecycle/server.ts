import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Definition, Sample, ServerView, StopStep } from '../../shared/contract.js';
import { effective, type Effective } from '../../shared/definition.js';
import { Failure } from '../../shared/failure.js';
import type { LaunchedProcess } from '../../shared/launcherProtocol.js';
import type { Log, NewLines, ProcessRef, SignalPort, StopSignal } from '../ports.js';
import { deferred } from './deferred.js';
import type { ServerEvents } from './events.js';
import { launchRequest } from './launchRequest.js';
import { Life } from './life.js';
import { LogWatch } from './logWatch.js';
import { Observation, type ObservationTools } from './observation.js';
import { RecordKeeper, type Records, type ServerRecord } from './record.js';
import { isReadyInTime } from './readiness.js';
import { rulesOf } from './restartBudget.js';
import { Restarter } from './restarter.js';
import { sendLine, type LineTools, type SentLine } from './sendLine.js';
import type { Ending, Exit, Lifecycle, Running } from './state.js';
import { Stopper } from './stopper.js';
import { within } from './stopRun.js';
import { viewOf } from './view.js';

const killMs = 10_000;
/** An end that a core learns of this late is history: nothing is restarted over it. */
const staleMs = 10 * 60_000;

export interface ServerTools extends ObservationTools, LineTools {
  readonly dataDir: string;
  readonly signals: SignalPort;
  readonly records: Records;
  readonly log: Log;
  readonly events: ServerEvents;
}

/** One server: the only place that changes its state. Commands lock each other out; kill may always pass. */
export class Server {
  private effective: Effective;
  private readonly life: Life;
  private readonly keeper: RecordKeeper;
  private readonly restarter: Restarter;
  private readonly stopper: Stopper;
  private observation: Observation | undefined;
  private latestLines: LogWatch;
  private exited = deferred();
  private upOrGone = deferred();
  private isRestarting = false;
  sample: Sample | null = null;

  constructor(
    readonly id: string,
    definition: Definition,
    private readonly tools: ServerTools,
  ) {
    this.effective = effective(definition);
    this.latestLines = new LogWatch(this.effective);
    this.keeper = new RecordKeeper(id, tools.records);
    this.life = new Life({
      id,
      keeper: this.keeper,
      log: tools.log,
      changed: (before) => {
        if (this.state.at === 'stopping' && before.at === 'starting') this.upOrGone.resolve();
        tools.events.changed(this);
      },
    });
    this.restarter = this.makeRestarter();
    this.stopper = this.makeStopper();
  }

  /** The definition with every default filled in. */
  get settings(): Effective {
    return this.effective;
  }

  get definition(): Definition {
    return this.effective.definition;
  }

  get state(): Lifecycle {
    return this.life.state;
  }

  get process(): Running | null {
    return this.life.process;
  }

  /** It has a process, or is about to have one. */
  get isLive(): boolean {
    return this.life.isLive;
  }

  get consoleFile(): string {
    return path.join(this.tools.dataDir, 'logs', this.id, 'console.log');
  }

  /** Something happens soon: its console is worth a look more often than once per sample. */
  get isEventful(): boolean {
    return this.state.at === 'starting' || this.state.at === 'stopping' || this.latestLines.isAwaited;
  }

  get lines(): LogWatch {
    return this.latestLines;
  }

  view(): ServerView {
    return viewOf(this.effective, this.state, this.latestLines, this.sample, this.restarter.used);
  }

  /** Takes over a changed definition; what is running keeps running as it was started. */
  redefine(definition: Definition): void {
    this.effective = effective(definition);
    if (this.process === null) this.latestLines = new LogWatch(this.effective);
    this.tools.events.changed(this);
  }

  /** Somebody wants it to run: what was tried before does not count. */
  async start(): Promise<ServerView> {
    if (this.isRestarting) throw new Failure('busy', { id: this.id, state: 'restarting' });
    this.restarter.clear();
    return await this.startNow();
  }

  /** Joins a stop that is under way; asked without a countdown, it cuts a running one short. */
  async stop(options: { countdownSeconds: number }): Promise<StopStep[]> {
    if (!this.isLive) throw new Failure('not-running', { id: this.id });
    this.restarter.cancel();
    // Before the first byte: whatever happens from here on is no crash.
    if (!this.stopper.isRunning) this.life.dispatch({ is: 'stopAsked' });
    return await this.stopper.stop({ ...options, onlyWait: false });
  }

  async cancelStop(): Promise<void> {
    await this.stopper.cancel();
  }

  async restart(options: { countdownSeconds: number }): Promise<StopStep[]> {
    if (this.isRestarting) throw new Failure('busy', { id: this.id, state: 'restarting' });
    this.isRestarting = true;
    try {
      const steps = this.isLive ? await this.stop(options) : [];
      this.restarter.clear();
      await this.startNow();
      return steps;
    } finally {
      this.isRestarting = false;
    }
  }

  async kill(): Promise<ServerView> {
    const running = this.process;
    if (running === null) throw new Failure('not-running', { id: this.id });
    this.life.dispatch({ is: 'stopAsked' });
    this.keeper.note({ intent: 'stop', stopSent: true });
    this.stopper.hurry();
    if (!this.killTree(running)) this.noticeEnd();
    if (!(await within(this.exited.promise, killMs))) throw new Failure('timeout', { id: this.id, ms: killMs });
    return this.view();
  }

  /** One line to its console, whichever it has. Rejects not-running, no-channel, busy, and what a console rejects. */
  async writeLine(line: string): Promise<SentLine> {
    if (this.process === null) throw new Failure('not-running', { id: this.id });
    return await sendLine(this.effective, line, this.tools);
  }

  /** Resolves when the process that runs now has ended. */
  get ending(): Promise<void> {
    return this.exited.promise;
  }

  /** Removed for good: nothing of an earlier life may come back with a new server of the same id. */
  forget(): void {
    this.restarter.dispose();
    this.keeper.forget();
  }

  /** Takes a process for this server that an earlier core has started. */
  adopt(running: Running, record: ServerRecord): void {
    this.keeper.resume(record);
    this.life.resume({ at: 'starting', since: record.since, process: null, stopWanted: false });
    this.begin(running);
    if (record.isUp) {
      this.life.resume({ at: 'running', since: record.since, process: running, isReady: true });
      this.keeper.note({ since: record.since });
      this.upOrGone.resolve();
      this.observation?.catchUp();
    } else if (record.intent === 'run') void this.readiness();
    if (record.intent === 'stop') {
      this.life.dispatch({ is: 'stopAsked' });
      this.stopper.stop({ countdownSeconds: 0, onlyWait: record.stopSent }).catch((error: unknown) => {
        this.tools.log.write('warn', 'lifecycle', 'stop not finished', { id: this.id, error: String(error) });
      });
    }
    this.tools.events.changed(this);
  }

  /** Takes over from an earlier core when the process has ended meanwhile: `state` says how. */
  recall(state: Lifecycle, record: ServerRecord): void {
    this.keeper.resume(record);
    this.life.resume(state);
    const exit = 'exit' in state ? state.exit : null;
    const hasJustEnded = record.pid !== null && exit !== null && exit.at > Date.now() - staleMs;
    this.keeper.note({ pid: null, exit });
    if (record.restartAt !== null && record.intent === 'run') this.restarter.plan(record.restartAt);
    else if (hasJustEnded) this.restarter.afterEnd(exit);
  }

  /** Connects a process that somebody started elsewhere. */
  attach(found: ProcessRef): void {
    if (this.isLive) throw new Failure('already-running', { id: this.id });
    const nonce = randomBytes(8).toString('hex');
    const startedAt = Date.now();
    const consoleOffset = this.tools.consoles.size(this.consoleFile);
    this.keeper.note({ nonce, intent: 'run', consoleOffset, startedAt });
    this.life.resume({ at: 'starting', since: startedAt, process: null, stopWanted: false });
    this.begin({ ...found, nonce, startedAt, supervised: false });
    this.lines.gap();
    this.life.dispatch({ is: 'up', isReady: true });
    this.upOrGone.resolve();
  }

  /** Its process has ended. */
  ended(exit: Omit<Ending, 'saidStopping'>): void {
    const { process } = this;
    if (process === null) return;
    const lastWords = this.observation?.end() ?? { saidStopping: false };
    this.observation = undefined;
    this.sample = null;
    const wasUp = this.keeper.current?.isUp ?? false;
    this.life.dispatch({ is: 'exited', ...exit, ...lastWords });
    const known = this.life.exit;
    this.keeper.note({ pid: null, exit: known });
    if (known !== null) {
      const { knowsPlayers, online, isSaving, lastSaveAt } = this.lines;
      const players = knowsPlayers ? [...online.keys()] : null;
      this.tools.events.ended(this, { exit: known, process, wasUp, players, isSaving, lastSaveAt });
    }
    this.exited.resolve();
    this.upOrGone.resolve();
    if (known !== null && !this.isRestarting) this.restarter.afterEnd(this.asFailedStart(known));
  }

  /** The launcher that would have told about its end is gone. */
  loseSupervision(): void {
    if (!this.process?.supervised) return;
    this.life.resume({ ...this.state, process: { ...this.process, supervised: false } } as Lifecycle);
    this.tools.events.changed(this);
  }

  /** A process whose end nobody reports is looked after here; true while it lives. */
  noticeEnd(): boolean {
    const running = this.process;
    if (running === null) return false;
    if (running.supervised || this.tools.signals.isAlive(running)) return true;
    this.ended({ code: null, signal: null, isKnown: false });
    return false;
  }

  takeSample(now: number): Sample | null {
    this.sample = this.observation?.sample(now) ?? null;
    return this.sample;
  }

  pollConsole(): void {
    this.observation?.poll();
  }

  dispose(): void {
    this.restarter.dispose();
    this.observation?.dispose();
  }

  private async startNow(): Promise<ServerView> {
    if (this.state.at === 'stopping') throw new Failure('busy', { id: this.id, state: 'stopping' });
    if (this.process !== null || this.state.at === 'starting') throw new Failure('already-running', { id: this.id });
    const nonce = randomBytes(8).toString('hex');
    this.life.dispatch({ is: 'startAsked' });
    const consoleOffset = this.tools.consoles.size(this.consoleFile);
    this.keeper.note({ nonce, intent: 'run', consoleOffset, since: this.state.since });
    let launched: LaunchedProcess;
    try {
      const request = launchRequest(this.effective, this.tools.dataDir, nonce, this.consoleFile);
      launched = await this.tools.launch.spawn(request);
    } catch (error) {
      this.life.dispatch({ is: 'spawnFailed' });
      const { exit } = this.life;
      this.keeper.note({ intent: 'stop', exit });
      if (exit !== null) this.restarter.afterEnd(this.asFailedStart(exit));
      throw error;
    }
    this.begin({ ...launched, supervised: true });
    await this.readiness();
    return this.afterStart();
  }

  private afterStart(): ServerView {
    if (this.state.at === 'running') return this.view();
    const { exit } = this.life;
    if (!('exit' in this.state) || exit?.cause === 'asked') throw new Failure('cancelled', { id: this.id });
    throw new Failure('start-failed', { id: this.id, exitCode: exit?.code ?? null, signal: exit?.signal ?? null });
  }

  /** A start that a person asked for and that fails is theirs to mend; only one of our own is tried again. */
  private asFailedStart(exit: Exit): Exit {
    const isOurs = (this.keeper.current?.restartAttempts.length ?? 0) > 0;
    return exit.cause === 'start-failed' && !isOurs ? { ...exit, cause: 'asked' } : exit;
  }

  private begin(running: Running): void {
    this.exited = deferred();
    this.upOrGone = deferred();
    const place = { file: this.consoleFile, offset: this.keeper.current?.consoleOffset ?? 0 };
    this.observation = new Observation(this.effective, running, place, this.tools, (news, changed) => {
      this.heard(news, changed);
    });
    this.latestLines = this.observation.watch;
    this.life.dispatch({ is: 'spawned', process: running });
    const { pid, startTime, startedAt, nonce } = running;
    this.keeper.note({ pid, startTime, startedAt, nonce, exit: null, bootId: this.tools.processes.bootId() });
  }

  /** Resolves when it is up, has taken too long (and counts as running), has ended, or is being stopped. */
  private async readiness(): Promise<void> {
    const isReady = await isReadyInTime(this.lines, this.effective.readySeconds, this.upOrGone.promise);
    if (this.state.at === 'starting') this.life.dispatch({ is: 'up', isReady });
  }

  private makeRestarter(): Restarter {
    return new Restarter({
      id: this.id,
      log: this.tools.log,
      rules: () => rulesOf(this.definition),
      attempts: () => this.keeper.current?.restartAttempts ?? [],
      note: (change) => {
        if (this.keeper.current !== undefined) this.keeper.note(change);
      },
      planned: (nextAt) => {
        this.life.dispatch({ is: 'restartPlanned', nextAt });
      },
      gaveUp: (used, windowSeconds) => {
        this.life.dispatch({ is: 'gaveUp' });
        const minutes = Math.round(windowSeconds / 60);
        this.say(`Not restarted again: ${used} restarts in ${minutes} minutes did not help.`);
        this.tools.events.gaveUp(this, used, windowSeconds);
      },
      start: () => this.startNow(),
    });
  }

  private makeStopper(): Stopper {
    const target = {
      settings: () => this.effective,
      lines: () => this.lines,
      exited: () => this.exited.promise,
      isGone: () => this.process === null,
      writeLine: (line: string) => this.writeLine(line),
      signal: (signal: StopSignal) => this.process !== null && this.tools.signals.stop(this.process, signal),
      kill: () => this.process !== null && this.killTree(this.process),
      stopSent: () => {
        this.keeper.note({ stopSent: true });
      },
      progress: (steps: StopStep[], endsAt: number | null) => {
        this.tools.events.stopProgress(this, steps, endsAt);
      },
    };
    return new Stopper({
      id: this.id,
      target,
      spawned: () => this.spawned(),
      note: (change) => {
        this.keeper.note(change);
      },
      cancelled: () => {
        this.life.dispatch({ is: 'stopCancelled' });
      },
      timedOut: () => {
        this.tools.events.stopTimedOut(this, this.effective.stop.graceSeconds);
      },
    });
  }

  /** Resolves when the start under way, if any, has a process or has failed. */
  private async spawned(): Promise<void> {
    while (this.state.at === 'starting' && this.process === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  private killTree(running: Running): boolean {
    return this.tools.signals.killTree(running, `${this.id}:${running.nonce}`);
  }

  /** A line of ours among the server's own. */
  private say(text: string): void {
    const line = `[Game Server Panel] ${text}`;
    this.tools.consoles.append(this.consoleFile, line);
    this.tools.events.lines(this, [line], 0);
  }

  private heard(news: NewLines, changed: boolean): void {
    const isReadyNow = this.state.at === 'running' && !this.state.isReady && this.lines.isReady;
    if (isReadyNow) this.life.dispatch({ is: 'up', isReady: true });
    else if (changed) this.tools.events.changed(this);
    this.tools.events.lines(this, news.lines, news.skippedBytes);
  }
}
