import type { Alert, CoreStatus } from '../shared/contract.js';
import { messageOf } from '../shared/failure.js';
import { version } from '../shared/version.js';
import { readToken, type Endpoints } from '../node/endpoint.js';
import { AlertFile } from './alerts/alertFile.js';
import { AlertRules } from './alerts/alertRules.js';
import { Alerts } from './alerts/alerts.js';
import { Clients } from './clients.js';
import { ConsolePoll } from './console/consolePoll.js';
import { Consoles } from './console/consoles.js';
import { DefinitionFile } from './definitions/definitionFile.js';
import { detectServers } from './detection/detect.js';
import { endOf, unseenEndOf } from './ends.js';
import type { FileLog } from './fileLog.js';
import { gameConsoleFor } from './games/gameConsole.js';
import { RconClients } from './games/rcon/clients.js';
import { OwnSettingsReader } from './games/ownSettings.js';
import { playerCounts } from './games/playerCount.js';
import { IdleExit } from './idleExit.js';
import { Incidents } from './incidents/incidents.js';
import { markdown } from './incidents/markdown.js';
import type { LauncherLink } from './launcherLink/launcherLink.js';
import { Records } from './lifecycle/record.js';
import type { Server } from './lifecycle/server.js';
import type { ServerFace } from './lifecycle/serverTools.js';
import { Supervisor } from './lifecycle/supervisor.js';
import { announce, save } from './lifecycle/talk.js';
import type { Platform } from './platform/platform.js';
import type { Standing } from './ports.js';
import { SamplingLoop, type Round } from './sampling/samplingLoop.js';
import { SelfMeter } from './sampling/selfMeter.js';
import type { SecretTable } from './secrets/secretFile.js';
import { Secrets } from './secrets/secrets.js';
import { Service } from './service.js';
import { Settings } from './settings.js';

export interface CoreOptions {
  dataDir: string;
  /** Seconds to stay after the last window has gone and no server runs; null: for good. */
  idleExitSeconds: number | null;
  endpoints: Endpoints;
  platform: Platform;
  launcher: LauncherLink;
  log: FileLog;
  standing: Standing;
  /** Secrets handed over at the start. */
  secrets: SecretTable;
  leave(this: void): void;
}

/** The one place where the parts of the core meet. */
export class Core {
  readonly clients: Clients;
  private readonly startedAt = Date.now();
  private readonly self = new SelfMeter();
  private readonly settings: Settings;
  private readonly alerts: Alerts;
  private readonly alertRules: AlertRules;
  private readonly secrets: Secrets;
  private readonly consoles: Consoles;
  private readonly incidents: Incidents;
  private readonly rcon = new RconClients();
  private readonly supervisor: Supervisor;
  private readonly definitions: DefinitionFile;
  private readonly sampling: SamplingLoop;
  private readonly consolePoll: ConsolePoll;
  private readonly idle: IdleExit;
  private ending: Promise<void> | undefined;
  private isDisposed = false;

  constructor(private readonly options: CoreOptions) {
    const { dataDir, platform, log } = options;
    this.settings = new Settings(dataDir, log);
    this.secrets = this.makeSecrets();
    log.redactWith(this.secrets.redact);
    const keeper = new AlertFile(dataDir, log);
    this.alerts = new Alerts({ keeper, changed: (alert) => this.alertChanged(alert) });
    this.alertRules = new AlertRules(this.alerts);
    this.consoles = new Consoles({ ranges: platform.fileRanges, log, limits: () => this.settings.console });
    this.incidents = new Incidents({ dataDir, log, consoles: this.consoles, redact: this.secrets.redact });
    this.supervisor = this.makeSupervisor();
    this.definitions = new DefinitionFile(dataDir, log, () => {
      this.redefine();
    });
    this.sampling = new SamplingLoop(
      platform.processes,
      () => this.supervisor.all(),
      (round) => {
        this.roundDone(round);
      },
      (error) => {
        log.write('error', 'sampling', 'a round failed', { error: messageOf(error) });
      },
    );
    this.sampling.policy.configure(this.settings.sampling);
    this.consolePoll = new ConsolePoll(() => this.supervisor.all().filter((server) => this.isWatched(server)));
    this.clients = this.makeClients(this.makeService());
    const isNeeded = (): boolean => this.clients.count > 0 || this.supervisor.liveCount > 0;
    this.idle = new IdleExit(options.idleExitSeconds, isNeeded, options.leave);
  }

  /** Finds the servers again, and begins to watch. */
  start(): void {
    const { log, standing, dataDir } = this.options;
    log.onLine((level, tag, text, data) => {
      this.clients.broadcast('core/log', { level, tag, text, data });
    });
    // Settings that cannot be read say nothing about consent: what was remembered with it is neither used nor thrown away.
    if (this.settings.isReadable) this.rememberSecrets();
    this.supervisor.define(this.definitions.definitions);
    this.alertRules.begin(this.supervisor.all(), this.definitions.problems.length === 0);
    this.options.launcher.onHost({
      goingDown: () => this.goDown(),
      stays: () => {
        this.ending = undefined;
        this.supervisor.stay();
      },
    });
    if (this.ending === undefined) this.supervisor.autoStart();
    this.sampling.start();
    this.idle.review();
    log.write('info', 'core', 'ready', { version, pid: process.pid, standing, dataDir });
  }

  /** While the PC goes down: resolves when nothing is left to be done for the servers. */
  get partings(): Promise<void> | undefined {
    return this.ending;
  }

  /** Ends everything of this process; servers run on. */
  async dispose(): Promise<void> {
    this.isDisposed = true;
    this.idle.dispose();
    this.sampling.dispose();
    this.consolePoll.dispose();
    this.definitions.dispose();
    this.consoles.dispose();
    await this.options.launcher.release();
    this.clients.dispose();
    this.supervisor.dispose();
    this.rcon.dispose();
    this.alerts.dispose();
    this.options.launcher.dispose();
  }

  private makeSecrets(): Secrets {
    const { dataDir, log, secrets: given } = this.options;
    const games = new OwnSettingsReader(dataDir);
    return new Secrets({
      ...{ dataDir, log, given, platform: process.platform },
      own: (definition) => games.readOwnSettings(definition),
      changed: (id) => {
        const server = this.supervisor.all().find((one) => one.id === id);
        if (server !== undefined) this.clients.broadcast('server/changed', server.view());
      },
    });
  }

  private rememberSecrets(): void {
    try {
      this.secrets.remember(this.settings.remembersSecrets);
    } catch (error) {
      this.options.log.write('warn', 'secrets', 'not remembered as the settings say', { reason: messageOf(error) });
    }
  }

  /** The PC goes down. False where this process is leaving itself: the launcher sees to the servers then. */
  private goDown(): boolean {
    if (this.isDisposed) return false;
    const { launcher, log } = this.options;
    const told = launcher.processes().filter((launched) => launched.toldAt !== undefined);
    if (this.ending === undefined) log.write('info', 'core', 'the PC goes down; servers are saved and stopped');
    this.ending ??= this.supervisor.goDown(new Set(told.map((launched) => launched.nonce))).then(() => {
      launcher.noteStopped();
    });
    return true;
  }

  private makeSupervisor(): Supervisor {
    const { dataDir, platform, launcher, log } = this.options;
    return new Supervisor({
      dataDir,
      launch: launcher,
      signals: platform.signals,
      secrets: { missing: (definition) => this.secrets.missing(definition) },
      gameConsole: (effective) => {
        const { definition } = effective;
        return gameConsoleFor(effective, (key) => this.secrets.get(definition, key), this.rcon);
      },
      processes: platform.processes,
      oom: platform.oom,
      consoles: this.consoles,
      playerCounts,
      records: new Records(dataDir, log),
      alertsOf: (id) => this.alerts.activeOf(id),
      log,
      events: {
        changed: (server) => {
          this.serverChanged(server);
        },
        lines: (server, lines, skipped) => {
          this.clients.toConsoles({ id: server.id, lines, skipped });
        },
        stopProgress: (server, steps, endsAt) => {
          this.clients.broadcast('stop/progress', { id: server.id, steps, endsAt });
        },
        ended: (server, report) => {
          this.incidents.ended(endOf(server, report, dataDir, this.memoryTotal));
          this.alertRules.ended(server, report);
        },
        endedUnseen: (server, exit, record) => {
          this.incidents.ended(unseenEndOf(server, exit, record, dataDir));
        },
        startFailedUnasked: (server, exit) => this.alertRules.startFailedUnasked(server, exit),
        stopTimedOut: (server, graceSeconds) => this.alertRules.stopTimedOut(server, graceSeconds),
        gaveUp: (server, used, windowSeconds) => this.alertRules.gaveUp(server, used, windowSeconds),
        hung: (server, signs) => this.alertRules.hung(server, signs.join(' ')),
        recovered: (server) => this.alertRules.recovered(server),
      },
    });
  }

  private makeService(): Service {
    return new Service({
      supervisor: this.supervisor,
      definitions: this.definitions,
      processes: this.options.platform.processes,
      settings: this.settings,
      alerts: this.alerts,
      secrets: this.secrets,
      detect: detectServers,
      talk: { save, announce },
      consoles: this.consoles,
      incidents: { list: (id) => this.incidents.list(id), get: (id, at) => this.incidents.get(id, at), markdown },
      status: () => this.status(),
      settingsChanged: () => {
        this.sampling.policy.configure(this.settings.sampling);
        this.rememberSecrets();
      },
      retire: this.options.leave,
      consolesChanged: () => {
        this.consolePoll.wake();
      },
    });
  }

  private makeClients(service: Service): Clients {
    const { startedAt } = this;
    const { platform, pid } = process;
    return new Clients({
      token: readToken(this.options.endpoints.tokenFile),
      service,
      hello: () => ({ protocol: 1, version, pid, startedAt, platform, secretsMissing: this.secretsMissing() }),
      onCountChanged: () => {
        this.idle.review();
      },
    });
  }

  private secretsMissing(): { id: string; key: string }[] {
    return this.supervisor
      .all()
      .flatMap(({ id, definition }) => this.secrets.missing(definition).map((key) => ({ id, key })));
  }

  private serverChanged(server: ServerFace): void {
    this.consolePoll.wake();
    this.supervisor.reviewLiveness();
    if (server.process !== null && server.sample === null) this.sampling.nudge();
    this.alertRules.changed(server);
    this.clients.broadcast('server/changed', server.view());
    if (this.supervisor.dropIfUndefined(server.id)) this.serverRemoved(server.id);
    this.idle.review();
  }

  private serverRemoved(id: string): void {
    this.alertRules.removed(id);
    this.rcon.forget(id);
    this.clients.broadcast('server/removed', { id });
  }

  private alertChanged(alert: Alert): void {
    this.clients.broadcast('alert/raised', alert);
    const server = this.supervisor.all().find(({ id }) => id === alert.server);
    if (server !== undefined) this.clients.broadcast('server/changed', server.view());
  }

  private redefine(): void {
    const before = new Set(this.supervisor.all().map((server) => server.id));
    this.supervisor.define(this.definitions.definitions);
    for (const server of this.supervisor.all()) {
      if (!before.delete(server.id)) this.clients.broadcast('server/changed', server.view());
    }
    for (const id of before) this.serverRemoved(id);
    this.clients.broadcast('server/problems', { problems: [...this.definitions.problems] });
  }

  private get memoryTotal(): number | null {
    return this.sampling.host?.memoryTotalBytes ?? null;
  }

  private roundDone({ at, host, samples }: Round): void {
    this.incidents.ring.add(at, host, samples);
    this.options.platform.oom.look();
    for (const server of this.supervisor.all()) server.pollConsole();
    this.alertRules.review(this.supervisor.all(), Date.now());
    this.self.note();
    if (Object.keys(samples).length > 0) this.clients.toSampled({ at, samples });
  }

  private isWatched(server: Server): boolean {
    return server.process !== null && (server.isEventful || this.clients.watchesConsole(server.id));
  }

  private status(): CoreStatus {
    const { platform, launcher } = this.options;
    const { host, policy } = this.sampling;
    const { nice, ioClass } = platform.priority.current();
    return {
      pid: process.pid,
      version,
      uptimeMs: Date.now() - this.startedAt,
      self: { ...this.self.read(), netBytesPerHour: 0, nice, ioClass, budget: 'ok' },
      launcher: launcher.pid === null ? null : platform.processes.describe(launcher.pid),
      sampling: { intervalMs: policy.intervalMs, reason: policy.reason },
      host: { cpuPercent: host?.cpuPercent ?? 0, memUsedPercent: host?.memoryUsedPercent ?? 0 },
      pressure: 'none',
      store: { rows: 0, bytes: 0, journalBytes: 0, lastFlushAt: null, dropped: 0 },
    };
  }
}
