import path from 'node:path';
import type { CoreStatus } from '../shared/contract.js';
import { version } from '../shared/version.js';
import { readToken, type Endpoints } from '../node/endpoint.js';
import { Clients } from './clients.js';
import { ConsolePoll } from './console/consolePoll.js';
import { consoles, lastLines } from './console/consoleTail.js';
import { detectServers } from './detection/detect.js';
import { DefinitionFile } from './definitions/definitionFile.js';
import type { FileLog } from './fileLog.js';
import { LauncherLink } from './launcherLink/launcherLink.js';
import { Records } from './lifecycle/record.js';
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
  leave(): void;
}

export interface Core {
  readonly clients: Clients;
  /** Ends everything of this process; servers run on. */
  dispose(): Promise<void>;
}

/** The one place where the parts of the core meet. */
export function compose(options: CoreOptions): Core {
  const { dataDir, platform, launcher, log, endpoints } = options;
  const startedAt = Date.now();
  const settings = new Settings(dataDir, log);
  const self = new SelfMeter();
  const supervisor = new Supervisor({
    dataDir,
    launch: launcher,
    signals: platform.signals,
    processes: platform.processes,
    consoles,
    records: new Records(dataDir, log),
    log,
    events: {
      changed: (server) => {
        consolePoll.wake();
        if (server.process !== null && server.sample === null) sampling.nudge();
        clients.broadcast('server/changed', server.view());
        if (supervisor.dropIfUndefined(server)) clients.broadcast('server/removed', { id: server.id });
        idle.review();
      },
      lines: (server, lines, skipped) => {
        clients.toConsoles({ id: server.id, lines, skipped });
      },
      stopProgress: (server, steps, endsAt) => {
        clients.broadcast('stop/progress', { id: server.id, steps, endsAt });
      },
    },
  });
  const definitions = new DefinitionFile(dataDir, log, () => {
    redefine();
  });
  const redefine = (): void => {
    const before = new Set(supervisor.all().map((server) => server.id));
    supervisor.define(definitions.definitions);
    const after = supervisor.all();
    for (const server of after) if (!before.delete(server.id)) clients.broadcast('server/changed', server.view());
    for (const id of before) clients.broadcast('server/removed', { id });
    clients.broadcast('server/problems', { problems: [...definitions.problems] });
  };
  const onRound = ({ at, samples }: Round): void => {
    supervisor.noticeEnds();
    for (const server of supervisor.all()) server.pollConsole();
    self.note();
    if (Object.keys(samples).length > 0) clients.toSampled({ at, samples });
  };
  const sampling = new SamplingLoop(platform.processes, () => supervisor.all(), onRound);
  sampling.policy.configure(settings.sampling);
  const consolePoll = new ConsolePoll(() =>
    supervisor
      .all()
      .filter((server) => server.process !== null && (server.isEventful || clients.watchesConsole(server.id))),
  );

  const status = (): CoreStatus => {
    const host = sampling.host;
    const standing = platform.priority.current();
    return {
      pid: process.pid,
      version,
      uptimeMs: Date.now() - startedAt,
      self: { ...self.read(), netBytesPerHour: 0, nice: standing.nice, ioClass: standing.ioClass, budget: 'ok' },
      launcher: launcher.pid === null ? null : platform.processes.describe(launcher.pid),
      sampling: { intervalMs: sampling.policy.intervalMs, reason: sampling.policy.reason },
      host: { cpuPercent: host?.cpuPercent ?? 0, memUsedPercent: host?.memoryUsedPercent ?? 0 },
      pressure: 'none',
      store: { rows: 0, bytes: 0, journalBytes: 0, lastFlushAt: null, dropped: 0 },
    };
  };
  const service = new Service({
    supervisor,
    definitions,
    processes: platform.processes,
    detect: detectServers,
    talk: { save, announce },
    lastLines,
    settings,
    status,
    settingsChanged: () => {
      sampling.policy.configure(settings.sampling);
    },
    retire: options.leave,
    consolesChanged: () => {
      consolePoll.wake();
    },
  });
  const clients = new Clients({
    token: readToken(endpoints.tokenFile),
    service,
    hello: () => ({
      protocol: 1,
      version,
      pid: process.pid,
      startedAt,
      platform: process.platform,
      secretsMissing: [],
    }),
    onCountChanged: () => {
      idle.review();
    },
  });
  const idle = new IdleExit(
    options.idleExitSeconds,
    () => clients.count > 0 || supervisor.liveCount > 0,
    options.leave,
  );

  log.onLine((level, tag, text, data) => {
    clients.broadcast('core/log', { level, tag, text, data });
  });
  supervisor.define(definitions.definitions);
  sampling.start();
  idle.review();
  log.write('info', 'core', 'ready', {
    version,
    pid: process.pid,
    standing: options.standing,
    dataDir: path.resolve(dataDir),
  });

  return {
    clients,
    dispose: async () => {
      idle.dispose();
      sampling.dispose();
      consolePoll.dispose();
      definitions.dispose();
      await launcher.release();
      clients.dispose();
      supervisor.dispose();
      launcher.dispose();
    },
  };
}

/** Leaves a while after nobody needs this process any more. */
class IdleExit {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly seconds: number | null,
    private readonly isNeeded: () => boolean,
    private readonly leave: () => void,
  ) {}

  review(): void {
    if (this.seconds === null) return;
    if (this.isNeeded()) {
      this.dispose();
      return;
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (!this.isNeeded()) this.leave();
    }, this.seconds * 1000);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
