import type { Alert, AlertRule, ServerId } from '../../shared/contract.js';
import { messageOf } from '../../shared/failure.js';
import { Bag } from '../bag.js';
import type { CoreClient } from '../coreClient.js';
import { Emitter } from '../emitter.js';
import type { Log } from '../log.js';
import type { Mirror } from '../mirror.js';

/** Of those that are over. */
const mostResolved = 20;

/** This window's copy of the alerts: a list at every connect, then what changed. */
export class AlertMirror {
  private readonly bag = new Bag();
  private readonly changed = this.bag.add(new Emitter<void>(this.complain('alerts')));
  private readonly begun = this.bag.add(new Emitter<Alert>(this.complain('new alerts')));
  private alerts = new Map<string, Alert>();
  private listed = false;

  readonly onDidChange = this.changed.event;
  /**
   * One that is new here, active again after somebody had acknowledged it, or worse because nobody looked. What counts on in
   * an active one is no news.
   */
  readonly onDidBegin = this.begun.event;

  constructor(
    private readonly client: Pick<CoreClient, 'request' | 'on'>,
    private readonly servers: Pick<Mirror, 'connection' | 'onDidChangeConnection' | 'get'>,
    private readonly log: Log,
  ) {
    this.bag.add(client.on('alert/raised', (alert) => this.take([alert])));
    this.bag.add(servers.onDidChangeConnection(() => this.connectionChanged()));
  }

  /** Without it, that there are none means nothing. */
  get isListed(): boolean {
    return this.listed && this.servers.connection === 'connected';
  }

  /**
   * Those that are not over: active ones first, then acknowledged, then muted ones, the newest first. None without a
   * connection: they may be over by now.
   */
  open(): Alert[] {
    if (this.servers.connection !== 'connected') return [];
    return this.sorted().filter(({ state }) => state !== 'resolved');
  }

  active(): Alert[] {
    return this.open().filter(({ state }) => state === 'active');
  }

  /** Those active ones that call for somebody: not of a server on which somebody works already. */
  pressing(): Alert[] {
    return this.active().filter(({ server }) => this.servers.get(server)?.maintenance === undefined);
  }

  /** The newest of those that are over. */
  resolved(): Alert[] {
    if (this.servers.connection !== 'connected') return [];
    return this.sorted().filter(({ state }) => state === 'resolved');
  }

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
    await this.client.request('alert/acknowledge', { alert: id });
  }

  /** Nobody is told of it until then, Unix milliseconds; null: for good. */
  async mute(id: string, until: number | null): Promise<void> {
    await this.client.request('alert/mute', { alert: id, until });
  }

  async unmute(id: string): Promise<void> {
    await this.client.request('alert/unmute', { alert: id });
  }

  /** For what somebody has seen elsewhere; never rejects. */
  async acknowledgeOf(rule: AlertRule, server: ServerId): Promise<void> {
    try {
      for (const alert of this.active()) {
        if (alert.rule === rule && alert.server === server) await this.acknowledge(alert.id);
      }
    } catch (error) {
      this.log.warn('alert not acknowledged', messageOf(error));
    }
  }

  dispose(): void {
    this.bag.dispose();
  }

  private connectionChanged(): void {
    this.listed = false;
    if (this.servers.connection === 'connected') void this.load();
    else this.changed.fire();
  }

  private async load(): Promise<void> {
    try {
      const list = await this.client.request('alert/list', {});
      const known = new Set(list.map(({ id }) => id));
      for (const id of [...this.alerts.keys()]) if (!known.has(id)) this.alerts.delete(id);
      this.listed = true;
      this.take(list);
    } catch (error) {
      this.log.warn('no list of alerts', messageOf(error));
    }
  }

  private take(news: readonly Alert[]): void {
    const begun = news.filter((alert) => isNews(alert, this.alerts.get(alert.id)));
    for (const alert of news) this.alerts.set(alert.id, alert);
    const over = this.sorted().filter(({ state }) => state === 'resolved');
    for (const { id } of over.slice(mostResolved)) this.alerts.delete(id);
    this.changed.fire();
    for (const alert of begun) this.begun.fire(alert);
  }

  private sorted(): Alert[] {
    return [...this.alerts.values()].sort((a, b) => rank[a.state] - rank[b.state] || b.lastAt - a.lastAt);
  }

  private complain(what: string): (error: unknown) => void {
    return (error) => {
      this.log.error(`listener of ${what} failed`, messageOf(error));
    };
  }
}

const rank: Record<Alert['state'], number> = { active: 0, acknowledged: 1, muted: 2, resolved: 3 };

function isNews({ state, escalation }: Alert, before: Alert | undefined): boolean {
  if (state !== 'active') return false;
  return before?.state !== 'active' || (escalation?.step ?? 0) > (before.escalation?.step ?? 0);
}
