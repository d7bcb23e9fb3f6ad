import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Definition, Sample, ServerView, StopStep } from '../../shared/contract.js';
import { effective, type Effective } from '../../shared/definition.js';
import { Failure } from '../../shared/failure.js';
import type { LaunchedProcess } from '../../shared/launcherProtocol.js';
import type {
  ConsolePort,
  ConsoleReader,
  Launch,
  Log,
  NewLines,
  ProcessReaderPort,
  ProcessRef,
  SignalPort,
  StopSignal,
} from '../ports.js';
import { launchRequest } from './launchRequest.js';
import { LogWatch } from './logWatch.js';
import type { Records, ServerRecord } from './record.js';
import { processOf, step, type Exit, type Lifecycle, type LifecycleEvent, type Running } from './state.js';
import { StopRun, within } from './stopRun.js';
import { TreeMeter } from './treeMeter.js';
import { viewOf } from './view.js';

/** Where there is no line to wait for, a program that lives this long counts as running. */
const aliveMs = 2000;
/** Some print their ready line and die at once, as of a port already in use. */
const survivalMs = 500;
const killMs = 10_000;

export interface ServerEvents {
  changed(server: Server): void;
  lines(server: Server, lines: string[], skippedBytes: number): void;
  stopProgress(server: Server, steps: StopStep[], endsAt: number | null): void;
}

export interface ServerTools {
  readonly dataDir: string;
  readonly launch: Launch;
  readonly signals: SignalPort;
  readonly processes: ProcessReaderPort;
  readonly consoles: ConsolePort;
  readonly records: Records;
  readonly log: Log;
  readonly events: ServerEvents;
}

interface Deferred {
  readonly promise: Promise<void>;
  resolve(): void;
}

function deferred(): Deferred {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** One server: the only place that changes its state. Commands lock each other out; kill may always pass. */
export class Server {
  private effective: Effective;
  private state: Lifecycle;
  private record: ServerRecord | undefined;
  private watch: LogWatch;
  private tail: ConsoleReader | undefined;
  private meter: TreeMeter | undefined;
  private exited = deferred();
  private upOrGone = deferred();
  private stopRun: { run: StopRun; done: Promise<void> } | undefined;
  private isRestarting = false;
  sample: Sample | null = null;

  constructor(
    readonly id: string,
    definition: Definition,
    private readonly tools: ServerTools,
  ) {
    this.effective = effective(definition);
    this.watch = new LogWatch(this.effective);
    this.state = { at: 'stopped', since: Date.now(), exit: null };
  }

  get definition(): Definition {
    return this.effective.definition;
  }

  get lifecycle(): Lifecycle {
    return this.state;
  }

  get process(): Running | null {
    return processOf(this.state);
  }

  get consoleFile(): string {
    return path.join(this.tools.dataDir, 'logs', this.id, 'console.log');
  }

  /** Something happens soon: its console is worth a look more often than once per sample. */
  get isEventful(): boolean {
    return this.state.at === 'starting' || this.state.at === 'stopping' || this.watch.isAwaited;
  }

  get lines(): LogWatch {
    return this.watch;
  }

  view(): ServerView {
    return viewOf(this.effective, this.state, this.watch, this.sample);
  }

  /** Takes over a changed definition; what is running keeps running as it was started. */
  redefine(definition: Definition): void {
    this.effective = effective(definition);
    if (this.process === null) this.watch = new LogWatch(this.effective);
    this.tools.events.changed(this);
  }

  async start(): Promise<ServerView> {
    if (this.isRestarting) throw new Failure('busy', { id: this.id, state: 'restarting' });
    return await this.startNow();
  }

  private async startNow(): Promise<ServerView> {
    if (this.state.at === 'stopping') throw new Failure('busy', { id: this.id, state: 'stopping' });
    if (this.state.at !== 'stopped' && this.state.at !== 'crashed')
      throw new Failure('already-running', { id: this.id });
    const nonce = randomBytes(8).toString('hex');
    const before = this.state;
    this.dispatch({ is: 'startAsked' });
    this.note({ nonce, intent: 'run', consoleOffset: this.tools.consoles.size(this.consoleFile) });
    let launched: LaunchedProcess;
    try {
      launched = await this.tools.launch.spawn(
        launchRequest(this.effective, this.tools.dataDir, nonce, this.consoleFile),
      );
    } catch (error) {
      this.dispatch({ is: 'spawnFailed' });
      this.note({ intent: 'stop' });
      if (before.exit !== null && this.state.at === 'stopped')
        this.tools.log.write('debug', 'lifecycle', 'start failed', { id: this.id });
      throw error;
    }
    this.begin({ ...launched, supervised: true });
    await this.readiness();
    return this.afterStart();
  }

  private afterStart(): ServerView {
    if (this.state.at === 'running') return this.view();
    if (this.state.at === 'stopping' || this.state.at === 'starting') throw new Failure('cancelled', { id: this.id });
    const { exit } = this.state;
    if (exit?.cause === 'asked') throw new Failure('cancelled', { id: this.id });
    throw new Failure('start-failed', { id: this.id, exitCode: exit?.code ?? null, signal: exit?.signal ?? null });
  }

  /** Joins a stop that is under way; asked without a countdown, it cuts a running one short. */
  async stop(options: { countdownSeconds: number }): Promise<StopStep[]> {
    if (this.process === null && this.state.at !== 'starting') throw new Failure('not-running', { id: this.id });
    let current = this.stopRun;
    if (current === undefined) {
      // Before the first byte: whatever happens from here on is no crash.
      this.dispatch({ is: 'stopAsked' });
      current = this.runStop({ ...options, onlyWait: false });
    } else if (options.countdownSeconds <= 0) {
      current.run.hurry();
    }
    await current.done;
    return current.run.steps;
  }

  cancelStop(): void {
    if (this.stopRun === undefined) throw new Failure('not-running', { id: this.id });
    if (!this.stopRun.run.cancel()) throw new Failure('busy', { id: this.id, state: 'stopping' });
  }

  async restart(options: { countdownSeconds: number }): Promise<StopStep[]> {
    if (this.isRestarting) throw new Failure('busy', { id: this.id, state: 'restarting' });
    this.isRestarting = true;
    try {
      const steps = this.process === null ? [] : await this.stop(options);
      await this.startNow();
      return steps;
    } finally {
      this.isRestarting = false;
    }
  }

  async kill(): Promise<ServerView> {
    const running = this.process;
    if (running === null) throw new Failure('not-running', { id: this.id });
    this.dispatch({ is: 'stopAsked' });
    this.note({ intent: 'stop', stopSent: true });
    this.stopRun?.run.hurry();
    if (!this.killTree(running)) this.noticeEnd();
    if (!(await within(this.exited.promise, killMs))) throw new Failure('timeout', { id: this.id, ms: killMs });
    return this.view();
  }

  /** Rejects not-running, no-channel, busy. */
  async writeLine(line: string): Promise<void> {
    const running = this.process;
    if (running === null) throw new Failure('not-running', { id: this.id });
    await this.tools.launch.write(this.id, line);
  }

  /** Asks for a save and waits for the game's word on it. */
  async save(timeoutMs: number): Promise<{ confirmed: boolean; tookMs: number }> {
    const { saveLine } = this.effective.game;
    if (saveLine === undefined) throw new Failure('unsupported', { id: this.id, what: 'save' });
    const begun = Date.now();
    const calledOff = new AbortController();
    const saved = this.watch.has('saveEnd')
      ? this.watch.next('saveEnd', timeoutMs, calledOff.signal)
      : Promise.resolve(undefined);
    try {
      await this.writeLine(saveLine);
      const line = await Promise.race([saved, this.exited.promise.then(() => undefined)]);
      return { confirmed: line !== undefined, tookMs: Date.now() - begun };
    } finally {
      calledOff.abort();
    }
  }

  async announce(text: string): Promise<void> {
    const { sayLine } = this.effective.game;
    if (sayLine === undefined) throw new Failure('unsupported', { id: this.id, what: 'announce' });
    await this.writeLine(sayLine.replace('{text}', () => text));
  }

  /** The countdown of a graceful stop for which none was given, seconds. */
  get usualCountdownSeconds(): number {
    return Math.max(0, ...this.effective.stop.announceSeconds);
  }

  /** Removed for good: nothing of an earlier life may come back with a new server of the same id. */
  forget(): void {
    this.record = undefined;
    this.tools.records.remove(this.id);
  }

  /** Takes a process for this server that this core has not started. */
  adopt(running: Running, record: ServerRecord): void {
    this.record = record;
    this.state = { at: 'starting', since: record.since, process: null, stopWanted: false };
    this.begin(running);
    if (record.isUp) {
      this.state = { at: 'running', since: record.since, process: running, isReady: true };
      this.upOrGone.resolve();
      this.watch.gap();
    } else if (record.intent === 'run') void this.readiness();
    if (record.intent === 'stop') {
      this.dispatch({ is: 'stopAsked' });
      this.runStop({ countdownSeconds: 0, onlyWait: record.stopSent }).done.catch((error: unknown) => {
        this.tools.log.write('warn', 'lifecycle', 'stop not finished', { id: this.id, error: String(error) });
      });
    }
    this.tools.events.changed(this);
  }

  /** Connects a process that somebody started elsewhere. */
  attach(found: ProcessRef): void {
    if (this.process !== null || this.state.at === 'starting') throw new Failure('already-running', { id: this.id });
    const running: Running = {
      ...found,
      nonce: randomBytes(8).toString('hex'),
      startedAt: Date.now(),
      supervised: false,
    };
    this.note({
      nonce: running.nonce,
      intent: 'run',
      consoleOffset: this.tools.consoles.size(this.consoleFile),
      startedAt: running.startedAt,
    });
    this.state = { at: 'starting', since: Date.now(), process: null, stopWanted: false };
    this.begin(running);
    this.watch.gap();
    this.dispatch({ is: 'up', isReady: true });
    this.upOrGone.resolve();
  }

  /** What the record of an earlier core says about a process that is gone. */
  recall(state: Lifecycle): void {
    this.state = state;
  }

  /** Its process has ended. */
  ended(exit: { code: number | null; signal: string | null; isKnown: boolean }): void {
    if (this.process === null) return;
    this.feed(this.tail?.finish());
    this.tail?.dispose();
    this.tail = undefined;
    this.meter?.dispose();
    this.meter = undefined;
    this.sample = null;
    this.dispatch({ is: 'exited', ...exit });
    this.note({ pid: null, exit: 'exit' in this.state ? this.state.exit : null });
    this.exited.resolve();
    this.upOrGone.resolve();
  }

  /** The launcher that would have told about its end is gone. */
  loseSupervision(): void {
    const running = this.process;
    if (running === null || !running.supervised) return;
    this.state = { ...this.state, process: { ...running, supervised: false } } as Lifecycle;
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
    const measured = this.meter?.read();
    const players = this.watch.knowsPlayers ? this.watch.online.size : null;
    this.sample =
      measured === undefined ? null : { at: now, ...measured, players, tickRate: null, frameTime: null, apiTime: null };
    return this.sample;
  }

  pollConsole(): void {
    this.feed(this.tail?.read());
  }

  dispose(): void {
    this.tail?.dispose();
    this.meter?.dispose();
  }

  private begin(running: Running): void {
    this.exited = deferred();
    this.upOrGone = deferred();
    this.watch = new LogWatch(this.effective);
    this.tail = this.tools.consoles.open(this.consoleFile, this.record?.consoleOffset ?? 0);
    this.meter = new TreeMeter(this.tools.processes.tree(running));
    this.dispatch({ is: 'spawned', process: running });
    const { pid, startTime, startedAt, nonce } = running;
    this.note({ pid, startTime, startedAt, nonce, exit: null, bootId: this.tools.processes.bootId() });
  }

  /** Resolves when it is up, has taken too long (and counts as running), has ended, or is being stopped. */
  private async readiness(): Promise<void> {
    const gone = this.upOrGone.promise;
    const isReady = this.watch.has('ready')
      ? await this.readyLine(gone)
      : !(await within(gone, aliveMs)) && this.process !== null;
    if (this.state.at === 'starting') this.dispatch({ is: 'up', isReady });
  }

  private async readyLine(gone: Promise<void>): Promise<boolean> {
    const calledOff = new AbortController();
    void gone.then(() => {
      calledOff.abort();
    });
    if ((await this.watch.next('ready', this.effective.readySeconds * 1000, calledOff.signal)) === undefined)
      return false;
    return !(await within(gone, survivalMs));
  }

  private runStop(options: { countdownSeconds: number; onlyWait: boolean }): { run: StopRun; done: Promise<void> } {
    const target = this;
    const run = new StopRun(
      {
        get effective() {
          return target.effective;
        },
        get lines() {
          return target.watch;
        },
        get exited() {
          return target.exited.promise;
        },
        isGone: () => this.process === null,
        writeLine: async (line) => {
          await this.writeLine(line);
        },
        signal: (signal) => this.signal(signal),
        kill: () => this.process !== null && this.killTree(this.process),
        stopSent: () => {
          this.note({ stopSent: true });
        },
        progress: (steps, endsAt) => {
          this.tools.events.stopProgress(this, steps, endsAt);
        },
      },
      options,
    );
    this.note({ intent: 'stop', stopSent: options.onlyWait });
    const started = this.state.at === 'starting' && this.process === null ? this.spawning() : Promise.resolve();
    const done = started
      .then(() => (this.process === null ? undefined : run.run()))
      .catch((error: unknown) => {
        if (Failure.is(error, 'cancelled')) {
          this.note({ intent: 'run' });
          this.dispatch({ is: 'stopCancelled' });
        }
        throw error;
      })
      .finally(() => {
        this.stopRun = undefined;
      });
    this.stopRun = { run, done };
    return this.stopRun;
  }

  /** Resolves when the start under way has a process, or has failed. */
  private async spawning(): Promise<void> {
    while (this.state.at === 'starting' && this.process === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
  }

  private signal(signal: StopSignal): boolean {
    const running = this.process;
    return running !== null && this.tools.signals.stop(running, signal);
  }

  private killTree(running: Running): boolean {
    return this.tools.signals.killTree(running, `${this.id}:${running.nonce}`);
  }

  private feed(news: NewLines | undefined): void {
    if (news === undefined || (news.lines.length === 0 && news.skippedBytes === 0)) return;
    if (news.skippedBytes > 0) this.watch.gap();
    const changed = this.watch.feed(news.lines, Date.now());
    if (this.state.at === 'running' && !this.state.isReady && this.watch.isReady)
      this.dispatch({ is: 'up', isReady: true });
    else if (changed) this.tools.events.changed(this);
    this.tools.events.lines(this, news.lines, news.skippedBytes);
  }

  private dispatch(event: LifecycleEvent): void {
    const before = this.state;
    this.state = step(before, event, Date.now());
    if (this.state === before) return;
    if (this.state.at === 'stopping' && before.at === 'starting') this.upOrGone.resolve();
    this.tools.log.write('info', 'lifecycle', `${before.at} → ${this.state.at}`, {
      id: this.id,
      event: event.is,
      pid: this.process?.pid ?? null,
      ...exitOf(this.state),
    });
    this.note({
      isUp: this.state.at === 'running' || (this.state.at === 'stopping' && before.at === 'running'),
      since: this.state.since,
    });
    this.tools.events.changed(this);
  }

  private note(change: Partial<ServerRecord>): void {
    const blank: ServerRecord = {
      nonce: '',
      intent: 'run',
      stopSent: false,
      isUp: false,
      pid: null,
      startTime: null,
      bootId: null,
      startedAt: Date.now(),
      since: this.state.since,
      consoleOffset: 0,
      exit: null,
    };
    // A new start is a new record: an old stop must not reach into it.
    const base = change.nonce === undefined || change.nonce === this.record?.nonce ? (this.record ?? blank) : blank;
    const next = { ...base, ...change };
    if (JSON.stringify(next) === JSON.stringify(this.record)) return;
    this.record = next;
    this.tools.records.write(this.id, next);
  }
}

function exitOf(state: Lifecycle): Partial<Exit> {
  return 'exit' in state && state.exit !== null ? state.exit : {};
}
