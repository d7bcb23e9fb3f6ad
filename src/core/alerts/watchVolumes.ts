import type { Alert, Definition, ServerView } from '../../shared/contract.js';
import type { AlertRules } from './alertRules.js';
import type { Thresholds } from './policy.js';
import { DiskNearlyFull } from './thresholds.js';

const rule = 'disk-nearly-full';
/** Numbers of one volume are not of the same moment for all of its servers; two volumes of one size differ by more. */
const nearPart = 0.005;

type Volume = NonNullable<ServerView['disk']>;

/** A server that runs, and the volume where it saves. */
interface Keeper {
  readonly id: string;
  readonly definition: Definition;
  readonly volume: Volume;
}

/** Volumes with little room left, each told of one of the servers that save there: one volume is one matter for a person. */
export class VolumeWatch {
  /** By the ids of servers. */
  private readonly detectors = new Map<string, DiskNearlyFull>();

  constructor(
    private readonly alertRules: AlertRules,
    private readonly limits: () => Thresholds[typeof rule],
  ) {}

  /** To be called about once a minute, with all that run and whose volume is known. at: Unix ms. */
  look(at: number, servers: readonly Keeper[]): void {
    const keepers = new Map(servers.map((server) => [server.id, server]));
    for (const id of this.detectors.keys()) if (!keepers.has(id)) this.detectors.delete(id);
    const told = this.alertRules.openOf(rule);
    for (const server of servers) {
      const isTold = told.some((alert) => isOf(alert, server, keepers));
      const detector = this.detectors.get(server.id) ?? new DiskNearlyFull(this.limits, isTold);
      this.detectors.set(server.id, detector);
      detector.feed(at, server.volume);
    }
    // Of a volume where none runs any more nobody knows.
    for (const alert of told) {
      const own = servers.filter((server) => isOf(alert, server, keepers));
      if (own.length > 0 && !own.some((server) => this.isFull(server))) this.alertRules.diskFree(alert.server);
    }
    this.tell(servers, keepers);
  }

  /** It is not looked at any more. */
  clear(): void {
    this.detectors.clear();
  }

  private tell(servers: readonly Keeper[], keepers: ReadonlyMap<string, Keeper>): void {
    const full = servers.filter((server) => this.isFull(server)).sort((a, b) => (a.id < b.id ? -1 : 1));
    for (const server of full) {
      const told = this.alertRules.openOf(rule);
      if (!told.some((alert) => isOf(alert, server, keepers))) this.alertRules.diskNearlyFull(server, server.volume);
    }
  }

  private isFull({ id }: Keeper): boolean {
    return this.detectors.get(id)?.isOn === true;
  }
}

/** What was told is about the volume of that server. The one it was told of may have ended since: then its size tells. */
function isOf({ server, data }: Alert, { id, volume }: Keeper, keepers: ReadonlyMap<string, Keeper>): boolean {
  if (server === id) return true;
  const told = keepers.get(server);
  return told === undefined ? data.totalBytes === volume.totalBytes : isSame(told.volume, volume);
}

function isSame(a: Volume, b: Volume): boolean {
  return a.totalBytes === b.totalBytes && Math.abs(a.freeBytes - b.freeBytes) <= nearPart * a.totalBytes;
}
