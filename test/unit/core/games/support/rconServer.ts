import { once } from 'node:events';
import net from 'node:net';

/** Its own reading and writing of packets, so that a mistake of the client's is not made here too. */
export function packet(id: number, type: number, body: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(body);
  const head = Buffer.alloc(12);
  head.writeInt32LE(bytes.length + 10, 0);
  head.writeInt32LE(id, 4);
  head.writeInt32LE(type, 8);
  return Buffer.concat([head, bytes, Buffer.from([0, 0])]);
}

export interface Asked {
  readonly id: number;
  readonly type: number;
  readonly body: string;
}

function asked(bytes: Buffer): Asked {
  return { id: bytes.readInt32LE(4), type: bytes.readInt32LE(8), body: bytes.toString('utf8', 12, bytes.length - 2) };
}

/** What a game says to a command: text, or bytes where they are to be no text. null: nothing at all, ever. */
type Say = (command: string) => string | Buffer | null | Promise<string | Buffer | null>;

export interface GameOptions {
  readonly password: string;
  readonly say: Say;
  /** The longest body of its packets, where the game cuts by bytes. */
  readonly packetBytes?: number;
  /** How its bytes are cut when they go out; each piece goes as a segment of its own. */
  readonly cut?: (bytes: Buffer) => Buffer[];
}

/** One accepted connection, as a game's own code sees it. */
export interface Session {
  readonly socket: net.Socket;
  write(...packets: Buffer[]): void;
}

export interface FakeRcon {
  readonly port: number;
  /** Commands, in the order in which they were carried out. */
  readonly heard: string[];
  readonly passwords: string[];
  readonly sessions: Session[];
  /** Packets that were neither. */
  readonly others: Asked[];
  close(): Promise<void>;
}

/** How a game deals with one connection. It gets every chunk as TCP delivers it. */
type Behaviour = (session: Session, options: GameOptions, log: FakeRcon) => (chunk: Buffer) => void;

/** Cuts what comes into packets, for the games that read their socket as a stream. */
function streamed(take: (asked: Asked, rest: Buffer) => void): (chunk: Buffer) => void {
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 4 && held.length >= held.readInt32LE(0) + 4) {
      const end = held.readInt32LE(0) + 4;
      const one = asked(held.subarray(0, end));
      held = held.subarray(end);
      take(one, held);
    }
  };
}

function pieces(bytes: Buffer, length: number): Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += length) all.push(bytes.subarray(at, at + length));
  return all;
}

/** An empty packet goes before the word on the password; long answers are cut anywhere, also within a character. */
const source: Behaviour = (session, { password, say, packetBytes = 4086 }, log) => {
  let isIn = false;
  let last: Promise<void> = Promise.resolve();
  return streamed(({ id, type, body }) => {
    if (type === 3) {
      log.passwords.push(body);
      isIn = body === password;
      session.write(packet(id, 0), packet(isIn ? id : -1, 2));
    } else if (type === 2 && isIn) {
      log.heard.push(body);
      last = last.then(async () => {
        const text = await say(body);
        if (text !== null)
          session.write(...pieces(Buffer.from(text), packetBytes).map((piece) => packet(id, 0, piece)));
      });
    } else if (type === 0 && isIn) {
      last = last.then(() => {
        session.write(packet(id, 0), packet(id, 0, Buffer.from([0, 0, 0, 1, 0, 0, 0, 0])));
      });
    } else {
      log.others.push({ id, type, body });
    }
  });
};

/** What Java makes of a text that is cut between the two halves of a character: a question mark for each. */
function javaBytes(text: string): Buffer {
  return Buffer.from(text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?'));
}

/**
 * One thread per connection: it reads once, at most 1460 bytes, and leaves unless that is exactly one packet. It reads
 * again when it has answered, and finds then what has gathered meanwhile.
 */
const minecraft: Behaviour = (session, { password, say }, log) => {
  let isIn = false;
  let isBusy = false;
  let gathered: Buffer = Buffer.alloc(0);
  const carryOut = async ({ id, type, body }: Asked): Promise<void> => {
    if (type === 3) {
      log.passwords.push(body);
      isIn = body !== '' && body === password;
      session.write(packet(isIn ? id : -1, 2));
    } else if (type === 2 && isIn) {
      log.heard.push(body);
      const said = await say(body);
      if (said === null) return new Promise(() => undefined);
      const text = said.toString();
      for (let at = 0; at === 0 || at < text.length; at += 4096)
        session.write(packet(id, 0, javaBytes(text.slice(at, at + 4096))));
    } else if (type === 2) {
      session.write(packet(-1, 2));
    } else {
      log.others.push({ id, type, body });
      session.write(packet(id, 0, `Unknown request ${type.toString(16)}`));
    }
  };
  const read = (): void => {
    if (isBusy || gathered.length === 0) return;
    const bytes = gathered.subarray(0, 1460);
    gathered = gathered.subarray(1460);
    if (bytes.length < 10 || bytes.readInt32LE(0) !== bytes.length - 4) {
      session.socket.destroy();
      return;
    }
    isBusy = true;
    void carryOut(asked(bytes)).then(() => {
      isBusy = false;
      read();
    });
  };
  return (chunk) => {
    gathered = Buffer.concat([gathered, chunk]);
    read();
  };
};

/** Never says a word again when anything follows a command before its answer; says something on its own now and then. */
const ark: Behaviour = (session, { password, say, packetBytes = 4086 }, log) => {
  let isIn = false;
  let isMute = false;
  let isBusy = false;
  return streamed(({ id, type, body }, rest) => {
    isMute ||= isBusy || rest.length > 0;
    if (isMute) return;
    if (type === 3) {
      log.passwords.push(body);
      isIn = body === password;
      session.write(packet(isIn ? id : -1, 2));
    } else if (isIn && type === 2) {
      log.heard.push(body);
      isBusy = true;
      setTimeout(() => {
        void Promise.resolve(say(body)).then((text) => {
          isBusy = false;
          if (isMute || text === null) return;
          session.write(packet(0, 0, 'Keep Alive'));
          session.write(...pieces(Buffer.from(text), packetBytes).map((piece) => packet(id, 0, piece)));
          session.write(packet(0, 0, 'Keep Alive'));
        });
      }, 20);
    } else {
      log.others.push({ id, type, body });
    }
  });
};

/** One packet of any length to each command; hears nothing else, and leaves over a long question. */
const factorio: Behaviour = (session, { password, say }, log) => {
  let isIn = false;
  return streamed(({ id, type, body }) => {
    if (type === 3) {
      log.passwords.push(body);
      isIn = body === password;
      session.write(packet(isIn ? id : -1, 2));
    } else if (Buffer.byteLength(body) > 4096) {
      session.socket.destroy();
    } else if (isIn && type === 2) {
      log.heard.push(body);
      void Promise.resolve(say(body)).then((text) => {
        if (text !== null) session.write(packet(id, 0, text));
      });
    } else {
      log.others.push({ id, type, body });
    }
  });
};

/** Answers with identifier 0, and sends as many bytes as the text has characters where it has announced all its bytes. */
const palworld: Behaviour = (session, { password, say }, log) => {
  let isIn = false;
  return streamed(({ id, type, body }) => {
    if (type === 3) {
      log.passwords.push(body);
      isIn = body === password;
      session.write(packet(isIn ? 0 : -1, 2));
    } else if (isIn && type === 2) {
      log.heard.push(body);
      void Promise.resolve(say(body)).then((text) => {
        if (text === null) return;
        const whole = packet(0, 0, text);
        const missing = Buffer.byteLength(text) - text.length;
        session.write(missing === 0 ? whole : whole.subarray(0, whole.length - 2 - missing));
      });
    } else {
      log.others.push({ id, type, body });
    }
  });
};

const behaviours = { source, minecraft, ark, factorio, palworld };
export type FakeGame = keyof typeof behaviours;

/** A game's RCON as the game's own code does it, on a port of its own. */
export async function fakeRcon(game: FakeGame | Behaviour, options: Partial<GameOptions> = {}): Promise<FakeRcon> {
  const behave = typeof game === 'function' ? game : behaviours[game];
  const whole: GameOptions = { password: 'swordfish', say: (command) => `said ${command}`, ...options };
  const server = net.createServer((socket) => {
    socket.setNoDelay(true).on('error', () => undefined);
    let sending = Promise.resolve();
    const session: Session = {
      socket,
      write: (...packets) => {
        const bytes = Buffer.concat(packets);
        if (whole.cut === undefined) socket.write(bytes);
        else sending = sending.then(() => inPieces(socket, whole.cut!(bytes)));
      },
    };
    fake.sessions.push(session);
    const take = behave(session, whole, fake);
    socket.on('data', take);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const fake: FakeRcon = {
    port: (server.address() as net.AddressInfo).port,
    ...{ heard: [], passwords: [], sessions: [], others: [] },
    async close() {
      for (const { socket } of this.sessions) socket.destroy();
      if (!server.listening) return;
      server.close();
      await once(server, 'close');
    },
  };
  return fake;
}

/** Each piece in a turn of its own: TCP has no reason to join them. */
async function inPieces(socket: net.Socket, all: Buffer[]): Promise<void> {
  for (const piece of all) {
    socket.write(piece);
    await new Promise(setImmediate);
  }
}

/** Something that speaks no RCON at all, or speaks it wrongly: it gets the socket, and each packet where it wants them. */
export async function hostile(
  onConnect: (socket: net.Socket) => void,
  onPacket: (asked: Asked, socket: net.Socket) => void = () => undefined,
): Promise<FakeRcon> {
  return await fakeRcon((session) => {
    onConnect(session.socket);
    return streamed((one) => {
      onPacket(one, session.socket);
    });
  });
}
