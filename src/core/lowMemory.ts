import { encodingTables } from '../node/encoding/encode.js';
import type { AlertRules } from './alerts/alertRules.js';
import type { EventSink, HostSample, Log } from './ports.js';
import { Caches, type Cache } from './pressure/caches.js';
import type { MemoryLevel } from './pressure/levels.js';
import { MemoryPressure, type LevelChange } from './pressure/memoryPressure.js';
import type { Recording } from './recording.js';
import type { Settings } from './settings.js';

export interface LowMemoryParts {
  readonly settings: Settings;
  readonly recording: Recording;
  readonly alertRules: AlertRules;
  readonly events: EventSink;
  readonly log: Log;
  /** Games' settings files that were read. */
  readonly files: Cache;
}

/** What is done while the PC is short of memory, and who is told. */
export class LowMemory {
  private readonly pressure: MemoryPressure;
  /** undefined: what an earlier process has told is not known here. */
  private isTold: boolean | undefined;

  constructor(private readonly parts: LowMemoryParts) {
    const { settings, recording, files } = parts;
    this.pressure = new MemoryPressure({
      caches: new Caches([files, encodingTables]),
      limits: () => settings.memory,
      historyBytes: () => recording.store.bytes,
      flush: () => recording.store.flush(),
      giveBack: () => recording.store.shrink(),
      changed: (change) => {
        this.changed(change);
      },
    });
  }

  get level(): MemoryLevel {
    return this.pressure.level;
  }

  /** What can wait waits, until there is memory for it. */
  get makesWait(): boolean {
    return this.level === 'critical';
  }

  /** To be called with every round of samples. isNeeded: servers run, so that somebody has to know. */
  round({ memoryUsedPercent, pressureMemory = null }: HostSample, isNeeded: boolean): void {
    const { recording } = this.parts;
    this.pressure.round({ usedPercent: memoryUsedPercent, stalls: pressureMemory });
    recording.isShortOfMemory = this.makesWait;
    if (!this.makesWait || isNeeded) this.tell(this.makesWait, memoryUsedPercent);
  }

  private tell(isLow: boolean, usedPercent: number): void {
    if (isLow === this.isTold) return;
    this.isTold = isLow;
    if (isLow) this.parts.alertRules.memoryIsLow({ usedPercent: Math.round(usedPercent) });
    else this.parts.alertRules.memoryIsBack();
  }

  private changed({ level, before, by, usedPercent, stalls, droppedBytes }: LevelChange): void {
    const { events, log } = this.parts;
    const data = { level, before, by, usedPercent: tenths(usedPercent), stalls, droppedBytes };
    log.write(level === 'critical' ? 'warn' : 'info', 'memory', 'the PC has another level of memory', data);
    events.add({ at: Date.now(), id: 'host', kind: 'memory', data });
  }
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
