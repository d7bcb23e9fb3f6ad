import type { ServerId, ServerView } from '../../shared/contract.js';
import { Failure, messageOf } from '../../shared/failure.js';
import type { Log } from '../ports.js';
import { maintenanceUntil, type AlertPolicy } from './policy.js';

export interface MaintenanceParts {
  readonly log: Log;
  policy(this: void): AlertPolicy;
  /** Lays it over the settings; null takes one away. Throws io. */
  keep(this: void, change: Readonly<Record<ServerId, { until: number | null } | null>>): void;
  /** It has begun, is over, or is to be over at another time. */
  changed(this: void, id: ServerId): void;
  now?(this: void): number;
}

/** Which servers somebody works on, kept in the settings. Ends by a person or by its time. */
export class Maintenance {
  private readonly now: () => number;
  /** Those whose end has been told, though the settings could not be written. */
  private readonly ended = new Map<ServerId, number>();

  constructor(private readonly parts: MaintenanceParts) {
    this.now = parts.now ?? Date.now;
  }

  /** As the view shows it; undefined: nobody works on it. */
  of(id: ServerId): ServerView['maintenance'] {
    const until = maintenanceUntil(this.parts.policy(), id, this.now());
    return until === null ? undefined : { until: until === Infinity ? null : until };
  }

  /** until: Unix ms; undefined: until it is said to be over. Throws invalid-definition, io. */
  set(id: ServerId, on: boolean, until: number | undefined): void {
    if (on && until !== undefined && until <= this.now()) {
      throw new Failure('invalid-definition', { field: 'until', detail: 'must be a time to come' });
    }
    // Where there is nothing to take away, nothing is written.
    if (!on && !Object.hasOwn(this.parts.policy().maintenance, id)) return;
    this.parts.keep({ [id]: on ? { until: until ?? null } : null });
    this.ended.delete(id);
    this.parts.changed(id);
  }

  /** The server is no more. */
  forget(id: ServerId): void {
    if (Object.hasOwn(this.parts.policy().maintenance, id)) this.remove(id);
  }

  /** To be called now and then: what is over by its time. */
  review(): void {
    const now = this.now();
    for (const [id, { until }] of Object.entries(this.parts.policy().maintenance)) {
      if (typeof until !== 'number' || now < until || this.ended.get(id) === until) continue;
      this.remove(id);
      this.ended.set(id, until);
      this.parts.changed(id);
    }
  }

  /** In how many milliseconds the next one is over; null where none ends by itself. */
  get nextEndMs(): number | null {
    const now = this.now();
    const ends = Object.values(this.parts.policy().maintenance).flatMap(({ until }) => until ?? []);
    const waits = ends.map((until) => until - now).filter((wait) => wait > 0);
    return waits.length === 0 ? null : Math.min(...waits);
  }

  private remove(id: ServerId): void {
    try {
      this.parts.keep({ [id]: null });
    } catch (error) {
      // It is over all the same: its time stands beside it.
      const told = { id, error: messageOf(error) };
      this.parts.log.write('warn', 'alerts', 'a maintenance that is over could not be taken out of the settings', told);
    }
  }
}
