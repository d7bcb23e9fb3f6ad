import type { Sample } from '../shared/contract.js';
import type { Alerts } from './alerts/alerts.js';
import { perPlayerValues } from './perPlayer/perPlayer.js';
import type { EventSink, Log } from './ports.js';
import type { Round } from './sampling/samplingLoop.js';
import type { OwnCost } from './sampling/selfMeter.js';
import type { Settings } from './settings.js';
import { DiskFiles } from './store/files.js';
import { databaseName, type Finding } from './store/recovery.js';
import { Store, type StoreTrouble } from './store/store.js';

/** Alerts of the monitoring itself are nobody's among the servers. */
const monitor = { id: 'monitor', name: '' };

export interface RecordingParts {
  readonly dataDir: string;
  /** Where the bundles and SQLite's files are. */
  readonly bundleDir: string;
  readonly settings: Settings;
  readonly alerts: Alerts;
  readonly log: Log;
  /** Where the history's own events begin their way. */
  readonly events: EventSink;
  /** A server is in the middle of a save. */
  isSaving(): boolean;
}

/** What people have to do something about, or should know that it is lost. The rest stands in the events and in the log. */
const alarming = new Set<Finding['is']>([
  'journal-damaged',
  'database-damaged',
  'database-missing',
  'database-foreign',
  'journal-missing',
  'unreadable-batches',
]);
const saturatedPercent = 90;

/** What of the rounds goes into the history, and what becomes of the history's own troubles. */
export class Recording {
  readonly store: Store;
  /** The PC has no memory for the image of a snapshot: it waits as long as it can. */
  isShortOfMemory = false;
  private hostCpu = 0;

  constructor(private readonly parts: RecordingParts) {
    const { dataDir, bundleDir, settings, log } = parts;
    this.store = new Store({
      files: new DiskFiles(dataDir),
      engineFolder: bundleDir,
      log,
      settings: () => settings.store,
      isQuiet: () => this.hostCpu < saturatedPercent && !this.isShortOfMemory && !parts.isSaving(),
      trouble: (trouble, detail) => {
        this.trouble(trouble, detail);
      },
      found: (finding) => {
        this.found(finding);
      },
    });
  }

  /** Never rejects. */
  async open(): Promise<void> {
    // Of an earlier process: if it is still so, it is told again.
    this.parts.alerts.resolve('history-stopped', monitor.id);
    await this.store.open();
  }

  /** Nothing runs, nothing is kept: an idle PC's disk stays asleep. */
  round(
    { at, host, ids, samples }: Round,
    self: Pick<OwnCost, 'cpuPercent' | 'rssBytes' | 'writeBytesPerHour' | 'netOut'>,
  ): void {
    this.hostCpu = host.cpuPercent ?? this.hostCpu;
    if (ids.length === 0) return;
    for (const id of ids) {
      const sample: Pick<Sample, keyof Sample> | undefined = samples[id];
      if (sample === undefined) continue;
      this.store.add(at, id, sample, perPlayerValues(sample));
    }
    const { cpuPercent, memoryUsedPercent, swapUsed, netIn, netOut, pressureCpu, pressureMemory, pressureIo } = host;
    const load = { cpu: cpuPercent, memoryUsed: memoryUsedPercent, swapUsed, netIn, netOut };
    this.store.add(at, 'host', { ...load, pressureCpu, pressureMemory, pressureIo });
    const { cpuPercent: cpu, rssBytes: memory, writeBytesPerHour, netOut: ownNetOut } = self;
    this.store.add(at, monitor.id, { cpu, memory, ioWrite: writeBytesPerHour / 3600, netOut: ownNetOut });
  }

  private trouble(trouble: StoreTrouble | null, detail: string): void {
    const { alerts, log, dataDir } = this.parts;
    if (trouble === null) {
      log.write('info', 'store', 'the history is written again');
      alerts.resolve('history-stopped', monitor.id);
    } else {
      log.write('warn', 'store', 'the history cannot be written', { trouble, detail });
      // Slowness passes, and nothing is lost over it.
      if (trouble !== 'slow')
        alerts.raise('history-stopped', monitor, { trouble, folder: dataDir, file: databaseName });
    }
    this.note({ trouble: trouble ?? 'over' });
  }

  private found(finding: Finding): void {
    const { alerts, log } = this.parts;
    log.write('warn', 'store', 'found at the start', { ...finding });
    const { is, ...rest } = finding;
    if (alarming.has(is)) alerts.raise('history-damaged', monitor, { found: is, ...rest });
    this.note({ found: is, ...rest });
  }

  private note(data: Record<string, unknown>): void {
    this.parts.events.add({ at: Date.now(), id: monitor.id, kind: 'history', data });
  }
}
