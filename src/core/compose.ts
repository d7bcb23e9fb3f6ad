import type { CoreStatus } from '../shared/contract.js';
import { messageOf } from '../shared/failure.js';
import { version } from '../shared/version.js';
import { readToken, type Endpoints } from '../node/endpoint.js';
import { Clients } from './clients.js';
import { ConsolePoll } from './console/consolePoll.js';
import { consoles, lastLines } from './console/consoleTail.js';
import { DefinitionFile } from './definitions/definitionFile.js';
import { detectServers } from './detection/detect.js';
import type { FileLog } from './fileLog.js';
import { gameConsoleFor } from './games/gameConsole.js';
import { Secrets } from './games/secrets.js';
import { IdleExit } from './idleExit.js';
import type { LauncherLink } from './launcherLink/launcherLink.js';
import { Records } from './lifecycle/record.js';
import type { Server } from './lifecycle/server.js';
import { Supervisor } from './lifecycle/supervisor.js';
import { announce, save } from './lifecycle/talk.js';
import type { Platform } from './platform/platform.js';
import type { Standing } from './ports.js';
import { SamplingLoop, type Round } from './sampling/samplingLoop.js';
import { SelfMeter } from './sampling/selfMeter.js';
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
  leave(this: void): void;
}

/** The one place where the parts of the core meet. */
export class Core {
  readonly clients: Clients;
  private readonly startedAt = Date.now();
  private readonly self = new SelfMeter();
  private readonly settings: Settings;
  private readonly secrets = new Secrets();
  private readonly supervisor: Supervisor;
  private readonly definitions: DefinitionFile;
  private readonly sampling: SamplingLoop;
  private readonly consolePoll: ConsolePoll;
  private readonly idle: IdleExit;

  constructor(private readonly options: CoreOptions) {
    const { dataDir, platform, log } = options;
    this.settings = new Settings(dataDir, log);
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
    this.supervisor.define(this.definitions.definitions);
    this.supervisor.autoStart();
    this.sampling.start();
    this.idle.review();
    log.write('info', 'core', 'ready', { version, pid: process.pid, standing, dataDir });
  }

  /** Ends everything of this process; servers run on. */
  async dispose(): Promise<void> {
    this.idle.dispose();
    this.sampling.dispose();
    this.consolePoll.dispose();
    this.definitions.dispose();
    await this.options.launcher.release();
    this.clients.dispose();
    this.supervisor.dispose();
    this.options.launcher.dispose();
  }

  private makeSupervisor(): Supervisor {
    const { dataDir, platform, launcher, log } = this.options;
    return new Supervisor({
      dataDir,
      launch: launcher,
      signals: platform.signals,
      gameConsole: (effective) => gameConsoleFor(effective, (key) => this.secrets.get(effective.definition.id, key)),
      processes: platform.processes,
      consoles,
      records: new Records(dataDir, log),
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
        ended: () => undefined,
        stopTimedOut: () => undefined,
        gaveUp: () => undefined,
      },
    });
  }

  private makeService(): Service {
    return new Service({
      supervisor: this.supervisor,
      definitions: this.definitions,
      processes: this.options.platform.processes,
      settings: this.settings,
      secrets: this.secrets,
      detect: detectServers,
      talk: { save, announce },
      lastLines,
      status: () => this.status(),
      settingsChanged: () => {
        this.sampling.policy.configure(this.settings.sampling);
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
      hello: () => ({ protocol: 1, version, pid, startedAt, platform, secretsMissing: [] }),
      onCountChanged: () => {
        this.idle.review();
      },
    });
  }

  private serverChanged(server: Server): void {
    this.consolePoll.wake();
    if (server.process !== null && server.sample === null) this.sampling.nudge();
    this.clients.broadcast('server/changed', server.view());
    if (this.supervisor.dropIfUndefined(server)) this.clients.broadcast('server/removed', { id: server.id });
    this.idle.review();
  }

  private redefine(): void {
    const before = new Set(this.supervisor.all().map((server) => server.id));
    this.supervisor.define(this.definitions.definitions);
    for (const server of this.supervisor.all()) {
      if (!before.delete(server.id)) this.clients.broadcast('server/changed', server.view());
    }
    for (const id of before) this.clients.broadcast('server/removed', { id });
    this.clients.broadcast('server/problems', { problems: [...this.definitions.problems] });
  }

  private roundDone({ at, samples }: Round): void {
    this.supervisor.noticeEnds();
    for (const server of this.supervisor.all()) server.pollConsole();
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
