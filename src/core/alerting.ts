import type { Alert, Notifications, Requests, ServerId, ServerView, WebhookStatus } from '../shared/contract.js';
import { Failure, messageOf } from '../shared/failure.js';
import { alertsId } from '../shared/secrets.js';
import { AlertFile } from './alerts/alertFile.js';
import { AlertRules } from './alerts/alertRules.js';
import { Alerts } from './alerts/alerts.js';
import { Attention } from './alerts/attention.js';
import { attentionFile } from './alerts/attentionFile.js';
import { awayCounts, awayKinds } from './alerts/away.js';
import { AwayBook } from './alerts/awayBook.js';
import { Maintenance } from './alerts/maintenance.js';
import type { AlertPolicy } from './alerts/policy.js';
import { Telling } from './alerts/telling.js';
import { Webhooks } from './alerts/webhooks/webhooks.js';
import { AlertWatch } from './alertWatch.js';
import type { EventRecorder } from './events/eventRecorder.js';
import type { ServerFace } from './lifecycle/serverTools.js';
import type { EventSource, GameFacts, HostSample, Log } from './ports.js';
import type { Secrets } from './secrets/secrets.js';
import type { Settings } from './settings.js';

export interface AlertingParts {
  readonly dataDir: string;
  readonly log: Log;
  readonly settings: Pick<Settings, 'alerts' | 'webhooks' | 'language' | 'all' | 'set'>;
  readonly secrets: Pick<Secrets, 'kept'>;
  /** Where what happened is found again. */
  readonly events: EventSource;
  /** As it is now; undefined: it is not there, or it is the monitoring. */
  server(this: void, id: ServerId): ServerView | undefined;
  /** Whether the game itself answers. */
  api(this: void, id: ServerId): GameFacts['api'];
  /** undefined: not known. */
  disk(this: void, id: ServerId): ServerView['disk'];
  clients(this: void): { broadcast<M extends keyof Notifications>(method: M, params: Notifications[M]): void };
  recorder(this: void): Pick<EventRecorder, 'alertChanged' | 'settingsChanged'>;
}

/** What waits for its time is looked at so often. */
const lookMs = 10_000;
/** While a window is there, so often is written down that it is. */
const noteMs = 60_000;
const leastMs = 50;
/** More than this no timer takes. */
const longestMs = 2 ** 31 - 1;
/** What began this long before somebody left and is told again is nothing new. */
const beforeAwayMs = 86_400_000;
const mostEvents = 10_000;

/**
 * Alerts, and who hears of them where and when: windows, webhooks, and whoever comes back after an absence. What fails in the
 * telling is logged, and neither stops nor delays what is measured and what becomes of servers.
 */
export class Alerting {
  readonly alerts: Alerts;
  readonly alertRules: AlertRules;
  readonly maintenance: Maintenance;
  private inForce: AlertPolicy;
  private readonly file: ReturnType<typeof attentionFile>;
  private readonly attention: Attention;
  private readonly away: AwayBook;
  private readonly telling: Telling;
  private readonly watch: AlertWatch;
  private webhooks: Webhooks | undefined;
  /** The names of those that are switched on. */
  private targets: ReadonlySet<string>;
  /** Of the window that said so last. */
  private told: 'en' | 'ko' | null;
  private own: 'en' | 'ko' | undefined;
  private windows = 0;
  private lookedAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private dueAt = 0;

  constructor(private readonly parts: AlertingParts) {
    const { dataDir, log, settings } = parts;
    this.inForce = settings.alerts;
    this.file = attentionFile(dataDir, log);
    const stored = this.file.read();
    this.attention = new Attention(stored?.attention);
    this.away = new AwayBook(stored?.away);
    this.told = stored?.language ?? null;
    this.targets = this.usedTargets();
    const { policy } = this;
    const changed = (alert: Alert): void => {
      this.changed(alert);
    };
    this.alerts = new Alerts({ keeper: new AlertFile(dataDir, log), changed, policy });
    this.alertRules = new AlertRules(this.alerts);
    this.watch = new AlertWatch({ alertRules: this.alertRules, policy, api: parts.api, disk: parts.disk });
    this.telling = new Telling({
      ...{ alerts: this.alerts, attention: this.attention, log, policy },
      tell: (alert, how) => this.webhooks?.tell(alert, how),
      changed: () => {
        this.keep();
      },
    });
    this.maintenance = this.makeMaintenance();
  }

  /** What is in force now. */
  readonly policy = (): AlertPolicy => this.inForce;

  /** Of what is told to people where no window words it. */
  readonly language = (): 'en' | 'ko' => {
    const { language } = this.parts.settings;
    if (language !== 'auto') return language;
    return this.told ?? (this.own ??= localeLanguage());
  };

  /** Goes on to tell what an earlier process has left. What is remembered of secrets is known by now. */
  open(): void {
    const { parts, alertRules } = this;
    this.guarded('webhooks', () => {
      this.webhooks = new Webhooks({
        ...{ dataDir: parts.dataDir, log: parts.log, language: this.language, server: parts.server },
        targets: () => parts.settings.webhooks,
        address: (name) => parts.secrets.kept(alertsId, `webhook.${name}`),
        paused: (target, detail, until) => {
          alertRules.webhookPaused(target, detail, until);
        },
        resumed: (target) => {
          alertRules.webhookResumed(target);
        },
      });
    });
  }

  /** Once the servers are known: what has happened while no core was there. */
  begin(servers: readonly ServerFace[], areAllKnown: boolean): void {
    for (const { name, isPaused, detail, nextAt } of this.webhookList()) {
      // As an earlier process has told.
      if (isPaused) this.alertRules.webhookPaused(name, detail ?? '', nextAt ?? Date.now());
    }
    this.alertRules.begin(servers, areAllKnown);
    this.telling.review();
    this.look();
  }

  /** With every round of samples. */
  round(at: number, host: HostSample, servers: readonly ServerFace[]): void {
    this.guarded('the watch', () => {
      this.watch.round(at, host, servers);
    });
    const now = Date.now();
    if (now - this.lookedAt >= lookMs || now < this.lookedAt) this.look();
  }

  /** Its state, or something else that clients see, is another. */
  serverChanged(server: ServerFace): void {
    this.alertRules.changed(server);
    if (server.process === null) this.watch.forget(server.id);
  }

  serverRemoved(id: ServerId): void {
    this.alertRules.removed(id);
    this.watch.forget(id);
  }

  settingsChanged(): void {
    this.inForce = this.parts.settings.alerts;
    this.guarded('webhooks', () => this.webhooks?.configure());
    const before = this.targets;
    this.targets = this.usedTargets();
    // That nothing arrives there matters to nobody any more.
    for (const name of before) if (!this.targets.has(name)) this.alertRules.webhookResumed(name);
    this.telling.review();
    this.look();
  }

  /** key: which secret of webhooks is another; undefined: any of them may be. */
  addressChanged(key: string | undefined): void {
    for (const { name } of this.parts.settings.webhooks) {
      if (key !== undefined && key !== `webhook.${name}`) continue;
      this.guarded('webhooks', () => this.webhooks?.addressChanged(name));
    }
  }

  /** The language of a window, as it has said. */
  heard(language: 'en' | 'ko'): void {
    if (language === this.told) return;
    const before = this.language();
    this.told = language;
    this.keep();
    if (this.language() !== before) this.guarded('webhooks', () => this.webhooks?.configure());
  }

  /** So many windows are there now. */
  setWindows(count: number): void {
    const before = this.windows;
    this.windows = count;
    if (before > 0 === count > 0) return;
    if (count > 0) this.away.came(Date.now());
    else this.away.left(Date.now());
    this.keep();
    this.arm();
  }

  /** True for the one window that shows it. */
  claim(id: string): boolean {
    return this.telling.claim(id);
  }

  /** What happened while no window was there; null where there is nothing to tell, or somebody has been told. Rejects io. */
  async whileAway(): Promise<Requests['alert/away']['result']> {
    const { enabled, minMinutes } = this.inForce.away;
    const absence = this.away.take(minMinutes * 60_000);
    this.keep();
    if (absence === null || !enabled) return null;
    const { from, to, open } = absence;
    try {
      const query = { from: from - beforeAwayMs, to, kinds: awayKinds, limit: mostEvents };
      const counts = awayCounts(await this.parts.events.find(query), { from, to }, open);
      return counts === null ? null : { from, to, counts };
    } catch (error) {
      this.away.giveBack(absence);
      this.keep();
      throw error;
    }
  }

  webhookList(): WebhookStatus[] {
    return this.webhooks?.list() ?? [];
  }

  /** Sends a test message. Rejects invalid-definition for a webhook that is not there, secret-missing. */
  async testWebhook(name: string, signal?: AbortSignal): Promise<Requests['alert/test']['result']> {
    if (this.webhooks === undefined) throw new Failure('unsupported', { what: 'webhooks' });
    return await this.webhooks.test(name, signal);
  }

  async dispose(): Promise<void> {
    clearTimeout(this.timer);
    if (this.windows > 0) this.away.left(Date.now());
    this.keep();
    this.alerts.dispose();
    this.file.dispose();
    try {
      await this.webhooks?.dispose();
    } catch (error) {
      this.failed('webhooks', error);
    }
  }

  private makeMaintenance(): Maintenance {
    const { settings, log, recorder } = this.parts;
    return new Maintenance({
      ...{ log, policy: this.policy },
      keep: (change) => {
        settings.set({ alerts: { maintenance: change } });
        this.inForce = settings.alerts;
        recorder().settingsChanged(settings.all);
      },
      changed: (id) => {
        this.telling.review();
        this.serverTold(id);
        this.arm();
      },
    });
  }

  private usedTargets(): ReadonlySet<string> {
    return new Set(this.parts.settings.webhooks.flatMap(({ name, enabled }) => (enabled ? [name] : [])));
  }

  private changed(alert: Alert): void {
    // Who may show it is known before any window hears of it.
    this.telling.changed(alert);
    this.parts.recorder().alertChanged(alert);
    this.parts.clients().broadcast('alert/raised', alert);
    this.serverTold(alert.server);
    this.arm();
  }

  private serverTold(id: ServerId): void {
    const view = this.parts.server(id);
    if (view !== undefined) this.parts.clients().broadcast('server/changed', view);
  }

  private look(): void {
    this.lookedAt = Date.now();
    if (this.windows > 0 && this.away.note(this.lookedAt)) this.keep();
    this.guarded('maintenance', () => {
      this.maintenance.review();
    });
    this.telling.look();
    this.arm();
  }

  /** Where something waits for its time, it is looked at also while nothing is measured. */
  private arm(): void {
    const waitMs = Math.min(
      ...[Math.max(leastMs, this.maintenance.nextEndMs ?? Infinity), this.telling.isWaiting ? lookMs : Infinity],
      this.windows > 0 ? noteMs : Infinity,
    );
    if (waitMs > longestMs) return;
    const dueAt = Date.now() + waitMs;
    if (this.timer !== undefined && this.dueAt <= dueAt) return;
    clearTimeout(this.timer);
    this.dueAt = dueAt;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.look();
    }, waitMs);
    this.timer.unref();
  }

  private keep(): void {
    this.file.keep(() => {
      return { version: 1, language: this.told, attention: this.attention.state, away: this.away.state };
    });
  }

  private guarded(what: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.failed(what, error);
    }
  }

  private failed(what: string, error: unknown): void {
    this.parts.log.write('error', 'alerts', 'failed', { what, error: messageOf(error) });
  }
}

/** Where no window has said its own. */
function localeLanguage(): 'en' | 'ko' {
  return new Intl.DateTimeFormat().resolvedOptions().locale.startsWith('ko') ? 'ko' : 'en';
}
