import type { CoreStatus } from '../shared/contract.js';
import { gameInfo } from '../shared/games.js';
import { alertsId } from '../shared/secrets.js';
import { version } from '../shared/version.js';
import { readToken } from '../node/endpoint.js';
import { Alerting } from './alerting.js';
import { Clients } from './clients.js';
import { Consoles } from './console/consoles.js';
import type { CoreOptions } from './coreOptions.js';
import { DefinitionFile } from './definitions/definitionFile.js';
import { EventHub } from './events/eventHub.js';
import { EventLimit } from './events/eventLimit.js';
import { EventRecorder } from './events/eventRecorder.js';
import { finding } from './finding.js';
import { GameCare } from './gameCare.js';
import { GameTools } from './gameTools.js';
import { OwnSettingsReader } from './games/ownSettings.js';
import { helloOf } from './hello.js';
import { IdleExit } from './idleExit.js';
import { Incidents } from './incidents/incidents.js';
import { markdown } from './incidents/markdown.js';
import { InsightCare } from './insightCare.js';
import { LowMemory } from './lowMemory.js';
import { Records } from './lifecycle/record.js';
import type { ServerEvents, ServerFace } from './lifecycle/serverTools.js';
import { Supervisor } from './lifecycle/supervisor.js';
import { ServerLoads } from './load/serverLoads.js';
import type { HistoryEvent } from './ports.js';
import { Profiler } from './profile/profiler.js';
import { Recording } from './recording.js';
import { Rounds } from './rounds.js';
import { keepingFor } from './secrets/keeping.js';
import { Secrets } from './secrets/secrets.js';
import { serverEvents } from './serverEvents.js';
import { Service } from './service.js';
import { Settings } from './settings.js';
import { statusOf } from './status.js';

/** The one place where the parts of the core meet. */
export class Core {
  readonly clients: Clients;
  private readonly startedAt = Date.now();
  private readonly settings: Settings;
  private readonly alerting: Alerting;
  private readonly eventLimit: EventLimit;
  private readonly recorder: EventRecorder;
  private readonly ownSettings: OwnSettingsReader;
  private readonly secrets: Secrets;
  private readonly consoles: Consoles;
  private readonly incidents: Incidents;
  private readonly recording: Recording;
  private readonly games: GameTools;
  private readonly loads: ServerLoads;
  private readonly care: GameCare;
  private readonly insight: InsightCare;
  private readonly supervisor: Supervisor;
  private readonly definitions: DefinitionFile;
  private readonly rounds: Rounds;
  private readonly idle: IdleExit;
  private ending: Promise<void> | undefined;
  private isDisposed = false;

  constructor(private readonly options: CoreOptions) {
    const { dataDir, platform, log } = options;
    this.settings = new Settings(dataDir, log);
    this.ownSettings = new OwnSettingsReader(dataDir);
    this.secrets = this.makeSecrets();
    log.redactWith(this.secrets.redact);
    this.alerting = this.makeAlerting();
    this.recording = this.makeRecording();
    this.eventLimit = new EventLimit(this.makeEventHub());
    this.recorder = new EventRecorder({
      sink: this.eventLimit,
      alerts: this.alerting.alerts.list(),
      settings: this.settings.all,
    });
    this.consoles = new Consoles({ ranges: platform.fileRanges, log, limits: () => this.settings.console });
    this.incidents = new Incidents({
      ...{ dataDir, log, consoles: this.consoles, redact: this.secrets.redact },
      recorded: (id, exit) => this.recorder.incidentRecorded(id, exit),
    });
    this.games = this.makeGames();
    this.loads = new ServerLoads(platform.processes);
    this.care = this.makeCare();
    this.insight = this.makeInsight();
    this.supervisor = this.makeSupervisor();
    this.definitions = new DefinitionFile(dataDir, log, ({ hasOtherGames }) => {
      this.redefine(hasOtherGames);
    });
    this.rounds = this.makeRounds();
    this.clients = this.makeClients(this.makeService());
    const isNeeded = (): boolean => this.clients.count > 0 || this.supervisor.liveCount > 0;
    this.idle = new IdleExit(options.idleExitSeconds, isNeeded, options.leave);
  }

  /** Finds the servers again, and begins to watch. */
  start(): void {
    const { log, standing, dataDir, platform } = this.options;
    log.onLine((level, tag, text, data) => {
      this.clients.broadcast('core/log', { level, tag, text, data });
    });
    // Settings that cannot be read say nothing about consent: what was remembered with it is neither used nor thrown away.
    if (this.settings.isReadable) this.secrets.follow(this.settings.remembersSecrets);
    this.alerting.open();
    this.recorder.monitoringStarted(version, process.pid);
    this.recorder.defined(this.definitions.definitions, this.definitions.problems);
    this.supervisor.define(this.definitions.definitions);
    const areAllKnown = this.definitions.problems.length === 0;
    this.alerting.begin(this.supervisor.all(), areAllKnown);
    this.insight.begin(this.supervisor.all(), areAllKnown);
    this.options.launcher.onHost({
      goingDown: () => this.goDown(),
      stays: () => {
        this.ending = undefined;
        this.supervisor.stay();
      },
    });
    if (this.ending === undefined) this.supervisor.autoStart();
    void this.recording.open();
    this.rounds.start();
    this.idle.review();
    const measuring = platform.processes.means;
    log.write('info', 'core', 'ready', { version, pid: process.pid, standing, dataDir, measuring });
  }

  /** While the PC goes down: resolves when nothing is left to be done for the servers. */
  get partings(): Promise<void> | undefined {
    return this.ending;
  }

  /** Ends everything of this process; servers run on. */
  async dispose(): Promise<void> {
    this.isDisposed = true;
    this.eventLimit.dispose();
    this.recorder.monitoringEnded();
    this.idle.dispose();
    this.rounds.dispose();
    this.definitions.dispose();
    this.insight.dispose();
    this.consoles.dispose();
    await Promise.all([this.options.launcher.release(), this.recording.store.close()]);
    this.clients.dispose();
    this.supervisor.dispose();
    await Promise.all([this.games.dispose(), this.alerting.dispose()]);
    this.options.launcher.dispose();
  }

  private makeRecording(): Recording {
    const { dataDir, bundleDir, log } = this.options;
    const { settings } = this;
    const { alerts } = this.alerting;
    const isSaving = (): boolean => this.supervisor.all().some(({ lines }) => lines.isSaving);
    const events = { add: (event: HistoryEvent) => this.eventLimit.add(event) };
    return new Recording({ dataDir, bundleDir, settings, alerts, log, events, isSaving });
  }

  private makeSecrets(): Secrets {
    const { dataDir, log, secrets: given } = this.options;
    return new Secrets({
      ...{ dataDir, log, given, keeping: keepingFor(process.platform) },
      own: (definition) => this.ownSettings.readOwnSettings(definition),
      changed: (id, key) => {
        this.games.links.nudge(id);
        this.viewChanged(id);
        if (id === alertsId) this.alerting.addressChanged(key);
      },
    });
  }

  private makeAlerting(): Alerting {
    const { settings, secrets } = this;
    return new Alerting({
      ...{ ...this.options, settings, secrets },
      events: { find: async (query) => await this.recording.store.find(query) },
      server: (id) => this.supervisor.find(id)?.view(),
      ...{ api: (id: string) => this.games.links.facts(id).api, disk: (id: string) => this.care.disk(id) },
      clients: () => this.clients,
      recorder: () => this.recorder,
    });
  }

  /** The PC goes down. False where this process is leaving itself: the launcher sees to the servers then. */
  private goDown(): boolean {
    if (this.isDisposed) return false;
    const { launcher, log } = this.options;
    const told = launcher.processes().filter((launched) => launched.toldAt !== undefined);
    if (this.ending === undefined) log.write('info', 'core', 'the PC goes down; servers are saved and stopped');
    this.ending ??= this.supervisor.goDown(new Set(told.map((launched) => launched.nonce))).then(async () => {
      // Windows ends a process without a window unasked, once it has been let go on.
      await this.recording.store.flush();
      launcher.noteStopped();
    });
    return true;
  }

  private makeEventHub(): EventHub {
    return new EventHub({
      sinks: [{ add: (event) => this.recording.store.addEvent(event) }],
      broadcast: (event) => {
        this.clients.broadcast('event/added', event);
        this.insight.event(event);
      },
    });
  }

  private makeGames(): GameTools {
    return new GameTools((definition, key) => this.secrets.get(definition, key), {
      isBusy: () => this.rounds.sampling.policy.isStretched,
      intervals: () => this.rounds.polls(this.settings.games),
      changed: (id) => {
        const server = this.supervisor.find(id);
        if (server !== undefined) this.serverChanged(server);
      },
      named: (id, names, at) => this.care.named(id, names, at),
      log: this.options.log,
    });
  }

  private makeCare(): GameCare {
    const { dataDir, log } = this.options;
    return new GameCare({
      ...{ dataDir, log, links: this.games.links, consoles: this.consoles, alertRules: this.alerting.alertRules },
      ...{ loads: this.loads, history: this.recording.store },
      events: this.recording.store,
      server: (id) => this.supervisor.find(id),
      happened: (server, what) => this.recorder.happened(server, what),
      changed: (server) => this.serverChanged(server),
    });
  }

  private makeInsight(): InsightCare {
    const { dataDir, log } = this.options;
    const { store: history } = this.recording;
    const { alertRules } = this.alerting;
    return new InsightCare({
      ...{ dataDir, log, history, events: history, alertRules, sink: this.eventLimit },
      settings: () => this.settings.insight,
      busiestThread: (id) => this.loads.busiestThread(id),
      server: (id) => this.supervisor.find(id),
      changed: (id) => this.viewChanged(id),
    });
  }

  private makeSupervisor(): Supervisor {
    const { dataDir, platform, launcher, log } = this.options;
    return new Supervisor({
      ...{ dataDir, log },
      launch: launcher,
      signals: platform.signals,
      secrets: { missing: (definition) => this.secrets.missing(definition) },
      gameConsole: (effective) => this.games.console(effective),
      processes: platform.processes,
      oom: platform.oom,
      consoles: this.consoles,
      games: this.games.links,
      care: this.care,
      ownPorts: (definition) => this.ownSettings.usablePorts(definition),
      catalogue: { row: (id) => this.definitions.catalogue.row(id) },
      records: new Records(dataDir, log),
      alertsOf: (id) => this.alerting.alerts.activeOf(id),
      insightOf: (id) => this.insight.standing(id),
      maintenanceOf: (id) => this.alerting.maintenance.of(id),
      announcements: () => ({ ...this.settings.announcements, language: this.alerting.language() }),
      events: this.makeServerEvents(),
    });
  }

  private makeRounds(): Rounds {
    const { platform, log, launcher } = this.options;
    const { incidents, alerting, care, insight, recording, recorder, settings } = this;
    const { alertRules } = alerting;
    const { files } = this.ownSettings;
    return new Rounds({
      ...{ platform, log, launcher, incidents, alertRules, alerting, care, insight, recording, recorder },
      lowMemory: new LowMemory({ settings, recording, alertRules, events: this.eventLimit, log, files }),
      servers: () => this.supervisor.all(),
      intervals: () => this.settings.sampling,
      limits: () => this.settings.budget,
      measuringChanged: (measuring) => {
        this.clients.broadcast('core/measuring', measuring);
      },
      watchesConsole: (id) => this.clients.watchesConsole(id),
      attention: () => this.clients.attention,
      told: (change) => this.clients.broadcast('core/changed', change),
      sampled: (at, samples) => {
        this.clients.toSampled({ at, samples }, () => this.loads.news(at));
      },
    });
  }

  private makeServerEvents(): ServerEvents {
    const { recorder, incidents, care } = this;
    const { alertRules } = this.alerting;
    return serverEvents({
      ...{ recorder, alertRules, incidents, care, dataDir: this.options.dataDir },
      memoryTotal: () => this.rounds.sampling.host?.memoryTotalBytes ?? null,
      changed: (server) => {
        this.serverChanged(server);
      },
      lines: (server, lines, skipped) => {
        if (lines.length > 0 || skipped > 0) this.clients.toConsoles({ id: server.id, lines, skipped });
      },
      stopProgress: (server, steps, endsAt) => {
        this.clients.broadcast('stop/progress', { id: server.id, steps, endsAt });
      },
    });
  }

  private makeService(): Service {
    return new Service({
      supervisor: this.supervisor,
      definitions: this.definitions,
      processes: this.options.platform.processes,
      settings: this.settings,
      alerting: this.alerting,
      events: this.recording.store,
      secrets: this.secrets,
      detect: finding(this.ownSettings),
      care: this.care,
      incidents: { list: (id) => this.incidents.list(id), get: (id, at) => this.incidents.get(id, at), markdown },
      history: this.recording.store,
      insight: this.insight,
      profiler: new Profiler(),
      status: () => this.status(),
      settingsChanged: () => {
        this.rounds.configure();
        this.secrets.follow(this.settings.remembersSecrets);
        this.recorder.settingsChanged(this.settings.all);
        this.games.links.settingsChanged();
        this.alerting.settingsChanged();
        this.insight.settingsChanged();
      },
      retire: this.options.leave,
      attentionChanged: () => {
        this.rounds.wake();
      },
    });
  }

  private makeClients(service: Service): Clients {
    const { startedAt, secrets } = this;
    const { endpoints } = this.options;
    return new Clients({
      token: readToken(endpoints.tokenFile),
      service,
      hello: ({ language }) => {
        if (language !== undefined) this.alerting.heard(language);
        const { measuring } = this.rounds.budget;
        return helloOf({ startedAt, secrets, servers: this.supervisor.all(), measuring });
      },
      onCountChanged: () => {
        this.alerting.setWindows(this.clients.windows);
        this.rounds.wake();
        this.idle.review();
      },
    });
  }

  private serverChanged(server: ServerFace): void {
    this.care.changed(server);
    this.rounds.wake();
    this.supervisor.reviewLiveness();
    if (server.process !== null && server.sample === null) this.rounds.sampling.nudge();
    this.alerting.serverChanged(server);
    this.clients.broadcast('server/changed', server.view());
    if (this.supervisor.dropIfUndefined(server.id)) this.serverRemoved(server.id);
    this.idle.review();
  }

  private viewChanged(id: string): void {
    const view = this.supervisor.find(id)?.view();
    if (view !== undefined) this.clients.broadcast('server/changed', view);
  }

  private serverRemoved(id: string): void {
    this.alerting.serverRemoved(id);
    this.care.forget(id);
    this.insight.forget(id, this.definitions.problems.length === 0);
    this.clients.broadcast('server/removed', { id });
  }

  private redefine(hasOtherGames: boolean): void {
    if (hasOtherGames) this.clients.broadcast('game/changed', { games: this.definitions.catalogue.rows.map(gameInfo) });
    this.recorder.defined(this.definitions.definitions, this.definitions.problems);
    const before = new Set(this.supervisor.all().map((server) => server.id));
    this.supervisor.define(this.definitions.definitions);
    for (const server of this.supervisor.all()) {
      if (!before.delete(server.id)) this.clients.broadcast('server/changed', server.view());
    }
    for (const id of before) this.serverRemoved(id);
    this.clients.broadcast('server/problems', { problems: this.definitions.allProblems });
  }

  private status(): CoreStatus {
    const { options, rounds, startedAt } = this;
    const { sampling, self, budget, pressure } = rounds;
    return statusOf({ ...options, sampling, self, budget, pressure, startedAt, store: this.recording.store });
  }
}
