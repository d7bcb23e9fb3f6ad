import type { Definition } from '../../../shared/contract.js';
import type { Effective } from '../../../shared/definition.js';
import { Failure } from '../../../shared/failure.js';
import type { PasswordKey } from '../../../shared/secrets.js';
import type { Via } from '../../ports.js';
import type { Ask, LineTalk, Reading, RestTalk, Talks } from '../adapter.js';
import { EconClient } from '../econ.js';
import type { RconClients } from '../rcon/clients.js';
import { Rejected } from './rejected.js';
import type { Bounds } from './within.js';

interface Place {
  readonly host: string;
  readonly port: number;
}

/** What holds talks over HTTP. Its owner disposes of it. */
export interface RestTalks {
  talk(place: Place & { readonly user: string; readonly password: () => string }, bounds: Bounds): RestTalk;
}

/** What holds connections to admin ports, one per server. Its owner disposes of it. */
export interface AdminConsoles {
  of(
    id: string,
    place: Place,
    password: () => string,
  ): { say(line: string, options: Bounds & { readonly endsGame: boolean }): Promise<string | null> };
  /** The server has ended. */
  forget?(id: string): void;
}

export interface WaysOptions {
  secret(this: void, definition: Definition, key: PasswordKey): string | undefined;
  readonly rcon: RconClients;
  readonly rest: RestTalks;
  readonly admin: AdminConsoles;
  /** Milliseconds for which a rejected password is not said again. */
  readonly rejectedMs: number;
}

const ports = {
  rest: 'restPort',
  rcon: 'rconPort',
  query: 'queryPort',
  econ: 'econPort',
  admin: 'adminPort',
} as const satisfies Record<Via, keyof NonNullable<Definition['connection']>>;

/** Where a way leads; null where it is not set up. A password that is missing makes no difference. */
export function placeOf({ connection, game }: Effective, via: Via): Place | null {
  const { host = '127.0.0.1', [ports[via]]: port } = connection;
  return port === undefined || (via === 'rcon' && game.rcon === undefined) ? null : { host, port };
}

/** Those asks whose way is set up, in their order. */
export function setUp<T>(effective: Effective, asks: readonly Ask<T>[]): Ask<T>[] {
  return asks.filter(({ via }) => placeOf(effective, via) !== null);
}

/** One conversation with a server. */
export interface Conversation extends Bounds {
  readonly effective: Effective;
  readonly restUser: string;
  /** Somebody waits for it. */
  readonly isWish: boolean;
  /** What the reading told last, where that may stand for a part of it. */
  readonly previous?: Reading | undefined;
  /** Set where the game has heard something that may have changed it. */
  wasHeard: boolean;
}

/** Makes the talks, and knows the passwords. */
export class Ways {
  private readonly rejected: Rejected;

  constructor(private readonly options: WaysOptions) {
    this.rejected = new Rejected(options.rejectedMs);
  }

  /** Rejects as the ask does; bad-reply, timeout and whatever else. */
  async run<T>(ask: Ask<T>, conversation: Conversation): Promise<T> {
    switch (ask.via) {
      case 'rest':
        return await ask.run(this.rest(conversation));
      case 'rcon':
        return await ask.run(this.rcon(conversation));
      case 'econ':
        return await ask.run(this.econ(conversation));
      case 'admin':
        return await ask.run(this.admin(conversation));
      case 'query':
        return await ask.run({ ...this.place(conversation, 'query'), ...boundsOf(conversation) });
    }
  }

  /** The server has ended: what was learnt of its life does not hold for the next. */
  forget(id: string): void {
    this.rejected.forget(id);
    this.options.rcon.forget(id);
    this.options.admin.forget?.(id);
  }

  private rest(conversation: Conversation): Talks['rest'] {
    const { restUser: user, previous } = conversation;
    const place = this.place(conversation, 'rest');
    const login = this.login(conversation, 'restPassword');
    const bounds = boundsOf(conversation);
    const talk = this.options.rest.talk({ ...place, user, password: login.password }, bounds);
    return {
      ...bounds,
      ...(previous === undefined ? {} : { previous }),
      get: async (path) => await login.watch(talk.get(path)),
      post: async (path, body) => await heard(conversation, login.watch(talk.post(path, body))),
    };
  }

  /** Its client remembers by itself which password was rejected. */
  private rcon(conversation: Conversation): LineTalk {
    const { effective, signal, ms, isWish: isUrgent } = conversation;
    const { definition, game } = effective;
    const place = { ...this.place(conversation, 'rcon'), dialect: game.rcon ?? 'source' };
    return lineTalk(conversation, async (line, endsGame) => {
      const client = this.options.rcon.of(definition.id, place, () => this.password(definition, 'rconPassword'));
      return await client.command(line, { ms, signal, isUrgent, endsGame });
    });
  }

  private econ(conversation: Conversation): LineTalk {
    const place = this.place(conversation, 'econ');
    const login = this.login(conversation, 'econPassword');
    return lineTalk(conversation, async (line) => {
      const client = new EconClient({ ...place, password: login.password() });
      return await login.watch(client.command(line, boundsOf(conversation)));
    });
  }

  private admin(conversation: Conversation): LineTalk {
    const place = this.place(conversation, 'admin');
    const login = this.login(conversation, 'adminPassword');
    return lineTalk(conversation, async (line, endsGame) => {
      const console = this.options.admin.of(conversation.effective.definition.id, place, login.password);
      return await login.watch(console.say(line, { ...boundsOf(conversation), endsGame }));
    });
  }

  private place({ effective }: Conversation, via: Via): Place {
    const place = placeOf(effective, via);
    if (place === null) throw new Failure('unsupported', { via });
    return place;
  }

  /** The password, unless it was rejected a moment ago; `watch` notes whether it was. */
  private login(
    { effective: { definition } }: Conversation,
    key: PasswordKey,
  ): { password: () => string; watch: <T>(talk: Promise<T>) => Promise<T> } {
    let said: string | undefined;
    return {
      password: () => {
        const password = this.password(definition, key);
        this.rejected.check(definition.id, key, password);
        said = password;
        return password;
      },
      watch: async (talk) => {
        try {
          return await talk;
        } catch (error) {
          if (Failure.is(error, 'auth-rejected') && said !== undefined) this.rejected.note(definition.id, key, said);
          throw error;
        }
      },
    };
  }

  private password(definition: Definition, key: PasswordKey): string {
    const known = this.options.secret(definition, key);
    if (known === undefined) throw new Failure('secret-missing', { id: definition.id, key });
    return known;
  }
}

const boundsOf = ({ signal, ms }: Bounds): Bounds => ({ signal, ms });

function lineTalk(
  conversation: Conversation,
  say: (line: string, endsGame: boolean) => Promise<string | null>,
): LineTalk {
  return {
    ...boundsOf(conversation),
    say: async (line, { endsGame = false } = {}) => await heard(conversation, say(line, endsGame)),
  };
}

/** Notes that the game has, or may have, taken what was said. */
async function heard<T>(conversation: Conversation, said: Promise<T>): Promise<T> {
  try {
    const answer = await said;
    conversation.wasHeard = true;
    return answer;
  } catch (error) {
    if (Failure.is(error) && error.data.isSent === true) conversation.wasHeard = true;
    throw error;
  }
}
