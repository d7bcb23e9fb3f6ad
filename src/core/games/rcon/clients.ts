import type { RconDialect } from '../../../shared/games.js';
import type { Disposable } from '../../ports.js';
import { RconClient } from './client.js';

export interface RconPlace {
  readonly host: string;
  readonly port: number;
  readonly dialect: RconDialect;
}

interface Known {
  readonly client: RconClient;
  readonly where: string;
  password: () => string;
}

/** One client per server, so that a connection and what was learnt of it outlive a command. */
export class RconClients implements Disposable {
  private readonly known = new Map<string, Known>();

  /** The server's client. password: see RconOptions; the one given last is asked. */
  of(id: string, place: RconPlace, password: () => string): RconClient {
    const where = JSON.stringify([place.host, place.port, place.dialect]);
    const before = this.known.get(id);
    if (before?.where === where) {
      before.password = password;
      return before.client;
    }
    before?.client.dispose();
    const { host, port, dialect } = place;
    const entry: Known = {
      client: new RconClient({ host, port, dialect, password: () => entry.password() }),
      where,
      password,
    };
    this.known.set(id, entry);
    return entry.client;
  }

  /** The server is no more. */
  forget(id: string): void {
    this.known.get(id)?.client.dispose();
    this.known.delete(id);
  }

  dispose(): void {
    for (const id of [...this.known.keys()]) this.forget(id);
  }
}
