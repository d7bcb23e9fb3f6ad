import net from 'node:net';
import { tokenMatches } from '../node/endpoint.js';
import { Peer } from '../node/peer.js';
import { Failure } from '../shared/failure.js';
import type { CoreCommand, LauncherRequests } from '../shared/launcherProtocol.js';

const helloMs = 5000;

type Handlers = {
  [M in Exclude<keyof LauncherRequests, 'launcher/hello'>]: (params: LauncherRequests[M]['params']) => unknown;
};

export interface CoresOptions {
  token: string;
  hello(): LauncherRequests['launcher/hello']['result'];
  handlers: Handlers;
  onConnected(command: CoreCommand | null): void;
  /** The last core has gone. */
  onAlone(): void;
}

/** The cores that are connected: one, or two for a moment while one takes over from another. */
export class Cores {
  readonly server: net.Server;
  private readonly peers = new Set<Peer>();

  constructor(private readonly options: CoresOptions) {
    this.server = net.createServer((socket) => {
      this.welcome(socket);
    });
  }

  get count(): number {
    return this.peers.size;
  }

  notify(method: string, params: object): void {
    for (const peer of this.peers) peer.notify(method, params);
  }

  private welcome(socket: net.Socket): void {
    const peer: Peer = new Peer(socket, async (method, params): Promise<unknown> => {
      if (method === 'launcher/hello') return this.greet(peer, params as LauncherRequests['launcher/hello']['params']);
      if (!this.peers.has(peer)) return refuse(peer);
      if (!Object.hasOwn(this.options.handlers, method)) throw new Failure('unsupported', { method });
      return await (this.options.handlers[method as keyof Handlers] as (params: unknown) => unknown)(params);
    });
    const timer = setTimeout(() => {
      if (!this.peers.has(peer)) peer.close();
    }, helloMs);
    peer.onClose(() => {
      clearTimeout(timer);
      if (this.peers.delete(peer) && this.peers.size === 0) this.options.onAlone();
    });
  }

  private greet(peer: Peer, hello: LauncherRequests['launcher/hello']['params']): object {
    if (!tokenMatches(this.options.token, hello.token)) return refuse(peer);
    this.peers.add(peer);
    this.options.onConnected(hello.core);
    return this.options.hello();
  }
}

function refuse(peer: Peer): never {
  peer.end();
  throw new Failure('unauthorized');
}
