import type { Alert, AlertRule, ServerId } from '../../shared/contract.js';
import { messageOf } from '../../shared/failure.js';
import { Bag } from '../bag.js';
import type { CoreClient } from '../coreClient.js';
import { Emitter } from '../emitter.js';
import type { Log } from '../log.js';
import type { Mirror } from '../mirror.js';

/** This window's copy of the alerts that are not over: a list at every connect, then what changed. */
export class AlertMirror {
  private readonly bag = new Bag();
  private readonly changed = this.bag.add(new Emitter<void>(this.complain('alerts')));
  private readonly begun = this.bag.add(new Emitter<Alert>(this.complain('new alerts')));
  private alerts = new Map<string, Alert>();

  readonly onDidChange = this.changed.event;
  /** One that is new here, or active again after somebody had acknowledged it. What counts on in an active one is no news. */
  readonly onDidBegin = this.begun.event;

  constructor(
    private readonly client: Pick<CoreClient, 'request' | 'on'>,
    private readonly servers: Pick<Mirror, 'connection' | 'onDidChangeConnection'>,
    private readonly log: Log,
  ) {
    this.bag.add(client.on('alert/raised', (alert) => this.take([alert])));
    this.bag.add(servers.onDidChangeConnection(() => this.connectionChanged()));
  }

  /** Active ones first, then acknowledged ones, the newest first. None without a connection: they may be over by now. */
  open(): Alert[] {
    if (this.servers.connection !== 'connected') return [];
    const isSeen = ({ state }: Alert): number => (state === 'active' ? 0 : 1);
    return [...this.alerts.values()].sort((a, b) => isSeen(a) - isSeen(b) || b.lastAt - a.lastAt);
  }

  active(): Alert[] {
    return this.open().filter(({ state }) => state === 'active');
  }

  /** Undefined when it is over. */
  get(id: string): Alert | undefined {
    return this.alerts.get(id);
  }

  /** True where this window is the one that shows it. */
  async claim(id: string): Promise<boolean> {
    try {
      return (await this.client.request('alert/claim', { alert: id })).yours;
    } catch (error) {
      this.log.warn('alert not claimed', messageOf(error));
      return false;
    }
  }

  async acknowledge(id: string): Promise<void> {
    try {
      await this.client.request('alert/acknowledge', { alert: id });
    } catch (error) {
      this.log.warn('alert not acknowledged', messageOf(error));
    }
  }

  async acknowledgeOf(rule: AlertRule, server: ServerId): Promise<void> {
    for (const alert of this.active()) {
      if (alert.rule === rule && alert.server === server) await this.acknowledge(alert.id);
    }
  }

  dispose(): void {
    this.bag.dispose();
  }

  private connectionChanged(): void {
    if (this.servers.connection === 'connected') void this.load();
    else this.changed.fire();
  }

  private async load(): Promise<void> {
    try {
      const list = await this.client.request('alert/list', {});
      const listed = new Set(list.map(({ id }) => id));
      for (const id of [...this.alerts.keys()]) if (!listed.has(id)) this.alerts.delete(id);
      this.take(list);
    } catch (error) {
      this.log.warn('no list of alerts', messageOf(error));
    }
  }

  private take(news: readonly Alert[]): void {
    const begun = news.filter(({ id, state }) => state === 'active' && this.alerts.get(id)?.state !== 'active');
    for (const alert of news) {
      if (alert.state === 'resolved') this.alerts.delete(alert.id);
      else this.alerts.set(alert.id, alert);
    }
    this.changed.fire();
    for (const alert of begun) this.begun.fire(alert);
  }

  private complain(what: string): (error: unknown) => void {
    return (error) => {
      this.log.error(`listener of ${what} failed`, messageOf(error));
    };
  }
}
