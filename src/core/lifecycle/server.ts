import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Definition, Sample, ServerView, StopStep } from '../../shared/contract.js';
import type { Effective } from '../../shared/definition.js';
import type { StartedBy } from '../../shared/events.js';
import { Failure } from '../../shared/failure.js';
import type { LaunchedProcess } from '../../shared/launcherProtocol.js';
import type { Happening, NewLines, ProcessRef } from '../ports.js';
import { resumeConsole } from './consolePlace.js';
import { partsOf, type ServerParts } from './serverParts.js';
import type { ServerFace, ServerTools, StopOrder } from './serverTools.js';
import type { HostDown } from './hostDown.js';
import { launchRequest } from './launchRequest.js';
import { Life } from './life.js';
import { GameTalk } from './gameTalk.js';
import { markOf } from './heirs.js';
import type { Heard } from './observation.js';
import { ProcessWatch } from './processWatch.js';
import { RecordKeeper, type ServerRecord } from './record.js';
import { isReadyInTime } from './readiness.js';
import { sendLine, type SentLine } from './sendLine.js';
import type { Ending, Exit, LastWords, Lifecycle, Running } from './state.js';
import { within } from './stopRun.js';
import { understood } from './understood.js';
import { viewOf, viewParts } from './view.js';

const killMs = 10_000;
/** An end that a core learns of this late is history: nothing is restarted over it. */
const staleMs = 10 * 60_000;

/** One server: the only place that changes its state. Commands lock each other out; kill may always pass. */
export class Server implements ServerFace {
  private effective: Effective;
  private readonly life: Life;
  private readonly keeper: RecordKeeper;
  private readonly parts: ServerParts;
  private readonly watch: ProcessWatch;
  private isRestarting = false;
  /** The start under way is nobody's wish of this moment. */
  private isUnasked = false;
  readonly talk: GameTalk;

  constructor(
    readonly id: string,
    definition: Definition,
    private readonly tools: ServerTools,
  ) {
    this.effective = understood(definition, this.tools);
    this.keeper = new RecordKeeper(id, tools.records);
    const { consoleFile, keeper } = this;
    const heard: Heard = (...news) => {
      this.heard(...news);
    };
    this.talk = new GameTalk(this, tools.games, tools.care, tools.consoles);
    this.watch = new ProcessWatch({ id, consoleFile, tools, keeper, heard }, this.effective);
    this.life = new Life({
      id,
      keeper: this.keeper,
      log: tools.log,
      changed: (before, by) => {
        if (this.state.at === 'stopping' && before.at === 'starting') this.watch.settle();
        tools.events.stepped(this, before, by);
        tools.events.changed(this);
      },
    });
    this.parts = partsOf({
      server: this,
      tools,
      keeper,
      life: this.life,
      watch: this.watch,
      startNow: () => this.startNow('restart'),
      isRestarting: () => this.isRestarting,
      killTree: () => this.process !== null && this.killTree(this.process),
      say: (text) => {
        this.say(text);
      },
    });
  }

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

  get isLive(): boolean {
    return this.life.isLive;
  }

  get consoleFile(): string {
    return path.join(this.tools.dataDir, 'logs', this.id, 'console.log');
  }

  /** Something happens soon: its console is worth a look more often than once per sample. */
  get isEventful(): boolean {
    return this.state.at === 'starting' || this.state.at === 'stopping' || this.lines.isAwaited;
  }

  get lines(): ProcessWatch['lines'] {
    return this.watch.lines;
  }

  view(): ServerView {
    const { effective: settings, state, watch, parts } = this;
    return viewOf(settings, state, watch, { ...viewParts(this, this.tools), restartsUsed: parts.restarter.used });
  }

  get host(): HostDown {
    return this.parts.host;
  }

  /** Takes over a changed definition; what is running keeps running as it was started. */
  redefine(definition: Definition): void {
    this.effective = understood(definition, this.tools);
    this.watch.redefine(this.effective, this.process !== null);
    this.tools.events.changed(this);
  }

  /** Somebody wants it to run: what was tried before does not count. */
  async start(): Promise<ServerView> {
    if (this.isRestarting) throw new Failure('busy', { id: this.id, state: 'restarting' });
    this.parts.restarter.clear();
    return await this.startNow('user');
  }

  /** The core starts it by itself: one that fails is tried again, like one after a crash, and nobody is there to see it. */
  async startUnasked(): Promise<void> {
    this.parts.restarter.clear();
    this.isUnasked = true;
    try {
      await this.startNow('autostart');
    } catch (error) {
      if (this.life.exit?.cause === 'start-failed') this.tools.events.startFailedUnasked(this, this.life.exit);
      throw error;
    } finally {
      this.isUnasked = false;
    }
  }

  /** Joins a stop that is under way; asked without a countdown, it cuts a running one short. */
  async stop({ countdownSeconds, reason = null }: StopOrder): Promise<StopStep[]> {
    if (!this.isLive) throw new Failure('not-running', { id: this.id });
    this.parts.hangCare.callOff();
    this.parts.restarter.cancel();
    // Before the first byte: whatever happens from here on is no crash.
    const mode = countdownSeconds > 0 ? 'graceful' : 'stop';
    const wish = { by: 'user', mode, reason, restarts: this.isRestarting } as const;
    if (!this.parts.stopper.isRunning) this.life.dispatch({ is: 'stopAsked', wish });
    return await this.parts.stopper.stop({ countdownSeconds, onlyWait: false, wish });
  }

  async cancelStop(): Promise<void> {
    await this.parts.stopper.cancel();
  }

  async restart(options: StopOrder): Promise<StopStep[]> {
    if (this.isRestarting) throw new Failure('busy', { id: this.id, state: 'restarting' });
    this.isRestarting = true;
    try {
      const steps = this.isLive ? await this.stop(options) : [];
      this.parts.restarter.clear();
      await this.startNow('user');
      return steps;
    } finally {
      this.isRestarting = false;
    }
  }

  async kill(): Promise<ServerView> {
    const running = this.process;
    if (running === null) throw new Failure('not-running', { id: this.id });
    this.parts.hangCare.callOff();
    this.life.dispatch({ is: 'stopAsked', wish: { by: 'user', mode: 'kill', reason: null, restarts: false } });
    this.keeper.note({ intent: 'stop', stopSent: true });
    this.parts.stopper.hurry();
    if (!this.killTree(running)) this.noticeEnd();
    if (!(await within(this.ending, killMs))) throw new Failure('timeout', { id: this.id, ms: killMs });
    return this.view();
  }

  async writeLine(line: string): Promise<SentLine> {
    if (this.process === null) throw new Failure('not-running', { id: this.id });
    return await sendLine(this, line, this.process.isOurs, this.tools);
  }

  get ending(): Promise<void> {
    return this.watch.ending;
  }

  /** Removed for good: nothing of an earlier life may come back with a new server of the same id. */
  forget(): void {
    this.parts.restarter.dispose();
    this.keeper.forget();
  }

  /** Takes a process for this server that an earlier core has started. */
  adopt(running: Running, record: ServerRecord): void {
    this.keeper.resume(record);
    resumeConsole(this.consoleFile, this.keeper, this.tools.consoles);
    this.life.resume({ at: 'starting', since: record.since, process: null, stopWanted: false });
    // Where no pid was noted, nobody has told yet that it runs.
    this.begin(running, record.pid === null ? 'found' : undefined);
    if (record.isUp) {
      this.life.resume({ at: 'running', since: record.since, process: running, isReady: true });
      this.keeper.note({ since: record.since, isUp: true });
      this.watch.settle();
      this.watch.catchUp();
    } else if (record.intent === 'run') void this.readiness();
    if (!record.isUp) this.watch.hearOld();
    if (record.intent === 'stop') {
      this.life.dispatch(record.stoppedByHost ? { is: 'stopAsked', byHost: true } : { is: 'stopAsked' });
      this.parts.stopper.stop({ countdownSeconds: 0, onlyWait: record.stopSent }).catch((error: unknown) => {
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
    if (record.pid !== null && exit !== null) this.tools.events.endedUnseen(this, exit, record);
    if (record.restartAt !== null && record.intent === 'run') this.parts.restarter.plan(record.restartAt, true);
    else if (hasJustEnded) this.parts.restarter.afterEnd(exit);
  }

  /** Connects a process that somebody started elsewhere. */
  attach(found: ProcessRef): void {
    if (this.isLive) throw new Failure('already-running', { id: this.id });
    const nonce = randomBytes(8).toString('hex');
    const startedAt = Date.now();
    const consoleOffset = this.tools.consoles.size(this.consoleFile);
    this.keeper.note({ nonce, intent: 'run', consoleOffset, startedAt });
    this.life.resume({ at: 'starting', since: startedAt, process: null, stopWanted: false });
    this.begin({ ...found, nonce, startedAt, supervised: false, isOurs: false }, 'found');
    this.lines.gap();
    this.life.dispatch({ is: 'up', isReady: true });
    this.watch.settle();
  }

  /** Its process has ended. */
  ended(exit: Omit<Ending, keyof LastWords | 'byOom'>): void {
    const { process } = this;
    if (process === null) return;
    const next = this.watch.successorOf(process, exit, this.state.at === 'stopping', this.effective);
    if (next !== undefined) {
      // A start script has ended; the server that it started lives on.
      this.life.dispatch({ is: 'followed', process: next });
      return;
    }
    const lastWords = this.watch.end(exit);
    const { isUp: wasUp = false, consoleOffset = 0 } = this.keeper.current ?? {};
    this.life.dispatch({ is: 'exited', ...exit, ...lastWords, ...(this.host.isGoing ? { byHost: true } : {}) });
    const known = this.life.exit;
    this.keeper.note({ pid: null, exit: known });
    if (known !== null) {
      const { byOom } = lastWords;
      this.tools.events.ended(this, { exit: known, process, wasUp, byOom, consoleOffset, ...this.lines.summary });
    }
    this.watch.lookForOrphans(process, (orphans) => {
      const named = orphans.map(({ name, pid }) => `${name} (${pid})`).join(', ');
      this.tools.log.write('warn', 'lifecycle', 'left behind', { id: this.id, orphans: named });
      this.say(`Still running: ${named}`);
    });
    this.watch.release();
    if (known !== null && !this.isRestarting) this.parts.restarter.afterEnd(this.asFailedStart(known));
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
    const code = this.tools.processes.exitCode(running);
    this.ended({ code, signal: null, isKnown: code !== null });
    return false;
  }

  /** Its process stands still because somebody wants that, as in a debugger. */
  get isSuspended(): boolean {
    return this.watch.hangSigns.includes('suspended');
  }

  get sample(): Sample | null {
    return this.watch.sample;
  }

  takeSample(now: number): Sample | null {
    const isWell = this.state.at === 'running' && this.state.isReady;
    const facts = this.tools.games.facts(this.id);
    const sample = this.watch.takeSample(now, this.process, facts, isWell);
    this.parts.hangCare.review();
    return sample;
  }

  pollConsole(isAfterSample = false): void {
    this.watch.poll(isAfterSample);
  }

  dispose(): void {
    this.parts.restarter.dispose();
    this.watch.dispose();
  }

  private async startNow(by: StartedBy): Promise<ServerView> {
    const busy = this.tools.consoles.busy(this.consoleFile);
    if (busy !== undefined) await busy;
    if (this.state.at === 'stopping' || this.host.isGoing)
      throw new Failure('busy', { id: this.id, state: 'stopping' });
    if (this.process !== null || this.state.at === 'starting') throw new Failure('already-running', { id: this.id });
    // Its own settings may say something else by now.
    this.effective = understood(this.definition, this.tools);
    const nonce = randomBytes(8).toString('hex');
    this.life.dispatch({ is: 'startAsked' });
    const consoleOffset = this.tools.consoles.begin(this.consoleFile);
    this.keeper.note({ nonce, intent: 'run', consoleOffset, since: this.state.since });
    let launched: LaunchedProcess;
    try {
      const { effective, tools, consoleFile: file } = this;
      const request = launchRequest(effective, tools.dataDir, nonce, file, tools.consoles.encodingOf(file));
      launched = await tools.launch.spawn(request);
    } catch (error) {
      this.life.dispatch({ is: 'spawnFailed', reason: Failure.is(error) ? error.code : 'io' });
      const { exit } = this.life;
      this.keeper.note({ intent: 'stop', exit });
      if (exit !== null) this.parts.restarter.afterEnd(this.asFailedStart(exit));
      throw error;
    }
    this.begin({ ...launched, supervised: true, isOurs: true }, by);
    await this.readiness();
    return this.afterStart();
  }

  private afterStart(): ServerView {
    if (this.state.at === 'running') return this.view();
    const { exit } = this.life;
    if (!('exit' in this.state) || exit?.cause === 'asked' || exit?.cause === 'host-restart')
      throw new Failure('cancelled', { id: this.id });
    throw new Failure('start-failed', { id: this.id, exitCode: exit?.code ?? null, signal: exit?.signal ?? null });
  }

  /** A start that a person asked for and that fails is theirs to mend; only one of our own is tried again. */
  private asFailedStart(exit: Exit): Exit {
    const isOurs = this.isUnasked || (this.keeper.current?.restartAttempts.length ?? 0) > 0;
    return exit.cause === 'start-failed' && !isOurs ? { ...exit, cause: 'asked' } : exit;
  }

  private begin(running: Running, by: StartedBy | undefined): void {
    this.watch.begin(running, this.effective);
    this.life.dispatch({ is: 'spawned', process: running, by });
  }

  /** Resolves when it is up, has taken too long (and counts as running), has ended, or is being stopped. */
  private async readiness(): Promise<void> {
    const isReady = await isReadyInTime(this.lines, this.effective.readySeconds, this.watch.settled);
    if (this.state.at === 'starting') this.life.dispatch({ is: 'up', isReady });
  }

  private killTree(running: Running): boolean {
    this.watch.noteKilled(running);
    return this.tools.signals.killTree(running, markOf(this.id, running));
  }

  /** A line of ours among the server's own. */
  private say(text: string): void {
    const line = `[Game Server Panel] ${text}`;
    this.tools.consoles.append(this.consoleFile, line);
    this.tools.events.lines(this, [line], 0);
  }

  private heard(news: NewLines, changed: boolean, happenings: readonly Happening[]): void {
    const isReadyNow = this.state.at === 'running' && !this.state.isReady && this.lines.isReady;
    if (isReadyNow) this.life.dispatch({ is: 'up', isReady: true });
    this.tools.events.lines(this, news.lines, news.skippedBytes);
    for (const what of happenings) this.tools.events.happened(this, what);
    if (happenings.length > 0 || (changed && !isReadyNow)) this.tools.events.changed(this); // Its last save is known only now.
  }
}
