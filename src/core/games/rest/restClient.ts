import { Failure } from '../../../shared/failure.js';
import type { RestTalk } from '../adapter.js';
import type { Bounds, Request } from './exchange.js';
import { bodyOf } from './restBody.js';
import { RestLine } from './restLine.js';

/** password: asked for each request; what it throws (secret-missing) is what the request rejects with. */
export interface RestPlace {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  password(this: void): string;
}

/** signal: as of a talk; ms: until the deadline, which holds for all of a talk together. */
export interface RestBounds {
  readonly signal: AbortSignal;
  readonly ms: number;
}

/** HTTP interfaces of games. Each place has a connection of its own, so that one that hangs keeps nobody else waiting. */
export class RestClients {
  private readonly kept = new Map<string, RestLine>();
  private readonly all = new Set<RestLine>();
  private isDisposed = false;

  /** Opens nothing before something is asked. */
  talk(place: RestPlace, { signal, ms }: RestBounds): RestTalk {
    const bounds: Bounds = { signal, endsAt: performance.now() + ms };
    return {
      ...{ signal, ms },
      get: async (path) => await this.get(place, path, bounds),
      post: async (path, body) => await this.post(place, path, body, bounds),
    };
  }

  /** Ends all connections and every wait at once. */
  async dispose(): Promise<void> {
    this.isDisposed = true;
    this.kept.clear();
    await Promise.all([...this.all].map((line) => this.end(line)));
  }

  private async get(place: RestPlace, path: string, bounds: Bounds): Promise<unknown> {
    const where = JSON.stringify([place.host, place.port, place.user]);
    const line = this.kept.get(where) ?? this.line(place);
    this.kept.set(where, line);
    return await answerOf(line, { method: 'GET', path, headers: headersOf(place), body: null }, bounds);
  }

  /**
   * On a connection of its own: one that is kept may be closed by the other side at this very moment, and then nobody
   * would know whether it was heard.
   */
  private async post(place: RestPlace, path: string, body: object | undefined, bounds: Bounds): Promise<unknown> {
    const headers = { ...headersOf(place), ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    const line = this.line(place);
    try {
      const text = body === undefined ? null : JSON.stringify(body);
      return await answerOf(line, { method: 'POST', path, headers, body: text }, bounds);
    } finally {
      void this.end(line);
    }
  }

  private line({ host, port }: RestPlace): RestLine {
    if (this.isDisposed) throw new Failure('cancelled', { port });
    const line = new RestLine({ host, port });
    this.all.add(line);
    return line;
  }

  private async end(line: RestLine): Promise<void> {
    this.all.delete(line);
    await line.close();
  }
}

async function answerOf(line: RestLine, request: Request, bounds: Bounds): Promise<unknown> {
  const body = await line.ask(request, bounds);
  try {
    return bodyOf(body);
  } catch (error) {
    if (!Failure.is(error)) throw error;
    throw new Failure(error.code, { port: line.place.port, ...error.data, isSent: true });
  }
}

function headersOf({ user, password }: RestPlace): Record<string, string> {
  const credentials = Buffer.from(`${user}:${password()}`).toString('base64');
  return { accept: 'application/json', authorization: `Basic ${credentials}` };
}
