import type { Measuring, Notifications, Sample } from '../shared/contract.js';
import { messageOf } from '../shared/failure.js';
import type { Alerting } from './alerting.js';
import type { AlertRules } from './alerts/alertRules.js';
import { ConsolePoll } from './console/consolePoll.js';
import type { EventRecorder } from './events/eventRecorder.js';
import type { FileLog } from './fileLog.js';
import type { GameCare } from './gameCare.js';
import { networkBytes } from './games/traffic.js';
import type { Incidents } from './incidents/incidents.js';
import type { InsightCare } from './insightCare.js';
import type { LauncherLink } from './launcherLink/launcherLink.js';
import type { Server } from './lifecycle/server.js';
import { OwnBudget } from './ownBudget.js';
import type { Platform } from './platform/platform.js';
import type { LowMemory } from './lowMemory.js';
import type { Disposable } from './ports.js';
import type { MemoryLevel } from './pressure/levels.js';
import type { BudgetLimits } from './budget/budget.js';
import type { Recording } from './recording.js';
import type { Attention, IntervalSettings } from './sampling/interval.js';
import { intervalView, isNews, type IntervalView } from './sampling/intervalView.js';
import { SamplingLoop, type Round } from './sampling/samplingLoop.js';
import { SelfMeter } from './sampling/selfMeter.js';

export interface RoundsParts {
  readonly platform: Platform;
  readonly log: FileLog;
  readonly launcher: LauncherLink;
  readonly recorder: EventRecorder;
  readonly incidents: Incidents;
  readonly alertRules: AlertRules;
  readonly alerting: Pick<Alerting, 'round'>;
  readonly care: GameCare;
  readonly insight: Pick<InsightCare, 'round'>;
  readonly recording: Recording;
  readonly lowMemory: LowMemory;
  servers(this: void): readonly Server[];
  intervals(this: void): IntervalSettings;
  limits(this: void): BudgetLimits;
  /** Somebody looks at its console. */
  watchesConsole(this: void, id: string): boolean;
  /** How it is measured is different from what the hello has told. */
  measuringChanged(this: void, measuring: Measuring): void;
  attention(this: void): Attention;
  /** How often is measured, or why, is another; or the load that it follows is. */
  told(this: void, change: Notifications['core/changed']): void;
  sampled(this: void, at: number, samples: Readonly<Record<string, Sample>>): void;
}

/** What is done again and again: measuring, and what follows from each round of it. */
export class Rounds implements Disposable {
  readonly sampling: SamplingLoop;
  readonly self = new SelfMeter(networkBytes);
  readonly budget: OwnBudget;
  private readonly consolePoll: ConsolePoll;
  private attention: Attention = { isWatched: false, hasPanel: false };
  private lastTold: IntervalView | undefined;

  /** How short of memory the PC is. */
  get pressure(): MemoryLevel {
    return this.parts.lowMemory.level;
  }

  constructor(private readonly parts: RoundsParts) {
    this.sampling = new SamplingLoop(
      parts.platform.processes,
      parts.servers,
      (round) => {
        this.done(round);
      },
      (error) => {
        parts.log.write('error', 'sampling', 'a round failed', { error: messageOf(error) });
      },
    );
    this.budget = new OwnBudget(parts, this.sampling.policy);
    this.sampling.policy.configure(parts.intervals());
    this.consolePoll = new ConsolePoll(() => parts.servers().filter((server) => this.isWatched(server)));
  }

  start(): void {
    this.sampling.start();
    this.tell();
  }

  /** The settings are other ones. */
  configure(): void {
    this.sampling.policy.configure(this.parts.intervals());
    this.sampling.reschedule();
    this.tell();
  }

  /** Something has changed of a server, or of who looks at what. */
  wake(): void {
    this.consolePoll.wake();
    this.attend();
  }

  /** Games are never asked more often than they are measured. Milliseconds. */
  polls(set: { pollIntervalMs: number; busyPollIntervalMs: number }): typeof set {
    const { intervalMs } = this.sampling.policy;
    return {
      pollIntervalMs: Math.max(set.pollIntervalMs, intervalMs),
      busyPollIntervalMs: Math.max(set.busyPollIntervalMs, intervalMs),
    };
  }

  dispose(): void {
    this.sampling.dispose();
    this.consolePoll.dispose();
  }

  private done(round: Round): void {
    const { at, host, ids, samples } = round;
    const isAny = ids.length > 0;
    const { parts, self } = this;
    const servers = parts.servers();
    parts.incidents.ring.add(round);
    parts.platform.oom.look();
    for (const server of servers) server.pollConsole(true);
    parts.alertRules.review(servers, Date.now());
    parts.lowMemory.round(host, isAny);
    parts.care.review(servers, Date.now(), parts.lowMemory.makesWait);
    parts.alerting.round(at, host, servers);
    parts.insight.round(round, servers, parts.lowMemory.makesWait);
    self.note();
    this.budget.note();
    // After both that may change it: what was measured, and what measuring costs.
    this.tell();
    parts.recording.round(round, self.noted());
    if (isAny) parts.sampled(at, samples);
  }

  private attend(): void {
    const { sampling, attention: before } = this;
    const now = this.parts.attention();
    if (now.isWatched === before.isWatched && now.hasPanel === before.hasPanel) return;
    this.attention = now;
    const { intervalMs } = sampling.policy;
    sampling.policy.attend(now);
    // Numbers of long ago are of no use to who looks now.
    if (sampling.policy.intervalMs !== intervalMs) sampling.reschedule(sampling.policy.intervalMs < intervalMs);
    this.tell();
  }

  private tell(): void {
    const { lastTold } = this;
    const now = intervalView(this.sampling.policy);
    if (lastTold !== undefined && !isNews(lastTold, now)) return;
    this.lastTold = now;
    this.parts.told({ sampling: now });
    this.budget.follow();
  }

  private isWatched(server: Server): boolean {
    return server.process !== null && (server.isEventful || this.parts.watchesConsole(server.id));
  }
}
