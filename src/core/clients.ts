import net from 'node:net';
import * as v from 'valibot';
import type { Notifications, Requests } from '../shared/contract.js';
import { tokenMatches } from '../node/endpoint.js';
import { Peer } from '../node/peer.js';
import { Failure } from '../shared/failure.js';
import type { Disposable } from './ports.js';
import type { Service, Subscription } from './service.js';

const helloMs = 5000;

/** What the extension calls itself. */
const windowName = 'vscode';

const helloSchema = v.object({
  token: v.string(),
  protocol: v.number(),
  client: v.object({
    name: v.string(),
    version: v.string(),
    // One that a newer window may have is none that we know.
    language: v.fallback(v.optional(v.picklist(['en', 'ko'])), undefined),
  }),
});

type Introduced = v.InferOutput<typeof helloSchema>['client'];

interface Client extends Subscription {
  readonly peer: Peer;
  subscribed: boolean;
}

export interface ClientsOptions {
  token: string;
  service: Service;
  /** Whoever it is has the token. */
  hello(client: Introduced): Requests['core/hello']['result'];
  onCountChanged(count: number): void;
}

/** Everybody who is connected. Nobody learns or does anything before a hello with the token. */
export class Clients implements Disposable {
  readonly server: net.Server;
  private readonly clients = new Set<Client>();
  private readonly sockets = new Set<net.Socket>();

  constructor(private readonly options: ClientsOptions) {
    this.server = net.createServer((socket) => {
      this.welcome(socket);
    });
  }

  get count(): number {
    return this.clients.size;
  }

  /** Those of people, and of no tool. */
  get windows(): number {
    return [...this.clients].filter(({ isWindow }) => isWindow).length;
  }

  /** To all who subscribed to anything. */
  broadcast<M extends keyof Notifications>(method: M, params: Notifications[M]): void {
    this.tell(method, params, (client) => client.subscribed);
  }

  /** loads: asked only where somebody listens. */
  toSampled(
    params: Omit<Notifications['server/sample'], 'loads'>,
    loads: () => Notifications['server/sample']['loads'],
  ): void {
    let all: Notifications['server/sample'] | undefined;
    for (const { samples, peer } of this.clients) {
      if (!samples) continue;
      all ??= withLoads(params, loads());
      peer.notify('server/sample', all);
    }
  }

  toConsoles(params: Notifications['console/lines']): void {
    this.tell('console/lines', params, (client) => client.consoles.has(params.id));
  }

  watchesConsole(id: string): boolean {
    for (const client of this.clients) if (client.consoles.has(id)) return true;
    return false;
  }

  /** Who looks, over all of them. One that does not say so looks where it wants samples. */
  get attention(): { isWatched: boolean; hasPanel: boolean } {
    let isWatched = false;
    let hasPanel = false;
    for (const { samples, visible, panel } of this.clients) {
      isWatched ||= panel || (visible ?? samples);
      hasPanel ||= panel;
    }
    return { isWatched, hasPanel };
  }

  /** Lets what was answered go out, then ends every connection. */
  dispose(): void {
    this.server.close();
    for (const client of this.clients) client.peer.end();
    for (const socket of this.sockets) socket.unref();
  }

  private tell(method: string, params: object, wants: (client: Client) => boolean): void {
    for (const client of this.clients) if (wants(client)) client.peer.notify(method, params);
  }

  private welcome(socket: net.Socket): void {
    this.sockets.add(socket);
    let client: Client | undefined;
    const peer = new Peer(socket, async (method, params, signal) => {
      if (client !== undefined) return await this.serve(client, method, params, signal);
      try {
        const introduced = this.checkHello(method, params);
        const isWindow = introduced.name === windowName;
        const nothing = { samples: false, consoles: new Set<string>(), visible: undefined, panel: false };
        client = { peer, isWindow, ...nothing, subscribed: false };
        clearTimeout(timer);
        this.clients.add(client);
        this.options.onCountChanged(this.clients.size);
        return this.options.hello(introduced);
      } catch (error) {
        peer.end();
        throw error;
      }
    });
    const timer = setTimeout(() => {
      peer.close();
    }, helloMs);
    peer.onClose(() => {
      clearTimeout(timer);
      this.sockets.delete(socket);
      if (client !== undefined && this.clients.delete(client)) this.options.onCountChanged(this.clients.size);
    });
  }

  private async serve(client: Client, method: string, params: unknown, signal: AbortSignal): Promise<unknown> {
    if (method === 'core/hello') return this.options.hello(this.checkHello(method, params));
    const result = await this.options.service.handle(method, params, client, signal);
    if (method === 'client/subscribe') client.subscribed = true;
    return result;
  }

  private checkHello(method: string, params: unknown): Introduced {
    const parsed = v.safeParse(helloSchema, params);
    if (method !== 'core/hello' || !parsed.success || !tokenMatches(this.options.token, parsed.output.token)) {
      throw new Failure('unauthorized');
    }
    if (parsed.output.protocol !== 1)
      throw new Failure('protocol-mismatch', { mine: 1, yours: parsed.output.protocol });
    return parsed.output.client;
  }
}

function withLoads(
  params: Omit<Notifications['server/sample'], 'loads'>,
  loads: Notifications['server/sample']['loads'],
): Notifications['server/sample'] {
  return loads === undefined ? params : { ...params, loads };
}
