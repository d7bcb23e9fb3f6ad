import type { Socket } from 'node:net';
import {
  CancellationTokenSource,
  createMessageConnection,
  ParameterStructures,
  ResponseError,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import { Failure, messageOf, type FailureData } from '../shared/failure.js';
import type { ErrorCode } from '../shared/contract.js';
import { BoundedReader } from './boundedReader.js';
import { DirectWriter } from './directWriter.js';

const defaultTimeoutMs = 15_000;
const applicationError = -32_000;
const methodNotFound = -32_601;

export interface RequestOptions {
  /** null: no deadline of its own. Default 15 s. */
  timeoutMs?: number | null;
  signal?: AbortSignal;
}

export type Handler = (method: string, params: unknown, signal: AbortSignal) => unknown;

interface Waiting {
  fail(failure: Failure): void;
}

/**
 * One end of a JSON-RPC 2.0 connection in which every request settles: result, failure, deadline, cancellation or end of
 * the connection. Failures keep their code and data across the border.
 */
export class Peer {
  private readonly connection: MessageConnection;
  private readonly waiting = new Set<Waiting>();
  private readonly notified = new Map<string, Set<(params: unknown) => void>>();
  private readonly closeHandlers = new Set<() => void>();
  private closed = false;

  constructor(
    readonly socket: Socket,
    private readonly handler: Handler | undefined,
  ) {
    const reader = new BoundedReader(socket);
    const writer = new DirectWriter(socket);
    this.connection = createMessageConnection(reader, writer, silent);
    this.connection.onRequest((method, params, token) => this.answer(method, params, token));
    this.connection.onNotification((method, params) => {
      this.deliver(method, params);
    });
    this.connection.onError(() => {
      this.close();
    });
    this.connection.onClose(() => {
      this.close();
    });
    socket.on('error', () => {
      this.close();
    });
    this.connection.listen();
  }

  get isClosed(): boolean {
    return this.closed;
  }

  async request(method: string, params: object, options: RequestOptions = {}): Promise<unknown> {
    if (this.closed) throw new Failure('unreachable', { method }, 'connection closed');
    if (options.signal?.aborted ?? false) throw new Failure('cancelled', { method });
    const cancellation = new CancellationTokenSource();
    const timeoutMs = options.timeoutMs === undefined ? defaultTimeoutMs : options.timeoutMs;
    return await new Promise<unknown>((resolve, reject) => {
      const waiting: Waiting = {
        fail: (failure) => {
          settle();
          reject(failure);
        },
      };
      const timer =
        timeoutMs === null
          ? undefined
          : setTimeout(() => {
              cancellation.cancel();
              waiting.fail(new Failure('timeout', { method, ms: timeoutMs }));
            }, timeoutMs);
      const onAbort = (): void => {
        cancellation.cancel();
        waiting.fail(new Failure('cancelled', { method }));
      };
      const settle = (): void => {
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', onAbort);
        this.waiting.delete(waiting);
        cancellation.dispose();
      };
      options.signal?.addEventListener('abort', onAbort, { once: true });
      this.waiting.add(waiting);
      this.connection.sendRequest(method, ParameterStructures.byName, params, cancellation.token).then(
        (result) => {
          settle();
          resolve(result);
        },
        (error: unknown) => {
          settle();
          reject(fromWire(error));
        },
      );
    });
  }

  /** Sends and forgets; a closed or stuck connection is not the caller's trouble. */
  notify(method: string, params: object): void {
    if (this.closed) return;
    this.connection.sendNotification(method, ParameterStructures.byName, params).catch(() => {
      this.close();
    });
  }

  on(method: string, handle: (params: unknown) => void): { dispose(): void } {
    const handlers = this.notified.get(method) ?? new Set();
    this.notified.set(method, handlers);
    handlers.add(handle);
    return { dispose: () => handlers.delete(handle) };
  }

  onClose(handle: () => void): { dispose(): void } {
    if (this.closed) queueMicrotask(handle);
    else this.closeHandlers.add(handle);
    return { dispose: () => this.closeHandlers.delete(handle) };
  }

  /** Ends the connection at once; whoever waits for an answer is told. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    for (const waiting of [...this.waiting]) waiting.fail(new Failure('unreachable', {}, 'connection closed'));
    this.connection.dispose();
    this.socket.destroy();
    for (const handle of this.closeHandlers) handle();
    this.closeHandlers.clear();
  }

  /** Ends the connection once what is being answered has gone out. */
  end(): void {
    // An answer is written a few turns after its handler has returned.
    setTimeout(() => this.socket.end(), 50).unref();
    setTimeout(() => {
      this.close();
    }, 1000).unref();
  }

  /** Every handler hears it; what one throws goes to the connection's error log, not to the others. */
  private deliver(method: string, params: unknown): void {
    const thrown: unknown[] = [];
    for (const handle of this.notified.get(method) ?? []) {
      try {
        handle(params);
      } catch (error) {
        thrown.push(error);
      }
    }
    if (thrown.length > 0) throw new AggregateError(thrown, `handlers of ${method} failed`);
  }

  private async answer(
    method: string,
    params: unknown,
    token: { onCancellationRequested: CancelEvent },
  ): Promise<unknown> {
    const controller = new AbortController();
    const subscription = token.onCancellationRequested(() => {
      controller.abort();
    });
    try {
      if (this.handler === undefined) throw new Failure('unsupported', { method });
      return (await this.handler(method, params, controller.signal)) ?? null;
    } catch (error) {
      return toWire(error);
    } finally {
      subscription.dispose();
    }
  }
}

type CancelEvent = (listener: () => void) => { dispose(): void };

const silent = { error: () => undefined, warn: () => undefined, info: () => undefined, log: () => undefined };

function toWire(error: unknown): ResponseError<FailureData> {
  if (Failure.is(error)) return new ResponseError(applicationError, error.message, { ...error.data, code: error.code });
  return new ResponseError(applicationError, messageOf(error), { code: 'io', detail: messageOf(error) });
}

function fromWire(error: unknown): Failure {
  if (Failure.is(error)) return error;
  if (error instanceof ResponseError) {
    const data = error.data as (FailureData & { code?: string }) | undefined;
    if (typeof data?.code === 'string') {
      const { code, ...rest } = data;
      return new Failure(code as ErrorCode, rest, error.message);
    }
    if (error.code === methodNotFound) return new Failure('unsupported', {}, error.message);
  }
  return new Failure('unreachable', { detail: messageOf(error) }, messageOf(error));
}
