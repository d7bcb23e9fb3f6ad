import type { CoreStatus } from '../shared/contract.js';
import { messageOf } from '../shared/failure.js';
import { Bag } from './bag.js';
import type { CoreClient } from './coreClient.js';
import { Emitter } from './emitter.js';
import type { Log } from './log.js';

export type Interval = CoreStatus['sampling'];

/** How often is measured now, and why; undefined while nothing is known of it. */
export class IntervalMirror {
  private readonly bag = new Bag();
  private readonly changed: Emitter<void>;
  private known: Interval | undefined;

  readonly onDidChange: Emitter<void>['event'];

  constructor(
    private readonly client: CoreClient,
    private readonly log: Log,
  ) {
    this.changed = this.bag.add(
      new Emitter<void>((error) => {
        log.error('listener of interval failed', messageOf(error));
      }),
    );
    this.onDidChange = this.changed.event;
    this.bag.add(client.on('core/changed', ({ sampling }) => this.take(sampling)));
    this.bag.add(client.onDidChange(({ at }) => void this.connectionIs(at)));
  }

  get now(): Interval | undefined {
    return this.known;
  }

  dispose(): void {
    this.bag.dispose();
  }

  private async connectionIs(at: string): Promise<void> {
    if (at !== 'connected') {
      this.take(undefined);
      return;
    }
    try {
      this.take((await this.client.request('core/status', {})).sampling);
    } catch (error) {
      this.log.warn('no status', messageOf(error));
    }
  }

  private take(now: Interval | undefined): void {
    this.known = now;
    this.changed.fire();
  }
}
