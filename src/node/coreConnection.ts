import net from 'node:net';
import type { Notifications, Requests } from '../shared/contract.js';
import { Failure } from '../shared/failure.js';
import { findEndpoints, readToken, type Endpoints } from './endpoint.js';
import { Peer, type RequestOptions } from './peer.js';

type Hello = Requests['core/hello']['result'];

/** A connection that has said hello. Requests reject with a Failure; nothing waits without a deadline unless told so. */
export interface CoreConnection {
  readonly hello: Hello;
  request<M extends keyof Requests>(
    method: M,
    params: Requests[M]['params'],
    options?: RequestOptions,
  ): Promise<Requests[M]['result']>;
  on<M extends keyof Notifications>(method: M, handle: (params: Notifications[M]) => void): { dispose(): void };
  onClose(handle: () => void): { dispose(): void };
  dispose(): void;
}

export interface ConnectOptions {
  dataDir: string;
  client: Requests['core/hello']['params']['client'];
  /** For connecting and hello together. */
  timeoutMs?: number;
}

/**
 * Connects to the core that owns the data directory. Rejects `unreachable` when none answers, `unauthorized` for a wrong
 * token, `protocol-mismatch`, `timeout`.
 */
export async function connectCore(options: ConnectOptions): Promise<CoreConnection> {
  const endpoints = findEndpoints(options.dataDir);
  if (endpoints === undefined) throw new Failure('unreachable', { dataDir: options.dataDir });
  const deadline = Date.now() + (options.timeoutMs ?? 5000);
  const socket = await connect(endpoints.core, options.timeoutMs ?? 5000);
  const peer = new Peer(socket, undefined);
  try {
    const hello = await peer.request('core/hello', helloParams(endpoints, options), {
      timeoutMs: Math.max(1, deadline - Date.now()),
    });
    return typed(peer, hello as Hello);
  } catch (error) {
    peer.close();
    throw error;
  }
}

function helloParams(endpoints: Endpoints, options: ConnectOptions): Requests['core/hello']['params'] {
  try {
    return { token: readToken(endpoints.tokenFile), protocol: 1, client: options.client };
  } catch (error) {
    throw new Failure('unauthorized', { file: endpoints.tokenFile }, String(error));
  }
}

/** Connects to a socket path or pipe. Rejects `unreachable` or `timeout`. */
export async function connect(endpoint: string, timeoutMs: number): Promise<net.Socket> {
  return await new Promise((resolve, reject) => {
    const socket = net.connect(endpoint);
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new Failure('timeout', { endpoint, ms: timeoutMs }));
    }, timeoutMs);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error) => {
      clearTimeout(timer);
      reject(new Failure('unreachable', { endpoint }, error.message));
    });
  });
}

function typed(peer: Peer, hello: Hello): CoreConnection {
  return {
    hello,
    request: async (method, params, options) => await peer.request(method, params, options),
    on: (method, handle) => peer.on(method, handle as (params: unknown) => void),
    onClose: (handle) => peer.onClose(handle),
    dispose: () => {
      peer.close();
    },
  };
}
