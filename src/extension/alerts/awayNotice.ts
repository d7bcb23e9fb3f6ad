import { Failure, messageOf } from '../../shared/failure.js';
import { Bag, type Disposable } from '../bag.js';
import type { CoreClient } from '../coreClient.js';
import type { Log } from '../log.js';
import type { Mirror } from '../mirror.js';
import { awaySeverity, awayText } from '../text/awayText.js';
import type { Reader } from '../translate.js';

interface Parts {
  readonly client: Pick<CoreClient, 'request'>;
  readonly mirror: Pick<Mirror, 'connection' | 'onDidChangeConnection' | 'get'>;
  readonly window: { isFocused(): boolean; onDidFocus(listener: () => void): Disposable };
  readonly reader: Reader;
  readonly log: Log;
  /** Resolves with whether somebody wants to see the events. */
  readonly tell: (severity: 'warning' | 'information', text: string) => Promise<boolean>;
  /** Shows the events of that time, Unix milliseconds. */
  readonly open: (from: number, to: number) => Promise<void>;
}

/**
 * Says what happened while no window was open: once for each connection, in the window that somebody looks at. The background
 * process tells the first that asks, and no other.
 */
export class AwayNotice implements Disposable {
  private readonly bag = new Bag();
  private hasAsked = false;

  constructor(private readonly parts: Parts) {
    const { mirror, window } = parts;
    this.bag.add(
      mirror.onDidChangeConnection(() => {
        if (mirror.connection !== 'connected') this.hasAsked = false;
        void this.review();
      }),
    );
    this.bag.add(window.onDidFocus(() => void this.review()));
    void this.review();
  }

  dispose(): void {
    this.bag.dispose();
  }

  private async review(): Promise<void> {
    const { client, mirror, window, reader, log } = this.parts;
    if (this.hasAsked || mirror.connection !== 'connected' || !window.isFocused()) return;
    this.hasAsked = true;
    try {
      const away = await client.request('alert/away', {});
      if (away === null) return;
      const names = away.counts.servers.map((id) => mirror.get(id)?.name ?? id);
      const text = awayText(away.counts, names, reader.t);
      if (await this.parts.tell(awaySeverity(away.counts), text)) await this.parts.open(away.from, away.to);
    } catch (error) {
      // An older background process does not know the question.
      if (!Failure.is(error, 'unsupported')) log.warn('what happened meanwhile is not known', messageOf(error));
    }
  }
}
