import fs from 'node:fs';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { OwnSettings } from '../../../../src/core/ports.js';
import { byProtection, keepingFor, type Keeping } from '../../../../src/core/secrets/keeping.js';
import type { SecretTable } from '../../../../src/core/secrets/secretFile.js';
import { Secrets, type SecretsOptions } from '../../../../src/core/secrets/secrets.js';
import type { Definition } from '../../../../src/shared/contract.js';
import { failing, thrownBy } from '../../node/support/failing.js';
import { useTempFolder } from '../../node/support/tempFolder.js';

const at = useTempFolder();
let changed: string[];
let logged: string[];
let own: OwnSettings | undefined;
beforeEach(() => {
  changed = [];
  logged = [];
  own = undefined;
  fs.mkdirSync(at(), { recursive: true });
});

const server: Definition = {
  id: 'survival',
  name: 'Survival',
  game: 'minecraft',
  launch: { command: '/bin/true' },
  connection: { rconPort: 25_575 },
};

const given = (value: string, when: number): SecretTable =>
  new Map([['survival', new Map([['rconPassword', { value, at: when }]])]]);

function secrets(table: SecretTable = new Map(), keeping: Keeping | undefined = keepingFor('linux')): Secrets {
  return new Secrets({ ...options(), keeping, given: table });
}

function options(): Omit<SecretsOptions, 'keeping'> {
  return {
    ...{ dataDir: at(), given: new Map() },
    log: { write: (level, tag, text) => logged.push(`${level} ${tag} ${text}`) },
    own: () => own,
    changed: (id) => changed.push(id),
  };
}

const file = (): string => at('secrets.json');
const ownPassword = (value: string, when: number): OwnSettings => ({
  passwords: { rconPassword: value },
  ports: {},
  at: when,
});

describe('a secret', () => {
  test('that nobody knows is missing where a port asks for it', () => {
    const some = secrets();
    expect(some.get(server, 'rconPassword')).toBeUndefined();
    expect(some.missing(server)).toEqual(['rconPassword']);
    expect(some.missing({ ...server, connection: { host: 'localhost', queryPort: 5 } })).toEqual([]);
    const { connection: _, ...without } = server;
    expect(some.missing(without)).toEqual([]);
    const all = { restPort: 1, rconPort: 2, telnetPort: 3, econPort: 4, adminPort: 5 };
    expect(some.missing({ ...server, connection: all })).toEqual([
      ...['restPassword', 'rconPassword', 'telnetPassword', 'econPassword', 'adminPassword'],
    ]);
  });

  test('that was set is known, told, and gone with null', () => {
    const some = secrets();
    some.set('survival', 'rconPassword', 'hunter2');
    expect(some.get(server, 'rconPassword')).toBe('hunter2');
    expect(some.missing(server)).toEqual([]);
    expect(some.get({ ...server, id: 'other' }, 'rconPassword')).toBeUndefined();
    some.set('survival', 'rconPassword', null);
    expect(some.missing(server)).toEqual(['rconPassword']);
    expect(changed).toEqual(['survival', 'survival']);
  });

  test('of a webhook is found by its name', () => {
    const some = secrets();
    some.set('alerts', 'webhook.main', 'https://example.org/x');
    expect(some.kept('alerts', 'webhook.main')).toBe('https://example.org/x');
  });

  test('of a webhook stays when a server goes that is called as they are kept', () => {
    const some = secrets();
    some.set('alerts', 'webhook.main', 'https://example.org/x');
    some.set('alerts', 'rconPassword', 'hunter2');
    some.forget('alerts');
    expect(some.kept('alerts', 'webhook.main')).toBe('https://example.org/x');
    expect(some.kept('alerts', 'rconPassword')).toBeUndefined();
  });

  test('goes with its server', () => {
    const some = secrets();
    some.remember(true);
    some.set('survival', 'rconPassword', 'hunter2');
    some.set('other', 'rconPassword', 'other-one');
    some.forget('survival');
    expect(some.missing(server)).toEqual(['rconPassword']);
    expect(fs.readFileSync(file(), 'utf8')).not.toContain('hunter2');
    expect(fs.readFileSync(file(), 'utf8')).toContain('other-one');
  });

  test.each([
    ['rconPassword', ''],
    ['rconPassword', 'two\nlines'],
    ['rconPassword', 'two\rlines'],
    ['rconPassword', 'a\0b'],
    ['rconPassword', 'x'.repeat(1025)],
    ['password', 'hunter2'],
    ['webhook.', 'hunter2'],
    ['__proto__', 'hunter2'],
  ])('%s cannot be %j, and the answer does not repeat it', (key, value) => {
    const thrown = thrownBy(() => {
      secrets().set('survival', key, value);
    });
    expect(thrown).toSatisfy(failing('invalid-definition'));
    if (value !== '') expect(JSON.stringify((thrown as { data: unknown }).data)).not.toContain(JSON.stringify(value));
    expect(changed).toEqual([]);
  });

  test('may be 1024 characters long; there may be 500, and a known one may still change', () => {
    const some = secrets();
    for (let n = 0; n < 500; n++) some.set(`server-${n}`, 'rconPassword', 'x'.repeat(1024));
    const set = (id: string): unknown =>
      thrownBy(() => {
        some.set(id, 'rconPassword', 'new');
      });
    expect(set('one-more')).toSatisfy(failing('invalid-definition', { field: 'key' }));
    expect(set('server-7')).toBeUndefined();
  });
});

describe('where several know one', () => {
  const now = Date.now();
  const before = now - 60_000;
  const after = now + 60_000;

  test.each([
    { own: undefined, given: undefined, expected: 'window' },
    { own: before, given: undefined, expected: 'window' },
    { own: after, given: undefined, expected: 'own' },
    { own: undefined, given: before, expected: 'window' },
    { own: undefined, given: after, expected: 'given' },
    { own: before, given: before, expected: 'window' },
    { own: after, given: before, expected: 'own' },
  ])('the one that was set last counts: %j', (row) => {
    const some = secrets(row.given === undefined ? undefined : given('given', row.given));
    some.set('survival', 'rconPassword', 'window');
    own = row.own === undefined ? undefined : ownPassword('own', row.own);
    expect(some.get(server, 'rconPassword')).toBe(row.expected);
  });

  test('set at the same time, the game’s own file counts before what was handed over', () => {
    own = ownPassword('own', 1000);
    expect(secrets(given('given', 1000)).get(server, 'rconPassword')).toBe('own');
    own = undefined;
    expect(secrets(given('given', 1000)).get(server, 'rconPassword')).toBe('given');
  });

  test('a window that sends again what it has makes that no newer', () => {
    vi.useFakeTimers({ now: before });
    try {
      const some = secrets();
      some.set('survival', 'rconPassword', 'window');
      own = ownPassword('own', before + 10_000);
      vi.setSystemTime(before + 20_000);
      some.set('survival', 'rconPassword', 'window');
      expect(some.get(server, 'rconPassword')).toBe('own');
      expect(changed).toEqual(['survival']);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('remembering', () => {
  test('is not done unasked', () => {
    secrets().set('survival', 'rconPassword', 'hunter2');
    expect(fs.readdirSync(at())).toEqual([]);
  });

  test('keeps what was set before and after in a file for this user alone; the next process knows it', () => {
    const some = secrets(given('given', 0));
    some.set('survival', 'rconPassword', 'hunter2');
    some.remember(true);
    some.set('survival', 'restPassword', 'other-one');
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(at())).toEqual(['secrets.json']);
    expect(fs.readFileSync(file(), 'utf8')).not.toContain('given');
    const next = secrets();
    next.remember(true);
    expect(next.get(server, 'rconPassword')).toBe('hunter2');
    expect(next.redact('hunter2 other-one')).toBe('*** ***');
    expect(changed.at(-1)).toBe('survival');
  });

  test('what stands in the game’s own file is kept nowhere', () => {
    own = ownPassword('in-the-file', 1000);
    const some = secrets();
    some.remember(true);
    expect(some.get(server, 'rconPassword')).toBe('in-the-file');
    some.set('survival', 'restPassword', 'hunter2');
    expect(fs.readFileSync(file(), 'utf8')).not.toContain('in-the-file');
    expect(some.redact('in-the-file')).toBe('***');
  });

  test('what was set since counts, not what an earlier process had', () => {
    const earlier = secrets();
    earlier.remember(true);
    earlier.set('survival', 'rconPassword', 'stale');
    const some = secrets();
    some.set('survival', 'rconPassword', 'fresh');
    some.remember(true);
    expect(some.get(server, 'rconPassword')).toBe('fresh');
    expect(fs.readFileSync(file(), 'utf8')).not.toContain('stale');
  });

  test('switched off takes the file away, and what a killed process has left beside it', () => {
    const some = secrets();
    some.remember(true);
    some.set('survival', 'rconPassword', 'hunter2');
    fs.writeFileSync(at('.secrets.json.0123.tmp'), 'hunter2');
    fs.writeFileSync(at('servers.json'), '{}');
    some.remember(false);
    expect(fs.readdirSync(at())).toEqual(['servers.json']);
    expect(some.get(server, 'rconPassword')).toBe('hunter2');
    some.set('survival', 'rconPassword', 'hunter3');
    expect(fs.readdirSync(at())).toEqual(['servers.json']);
  });

  test('a file that others can read is closed to them', () => {
    const some = secrets();
    some.remember(true);
    some.set('survival', 'rconPassword', 'hunter2');
    fs.chmodSync(file(), 0o644);
    secrets().remember(true);
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
  });

  test.each(['', 'hunter2', '{"a":5}'])('a file that holds %j is said to be unreadable, and replaced', (text) => {
    fs.writeFileSync(file(), text, { mode: 0o600 });
    const some = secrets();
    some.remember(true);
    expect(logged).toEqual(['warn secrets what was remembered is not readable']);
    some.set('survival', 'rconPassword', 'new-one');
    expect(fs.readFileSync(file(), 'utf8')).toContain('new-one');
  });

  test('that fails says io; the secret is in force all the same', () => {
    const some = secrets();
    some.remember(true);
    const failure = vi.spyOn(fs, 'renameSync').mockImplementation(() => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    });
    const thrown = thrownBy(() => {
      some.set('survival', 'rconPassword', 'hunter2');
    });
    failure.mockRestore();
    expect(thrown).toSatisfy(failing('io', { file: file(), detail: 'ENOSPC' }));
    expect(some.get(server, 'rconPassword')).toBe('hunter2');
    expect(changed).toEqual(['survival']);
    expect(fs.readdirSync(at())).toEqual([]);
  });

  test('is not done where others could read the file', () => {
    const some = secrets();
    some.remember(true);
    const real = fs.statSync;
    const open = vi.spyOn(fs, 'statSync').mockImplementation(((name: string) => {
      const stat = real(name);
      stat.mode |= 0o077;
      return stat;
    }) as typeof fs.statSync);
    const thrown = thrownBy(() => {
      some.set('survival', 'rconPassword', 'hunter2');
    });
    open.mockRestore();
    expect(thrown).toSatisfy(failing('io', { detail: 'others can read it' }));
    expect(fs.readdirSync(at())).toEqual([]);
  });

  test('is refused where nothing keeps it from others, as on Windows without its native part', () => {
    expect(keepingFor('win32')).toBeUndefined();
    const some = new Secrets({ ...options(), keeping: keepingFor('win32') });
    const thrown = thrownBy(() => {
      some.remember(true);
    });
    expect(thrown).toSatisfy(failing('unsupported'));
    some.set('survival', 'rconPassword', 'hunter2');
    expect(fs.readdirSync(at())).toEqual([]);
  });
});

describe('what is remembered in protected bytes, as on Windows,', () => {
  /** Turns every bit; `user` stands before it. */
  const protection = (user: number): Keeping => {
    const turned = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ 0xff));
    return byProtection(
      (plain) => Buffer.concat([Buffer.of(user), turned(plain)]),
      (hidden) => (hidden[0] === user ? turned(hidden.subarray(1)) : undefined),
    );
  };
  const rememberedBy = (user: number): Secrets => {
    const some = secrets(undefined, protection(user));
    some.remember(true);
    return some;
  };

  test('is no plain text, and known to the next process', () => {
    rememberedBy(1).set('survival', 'rconPassword', 'hunter2');
    const text = fs.readFileSync(file(), 'utf8');
    expect(text).toMatch(/^\{"protected":"[A-Za-z0-9+/=]+"\}\n$/);
    expect(text).not.toContain('hunter2');
    expect(rememberedBy(1).get(server, 'rconPassword')).toBe('hunter2');
    expect(logged).toEqual([]);
  });

  test('is nothing for another user: that is said, the passwords are missing, the file stays', () => {
    rememberedBy(1).set('survival', 'rconPassword', 'hunter2');
    const theirs = fs.readFileSync(file());
    const some = rememberedBy(2);
    expect(some.missing(server)).toEqual(['rconPassword']);
    expect(logged).toEqual(['warn secrets what was remembered is not readable']);
    expect(fs.readFileSync(file())).toEqual(theirs);
    some.set('survival', 'rconPassword', 'other');
    expect(fs.readFileSync(at('secrets.json.foreign'))).toEqual(theirs);
    expect(rememberedBy(2).get(server, 'rconPassword')).toBe('other');
    expect(fs.readFileSync(at('secrets.json.foreign'))).toEqual(theirs);
    some.remember(false);
    expect(fs.readdirSync(at())).toEqual([]);
  });

  test.each(['', '{', '{"protected":"?"}', '{"survival":{"rconPassword":"hunter2"}}'])(
    'is not read from %j',
    (text) => {
      fs.writeFileSync(file(), text);
      expect(rememberedBy(1).missing(server)).toEqual(['rconPassword']);
      expect(logged).toEqual(['warn secrets what was remembered is not readable']);
      expect(fs.readFileSync(file(), 'utf8')).toBe(text);
    },
  );
});
