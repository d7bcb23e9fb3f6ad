import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DiscordPayload } from '../../../../../src/core/alerts/webhooks/discord.js';
import type { GenericPayload } from '../../../../../src/core/alerts/webhooks/generic.js';
import type { Telling } from '../../../../../src/core/alerts/webhooks/message.js';
import { webhookTargets, type WebhookTarget } from '../../../../../src/core/alerts/webhooks/targets.js';
import { Webhooks } from '../../../../../src/core/alerts/webhooks/webhooks.js';
import type { Alert, ServerView } from '../../../../../src/shared/contract.js';
import { alert as anAlert, view } from '../../../extension/fixtures.js';
import { useTempFolder } from '../../../node/support/tempFolder.js';
import { FakeTarget, type Mode } from './support/fakeTarget.js';

type Setting = NonNullable<Parameters<typeof webhookTargets>[0]>[number];

const at = useTempFolder();
const secretPath = '/api/webhooks/123456789/Token-which_is_secret';

let fake: FakeTarget;
let other: FakeTarget;
let addresses: Record<string, string | undefined>;
let settings: readonly WebhookTarget[];
let language: 'en' | 'ko';
let servers: Record<string, ServerView>;
let logged: string[];
let notices: string[];
let attemptMs: number;
let webhooks: Webhooks;
let last = 0;

function open(...set: Setting[]): Webhooks {
  fs.mkdirSync(at('.'), { recursive: true });
  settings = webhookTargets(set);
  return again();
}

/** As a later process would. */
function again(): Webhooks {
  webhooks = new Webhooks({
    dataDir: at('.'),
    log: { write: (level, tag, text, data) => logged.push(JSON.stringify([level, tag, text, data])) },
    targets: () => settings,
    address: (name) => addresses[name],
    language: () => language,
    server: (id) => servers[id],
    paused: (target, detail, until) =>
      notices.push(`paused ${target}: ${detail} (${until > Date.now() ? 'later' : 'past'})`),
    resumed: (target) => notices.push(`resumed ${target}`),
    attemptMs,
  });
  return webhooks;
}

function alertOf(change: Partial<Alert> = {}): Alert {
  last += 1;
  const now = Date.now();
  return anAlert({ id: `a${String(last)}`, firstAt: now, lastAt: now, ...change });
}

function tell(change: Partial<Alert> = {}, how: Partial<Telling> = {}): Alert {
  const alert = alertOf(change);
  webhooks.tell(alert, { reason: 'new', times: 1, ...how });
  return alert;
}

const generic = (name: string, more: Partial<Setting> = {}): Setting => ({ name, kind: 'generic', ...more });
const discord = (name: string, more: Partial<Setting> = {}): Setting => ({ name, kind: 'discord', ...more });
const answer = (status: number, headers: Record<string, string> = {}, body = ''): Mode => ({
  ...{ is: 'answer', status, headers, body },
});
const heard = (target = fake): GenericPayload[] => target.heard.map(({ body }) => JSON.parse(body) as GenericPayload);
const embeds = (target = fake): DiscordPayload[] => target.heard.map(({ body }) => JSON.parse(body) as DiscordPayload);
const statusOf = (name: string) => webhooks.list().find((status) => status.name === name)!;
const outbox = (): string => fs.readFileSync(at('outbox.json'), 'utf8');

async function hears(count: number, target = fake): Promise<void> {
  await vi.waitFor(() => {
    expect(target.heard.length).toBeGreaterThanOrEqual(count);
  }, 8000);
}

async function rests(name: string): Promise<void> {
  await vi.waitFor(() => {
    expect(statusOf(name).waiting).toBe(0);
  }, 8000);
}

beforeEach(async () => {
  [fake, other] = [await new FakeTarget().listen(), await new FakeTarget().listen()];
  addresses = { a: fake.url(secretPath), b: other.url(secretPath) };
  [language, servers, logged, notices] = ['en', {}, [], []];
  attemptMs = 400;
});

afterEach(async () => {
  await webhooks.dispose();
  await Promise.all([fake.close(), other.close()]);
});

describe('an alert', () => {
  test('is told in the payload of each target, in its language', async () => {
    open(discord('a', { language: 'ko' }), generic('b'));
    const alert = tell({ serverName: 'Survival' });
    await Promise.all([hears(1), hears(1, other)]);
    const [embed] = embeds()[0]!.embeds;
    expect(embed).toMatchObject({ title: 'Survival: 크래시', footer: { text: 'Survival · Game Server Panel' } });
    expect(heard(other)).toMatchObject([
      { kind: 'raised', language: 'en', alert: { id: alert.id, title: 'Survival crashed', count: 1 } },
    ]);
  });

  test('takes the language of the settings where the target has none, and the new one once that is another', async () => {
    open(generic('a'));
    tell();
    await hears(1);
    language = 'ko';
    tell();
    await hears(2);
    expect(heard().map((payload) => payload.language)).toEqual(['en', 'ko']);
  });

  test('is worded when it is settled what becomes of the server', async () => {
    open(generic('a'));
    servers = { demo: view({ state: 'crashed' }) };
    tell({ data: { cause: 'crash', code: 1, signal: null, restarts: true } });
    servers = { demo: view({ state: 'restarting', restarts: { used: 1, max: 3, nextAt: Date.now() + 15_400 } }) };
    await hears(1);
    expect(heard()[0]!.alert.fields).toContainEqual({ name: 'Restart', value: '2/3, in 15 s' });
  });

  test('that somebody has seen, or wants to hear nothing of, is told to nobody', async () => {
    open(generic('a'));
    tell({ state: 'acknowledged' });
    tell({ state: 'muted', mutedUntil: null });
    const alert = tell();
    await hears(1);
    expect(heard().map((payload) => payload.alert.id)).toEqual([alert.id]);
  });

  test('that cannot be told stops none of the others', async () => {
    open(generic('a'));
    Object.defineProperty(servers, 'bad', {
      get: () => {
        throw new Error('no view');
      },
    });
    tell({ server: 'bad' });
    const alert = tell();
    await hears(1);
    expect(heard().map((payload) => payload.alert.id)).toEqual([alert.id]);
    expect(logged.join()).toContain('no view');
  });

  test('that counts on while it waits is one message, and nothing of it is "since the last message"', async () => {
    addresses.a = undefined;
    open(generic('a'));
    const [firstAt, lastAt] = [Date.now() - 60_000, Date.now()];
    const { id } = tell();
    for (let count = 2; count <= 5; count++) tell({ id, count, firstAt, lastAt }, { reason: 'again' });
    await vi.waitFor(() => {
      expect(statusOf('a').waiting).toBe(1);
    });
    addresses.a = fake.url(secretPath);
    webhooks.addressChanged('a');
    await hears(1);
    expect(heard()).toMatchObject([{ kind: 'raised', alert: { id, count: 5 } }]);
    expect(heard()[0]!.alert.text).toContain('5 times in 1 min.');
    tell({ id, count: 7, firstAt, lastAt }, { reason: 'again', times: 2 });
    await hears(2);
    expect(heard()[1]).toMatchObject({ kind: 'again', alert: { count: 7 } });
    expect(heard()[1]!.alert.text).toContain('2 of them since the last message.');
  });
});

test('a burst of one matter is one message: the latest count, and all its times; its end comes after it', async () => {
  open(generic('a'));
  const burst = alertOf({ count: 3 });
  for (const [count, reason] of [
    [3, 'again'],
    [4, 'again'],
    [6, 'worse'],
  ] as const) {
    webhooks.tell({ ...burst, count }, { reason, times: 2 });
  }
  await hears(1);
  expect(heard().map(({ kind, alert }) => [kind, alert.count])).toEqual([['again', 6]]);
  expect(JSON.stringify(heard()[0])).toContain('6');
  const short = tell({ count: 1 });
  webhooks.tell({ ...short, state: 'resolved' }, { reason: 'over', times: 0 });
  await hears(2);
  expect(heard().at(-1)).toMatchObject({ kind: 'resolved', alert: { id: short.id } });
});

describe('who hears of what', () => {
  const told = async (set: Setting, alerts: [Partial<Alert>, Partial<Telling>?][]): Promise<string[]> => {
    open(set, generic('b'));
    for (const [change, how] of alerts) tell(change, how);
    // Who hears of everything tells when all is told.
    await hears(alerts.length, other);
    await rests('a');
    return heard().map(({ alert, kind }) => `${alert.id} ${kind}`);
  };

  test('of warnings only who wants them', async () => {
    const all = await told(generic('a', { severity: 'error' }), [
      [{ id: 'w', severity: 'warning' }],
      [{ id: 'e', severity: 'error' }],
    ]);
    expect(all).toEqual(['e raised']);
  });

  test('that it is over hears whoever has heard of it, how bad it is by now', async () => {
    open(generic('a', { severity: 'error' }), generic('b'));
    for (const id of ['w', 'e']) tell({ id, severity: id === 'w' ? 'warning' : 'error' });
    await hears(2, other);
    tell({ id: 'w', severity: 'warning', state: 'resolved' }, { reason: 'over', times: 0 });
    tell({ id: 'e', severity: 'warning', state: 'resolved' }, { reason: 'over', times: 0 });
    await hears(4, other);
    await rests('a');
    expect(heard().map(({ alert, kind }) => `${alert.id} ${kind}`)).toEqual(['e raised', 'e resolved']);
  });

  test('of servers that it is not about nobody hears, nor of the PC where that is not among them', async () => {
    const all = await told(generic('a', { servers: ['demo', 'monitor'] }), [
      [{ id: '1', server: 'demo' }],
      [{ id: '2', server: 'pal' }],
      [{ id: '3', server: 'monitor', serverName: '', rule: 'low-memory', data: { usedPercent: 91 } }],
    ]);
    expect(all).toEqual(['1 raised', '3 raised']);
    await webhooks.dispose();
    fake.heard.length = other.heard.length = 0;
    const fewer = await told(generic('a', { servers: [] }), [[{ id: '4' }]]);
    expect(fewer).toEqual([]);
  });

  test('that it is over only who wants to', async () => {
    const all = await told(generic('a', { resolved: false }), [
      [{ id: '1' }],
      [
        { id: '2', state: 'resolved' },
        { reason: 'over', times: 0 },
      ],
    ]);
    expect(all).toEqual(['1 raised']);
  });

  test('that a target is left alone, the others', async () => {
    const about = (target: string): Partial<Alert> => {
      const data = { target, detail: 'no answer', until: Date.now() + 60_000 };
      return { id: target, rule: 'webhook-paused', server: 'monitor', serverName: '', data };
    };
    expect(await told(generic('a'), [[about('a')], [about('c')]])).toEqual(['c raised']);
  });

  test('one that is switched off hears nothing, and what waited for it is forgotten', async () => {
    open(generic('a', { enabled: false }), generic('b'));
    tell();
    await hears(1, other);
    expect(fake.heard).toEqual([]);
    expect(statusOf('a')).toMatchObject({ enabled: false, waiting: 0, isPaused: false });
  });
});

describe('an address', () => {
  test('that is not known: what there is to tell waits for it, and nothing is wrong', async () => {
    addresses = {};
    open(generic('a'));
    const alert = tell();
    await vi.waitFor(() => {
      expect(statusOf('a')).toMatchObject({
        hasAddress: false,
        waiting: 1,
        isPaused: false,
        nextAt: null,
        detail: null,
      });
    });
    webhooks.addressChanged('a');
    addresses = { a: fake.url(secretPath) };
    webhooks.addressChanged('a');
    await hears(1);
    expect(heard()).toMatchObject([{ alert: { id: alert.id } }]);
    await rests('a');
    expect(statusOf('a')).toMatchObject({ hasAddress: true, waiting: 0 });
  });

  test('that is another is tried at once; one that is set again as it was is no other', async () => {
    fake.modes = [answer(429, { 'retry-after': '3600' })];
    open(generic('a'));
    tell();
    await vi.waitFor(() => {
      expect(statusOf('a').nextAt).toBeGreaterThan(Date.now() + 3_500_000);
    });
    webhooks.addressChanged('a');
    expect(statusOf('a').nextAt).toBeGreaterThan(Date.now() + 3_500_000);
    addresses.a = other.url(secretPath);
    webhooks.addressChanged('a');
    await hears(1, other);
    expect(fake.heard).toHaveLength(1);
  });

  test('that a later process hears of anew does not end what was asked for', async () => {
    fake.modes = [answer(429, { 'retry-after': '3600' })];
    open(generic('a'));
    tell();
    await vi.waitFor(() => {
      expect(statusOf('a').nextAt).not.toBeNull();
    });
    await webhooks.dispose();
    const known = addresses.a;
    addresses = {};
    again();
    addresses = { a: known };
    webhooks.addressChanged('a');
    expect(statusOf('a')).toMatchObject({ waiting: 1, nextAt: expect.any(Number) as number });
    expect(fake.heard).toHaveLength(1);
  });

  test.each(['', 'discord.com/api/webhooks/1/x', 'ftp://example.org/x', 'file:///etc/passwd'])(
    'that is none, %j, is told as such',
    async (address) => {
      addresses = { a: address };
      open(discord('a'));
      tell();
      await vi.waitFor(() => {
        expect(statusOf('a')).toMatchObject({ isPaused: true, waiting: 1, detail: 'no http or https address' });
      });
      expect(notices).toEqual(['paused a: no http or https address (later)']);
      expect(await webhooks.test('a')).toEqual({ status: null, detail: 'no http or https address' });
    },
  );

  test('stands in nothing that is written, logged or told', async () => {
    const echo = `no such hook ${secretPath} at ${addresses.a!}`;
    fake.modes = [answer(404, {}, echo)];
    open(discord('a'), generic('b'));
    tell();
    await hears(1);
    await vi.waitFor(() => {
      expect(statusOf('a').isPaused).toBe(true);
    });
    const tested = await webhooks.test('a');
    await webhooks.dispose();
    for (const text of [outbox(), logged.join(), notices.join(), JSON.stringify([webhooks.list(), tested])]) {
      expect(text).not.toContain('Token-which_is_secret');
      expect(text).not.toContain('123456789');
    }
    expect(tested.detail).toContain('no such hook');
  });
});

describe('limits', () => {
  test('of all of Discord leave all Discord targets alone, and the others not', async () => {
    fake.modes = [answer(429, { 'retry-after': '30', 'x-ratelimit-global': 'true' })];
    addresses.c = other.url('/c');
    open(discord('a'), discord('b'), generic('c'));
    const first = alertOf({ server: 'x' });
    // Only the first one is asked, and learns of the limit.
    settings = settings.map((target) => (target.name === 'a' ? target : { ...target, servers: ['y'] }));
    webhooks.configure();
    webhooks.tell(first, { reason: 'new', times: 1 });
    await vi.waitFor(() => {
      expect(statusOf('a').nextAt).not.toBeNull();
    });
    expect(statusOf('b').nextAt).toBe(statusOf('a').nextAt);
    tell({ server: 'y' });
    await hears(1, other);
    await rests('c');
    expect(other.heard.map(({ path }) => path)).toEqual(['/c']);
    expect(statusOf('b')).toMatchObject({ waiting: 1, isPaused: false });
    expect(notices).toEqual([]);
  });

  test('of one address leave the others alone', async () => {
    fake.modes = [answer(429, { 'retry-after': '30' }, '{"retry_after": 30.5, "global": false}')];
    open(discord('a'), discord('b'));
    tell();
    await hears(1, other);
    await vi.waitFor(() => {
      expect(statusOf('a').nextAt).toBeGreaterThan(Date.now() + 25_000);
    });
    expect(statusOf('b').nextAt).toBeNull();
  });
});

describe('a test', () => {
  const wellKept = { status: 200, detail: expect.stringContaining('200 ok') as string };

  test('answers what the target answered', async () => {
    fake.modes = [
      answer(200, {}, 'ok'),
      answer(404, {}, '{"message": "Unknown Webhook"}'),
      answer(500),
      { is: 'never' },
    ];
    open(generic('a', { language: 'ko' }));
    expect(await webhooks.test('a')).toEqual(wellKept);
    expect(heard()[0]).toMatchObject({ kind: 'test', language: 'ko', alert: { rule: 'test', title: '테스트 메시지' } });
    expect(await webhooks.test('a')).toMatchObject({
      status: 404,
      detail: expect.stringContaining('Unknown Webhook') as string,
    });
    expect(await webhooks.test('a')).toMatchObject({ status: 500 });
    expect(await webhooks.test('a')).toMatchObject({ status: null, detail: `${fake.host}: timeout` });
    // Once each.
    expect(fake.heard).toHaveLength(4);
  });

  test('goes to Discord as an embed that names the target', async () => {
    open(discord('a'));
    await webhooks.test('a');
    expect(embeds()[0]!.embeds).toMatchObject([{ title: 'Test message', fields: [{ name: 'Webhook', value: 'a' }] }]);
  });

  test('is sent also where the target is switched off, paused, or has much to do', async () => {
    open(generic('a', { enabled: false }));
    expect(await webhooks.test('a')).toMatchObject({ status: 204 });
  });

  test('that goes well ends a pause, and what waited goes', async () => {
    fake.modes = [answer(404), answer(200, {}, 'ok')];
    open(generic('a'));
    const alert = tell();
    await vi.waitFor(() => {
      expect(statusOf('a')).toMatchObject({ isPaused: true, waiting: 1 });
    });
    expect(statusOf('a').detail).toContain('404');
    expect(await webhooks.test('a')).toEqual(wellKept);
    await rests('a');
    expect(heard().map((payload) => payload.alert.id)).toEqual([alert.id, expect.any(String), alert.id]);
    expect(notices.slice(1)).toEqual(['resumed a']);
    expect(statusOf('a')).toMatchObject({ isPaused: false, nextAt: null, detail: null });
  });

  test('that hits a limit keeps the others to it', async () => {
    fake.modes = [answer(429, { 'retry-after': '60' }), answer(204)];
    open(generic('a'));
    expect(await webhooks.test('a')).toMatchObject({ status: 429 });
    tell();
    await vi.waitFor(() => {
      expect(statusOf('a').waiting).toBe(1);
    });
    expect(statusOf('a').nextAt).toBeGreaterThan(Date.now() + 50_000);
    expect(fake.heard).toHaveLength(1);
  });

  test('of nothing, or of one without an address, is refused', async () => {
    addresses = {};
    open(generic('a'));
    await expect(webhooks.test('x')).rejects.toMatchObject({ code: 'invalid-definition', data: { field: 'target' } });
    await expect(webhooks.test('a')).rejects.toMatchObject({ code: 'secret-missing', data: { key: 'webhook.a' } });
  });

  test('can be called off, and ends with the core', async () => {
    fake.modes = [{ is: 'never' }];
    open(generic('a'));
    const calls = new AbortController();
    const first = webhooks.test('a', calls.signal);
    await hears(1);
    calls.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    const second = webhooks.test('a');
    const refused = expect(second).rejects.toMatchObject({ code: 'cancelled' });
    await hears(2);
    await webhooks.dispose();
    await refused;
  });
});

describe('what is different', () => {
  test('a target that is added is told, one that is gone is not, and one that stays keeps what waits', async () => {
    addresses.a = undefined;
    open(generic('a'));
    const alert = tell();
    await vi.waitFor(() => {
      expect(statusOf('a').waiting).toBe(1);
    });
    settings = webhookTargets([generic('a', { severity: 'error' }), generic('b')]);
    webhooks.configure();
    expect(webhooks.list().map(({ name, waiting }) => [name, waiting])).toEqual([
      ['a', 1],
      ['b', 0],
    ]);
    tell();
    await hears(1, other);
    settings = webhookTargets([generic('a')]);
    webhooks.configure();
    addresses.a = fake.url('/');
    webhooks.addressChanged('a');
    await hears(1);
    expect(heard()[0]).toMatchObject({ alert: { id: alert.id } });
    expect(other.heard).toHaveLength(1);
  });

  test('the next process sends what is left', async () => {
    addresses = {};
    open(generic('a'));
    const all = [tell(), tell()];
    await webhooks.dispose();
    expect(JSON.parse(outbox())).toMatchObject({ version: 1, targets: [{ name: 'a', entries: [{}, {}] }] });
    addresses = { a: fake.url('/') };
    again();
    await hears(2);
    expect(heard().map((payload) => payload.alert.id)).toEqual(all.map(({ id }) => id));
  });

  test('what is told is on the disk as soon as the work of the moment is done', async () => {
    fake.modes = [{ is: 'never' }];
    open(generic('a'));
    const all = Array.from({ length: 50 }, () => tell());
    await Promise.resolve();
    for (const { id } of all) expect(outbox()).toContain(`"${id}"`);
  });

  test('where there are no targets, no file is made', async () => {
    open();
    tell();
    await webhooks.dispose();
    expect(fs.readdirSync(at('.'))).toEqual([]);
  });

  test('nothing is told once it is over', async () => {
    open(generic('a'));
    await webhooks.dispose();
    tell();
    await Promise.resolve();
    expect(fake.heard).toEqual([]);
    expect(statusOf('a').waiting).toBe(0);
  });
});

test('a name that objects have of their own is a name like any other', async () => {
  addresses = Object.fromEntries(['__proto__', 'constructor'].map((name) => [name, undefined]));
  open(generic('__proto__'), generic('constructor'));
  tell();
  await webhooks.dispose();
  again();
  expect(webhooks.list().map(({ name, waiting }) => [name, waiting])).toEqual([
    ['__proto__', 1],
    ['constructor', 1],
  ]);
});

test('10,000 alerts at once, a target that hangs and one that works: nothing waits, and they add up to the last one', async () => {
  const count = 10_000;
  // Longer than this process is busy at a time: an answer that is not read in time is none, and what it was for is sent again.
  attemptMs = 3000;
  fake.modes = [{ is: 'never' }];
  open(generic('a'), discord('b'));
  // Every tenth time it is the same error again, which goes on counting.
  const loop = { id: 'loop', severity: 'error' as const, firstAt: Date.now() };
  for (let n = 1; n <= count; n++) {
    if (n % 10 === 0) tell({ ...loop, count: n / 10 }, { reason: n === 10 ? 'new' : 'again' });
    else tell({ id: `m${String(n)}`, severity: 'warning' });
    expect(statusOf('a').waiting).toBeLessThanOrEqual(100);
    if (n % 1000 === 0) await new Promise(setImmediate);
  }
  expect(fs.statSync(at('outbox.json')).size).toBeLessThan(1024 * 1024);
  const others = count - count / 10;
  // It works from now on. On a slow machine it has failed by now, and is left alone until a person has seen it work.
  fake.modes = [answer(204)];
  await vi.waitFor(
    async () => {
      if (statusOf('a').nextAt !== null) await webhooks.test('a');
      expect([statusOf('a').waiting, statusOf('b').waiting]).toEqual([0, 0]);
    },
    { timeout: 30_000, interval: 200 },
  );
  const missedBy = (all: { missed: { dropped: number; uncertain: number } }[]): number =>
    all.reduce((sum, { missed }) => sum + missed.dropped, 0);
  const alerts = heard().filter(({ kind }) => kind !== 'test');
  const byId = new Map(alerts.map((payload) => [payload.id, payload]));
  const told = [...byId.values()].filter(({ alert }) => alert.id !== 'loop');
  expect(new Set(told.map(({ alert }) => alert.id)).size).toBe(told.length);
  expect(told.length + missedBy([...byId.values()]) + statusOf('a').dropped).toBe(others);
  expect(Math.max(...heard().map(({ alert }) => (alert.id === 'loop' ? alert.count : 0)))).toBe(count / 10);
  expect([statusOf('a').uncertain, statusOf('a').waiting, notices]).toEqual([0, 0, []]);

  const byKey = new Map(other.heard.map(({ headers, body }) => [headers['idempotency-key'], body]));
  const requests = [...byKey.values()].map((body) => JSON.parse(body) as DiscordPayload);
  const contents = requests.map(({ content = '' }) => Number(/given up: (\d+)/.exec(content)?.[1] ?? 0));
  const titles = requests.flatMap((payload) => payload.embeds.map(({ title }) => title));
  const loops = requests.flatMap((payload) => payload.embeds.filter(({ color }) => color === 0xd13438));
  const sum = contents.reduce((a, b) => a + b, 0);
  expect(titles.length - loops.length + sum + statusOf('b').dropped).toBe(others);
}, 60_000);
