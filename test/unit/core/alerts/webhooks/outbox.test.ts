import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Batch, Message } from '../../../../../src/core/alerts/webhooks/message.js';
import { Outbox, type OutboxKeeper, type Stored } from '../../../../../src/core/alerts/webhooks/outbox.js';
import { send, type Delivery } from '../../../../../src/core/alerts/webhooks/send.js';
import { FakeClock } from './support/fakeClock.js';
import { FakeTarget } from './support/fakeTarget.js';
import { message } from './support/messages.js';

interface Request {
  readonly target: string;
  readonly batch: Batch;
  readonly retries: number;
  readonly signal: AbortSignal;
  readonly onDisk: Stored;
  answer(delivery: Delivery): Promise<void>;
}

/** A disk: what a kill leaves is what was flushed. */
class Disk implements OutboxKeeper {
  text = '{}';
  private get: (() => Stored) | undefined;

  read(): Stored {
    return JSON.parse(this.text) as Stored;
  }

  keep(get: () => Stored): void {
    this.get = get;
  }

  flush(): void {
    if (this.get !== undefined) this.text = JSON.stringify(this.get());
  }
}

const delivered: Delivery = { is: 'delivered', status: 204, detail: '', notBefore: 0 };
const later = { is: 'later', status: null, at: 0, detail: '' } as const;
const failed: Delivery = { ...later, why: 'failed', detail: 'timeout', isUncertain: true };
const limited = (at: number): Delivery => ({ ...later, why: 'limited', at, isUncertain: false });
const refused = (status: number): Delivery => ({ is: 'refused', status, detail: String(status) });

let clock: FakeClock;
let disk: Disk;
let requests: Request[];
let notices: string[];
let most: number;
let unreachable: string[];
let outbox: Outbox;

function open(...names: string[]): Outbox {
  return new Outbox(
    {
      ...{ keeper: disk, clock, most: () => most, isReachable: (name) => !unreachable.includes(name) },
      send: async (target, batch, { signal, retries }) =>
        await new Promise((resolve) => {
          const answer = async (delivery: Delivery): Promise<void> => {
            resolve(delivery);
            await settled();
          };
          signal.addEventListener('abort', () => {
            resolve({ ...later, why: 'cancelled', isUncertain: true });
          });
          requests.push({ target, batch, retries, signal, onDisk: disk.read(), answer });
        }),
      paused: (target, detail, until) => notices.push(`paused ${target} ${detail} ${String(until - clock.now())}`),
      resumed: (target) => notices.push(`resumed ${target}`),
    },
    names,
  );
}

async function settled(): Promise<void> {
  await new Promise(setImmediate);
}

const ids = ({ batch }: Request): string[] => batch.messages.map(({ id }) => id);
const last = (): Request => requests.at(-1)!;

beforeEach(() => {
  clock = new FakeClock();
  disk = new Disk();
  requests = [];
  notices = [];
  most = 10;
  unreachable = [];
  outbox = open('a', 'b', 'c');
});

/** Occupies a target, so that what follows waits. */
function busy(target = 'a'): Request {
  outbox.add(target, message());
  return last();
}

describe('slots', () => {
  test('one request for each target, two overall', async () => {
    const first = busy('a');
    outbox.add('a', message());
    outbox.add('b', message());
    outbox.add('c', message());
    expect(requests.map(({ target }) => target)).toEqual(['a', 'b']);
    await requests[1]!.answer(delivered);
    expect(requests.map(({ target }) => target)).toEqual(['a', 'b', 'c']);
    await first.answer(delivered);
    expect(requests.map(({ target }) => target)).toEqual(['a', 'b', 'c', 'a']);
  });

  test('whoever has failed waits for those who work, and is not repeated', async () => {
    await busy('a').answer(failed);
    busy('b');
    busy('c');
    outbox.add('b', message());
    clock.pass(60_000);
    expect(requests.map(({ target }) => target)).toEqual(['a', 'b', 'c']);
    await requests[1]!.answer(delivered);
    await requests[2]!.answer(delivered);
    expect(requests.slice(3).map(({ target, retries }) => [target, retries])).toEqual([
      ['b', 3],
      ['a', 0],
    ]);
  });

  test('what waits goes together, in its order', async () => {
    most = 2;
    const first = busy();
    const all = [message(), message(), message()];
    for (const one of all) outbox.add('a', one);
    await first.answer(delivered);
    expect(ids(last())).toEqual([all[0]!.id, all[1]!.id]);
    await last().answer(delivered);
    expect(ids(last())).toEqual([all[2]!.id]);
  });
});

describe('one matter', () => {
  const of = (kind: Message['kind'], count: number) => message({ kind, alert: { id: 'loop', count } });

  test('counts on while it waits, and is told once', async () => {
    const first = busy();
    outbox.add('a', of('raised', 1));
    outbox.add('a', message({ id: 'other' }));
    for (let count = 2; count <= 1000; count += 1) outbox.add('a', of('again', count));
    await first.answer(delivered);
    expect(last().batch.messages).toHaveLength(2);
    expect(last().batch.messages[0]).toMatchObject({ kind: 'raised', alert: { count: 1000 } });
  });

  test('that is over before it was told is told as over', async () => {
    const first = busy();
    outbox.add('a', of('raised', 1));
    outbox.add('a', of('resolved', 3));
    await first.answer(delivered);
    expect(last().batch.messages).toMatchObject([{ kind: 'resolved', alert: { count: 3 } }]);
  });

  test('what is under way is left as it is', async () => {
    outbox.add('a', of('raised', 1));
    outbox.add('a', of('again', 2));
    await last().answer(delivered);
    expect(last().batch.messages).toMatchObject([{ kind: 'again', alert: { count: 2 } }]);
  });
});

describe('a full queue', () => {
  test('drops the least severe first, of these the oldest, and tells how many', async () => {
    most = 200;
    const first = busy();
    const over = message({ kind: 'resolved' });
    const warnings = Array.from({ length: 50 }, () => message());
    const errors = Array.from({ length: 51 }, () => message({ alert: { severity: 'error' } }));
    for (const one of [...warnings, over, ...errors]) outbox.add('a', one);
    // 100 with the one that is under way.
    expect(outbox.status('a')).toMatchObject({ waiting: 100, dropped: 3 });
    await first.answer(delivered);
    expect(last().batch.missed).toEqual({ dropped: 3, uncertain: 0 });
    expect(ids(last())).toEqual([...warnings.slice(2), ...errors].map(({ id }) => id));
    await last().answer(delivered);
    expect(outbox.status('a')).toMatchObject({ waiting: 0, dropped: 0 });
  });

  test('10,000 for a target that hangs: bounded, and they add up', async () => {
    most = 1;
    const first = busy();
    for (let n = 1; n < 10_000; n += 1) outbox.add('a', message());
    expect(outbox.status('a')).toMatchObject({ waiting: 100, dropped: 9900 });
    await first.answer(delivered);
    let told = 1;
    for (; outbox.status('a')!.waiting > 0; told += 1) await last().answer(delivered);
    const dropped = requests.map(({ batch }) => batch.missed.dropped);
    expect(told + dropped.reduce((a, b) => a + b, 0)).toBe(10_000);
  });
});

describe('a target', () => {
  test('that limits is left alone as long as it says, and is not at fault', async () => {
    await busy().answer(limited(clock.now() + 3_600_000));
    clock.pass(3_599_999);
    expect(requests).toHaveLength(1);
    clock.pass(1);
    expect(ids(last())).toEqual(ids(requests[0]!));
    expect(requests).toHaveLength(2);
    expect(outbox.status('a')).toMatchObject({ failures: 0, isPaused: false });
    await last().answer(limited(clock.now()));
    expect(requests).toHaveLength(2);
  });

  test('whose allowance is used up gets the next one when it is there again', async () => {
    const first = busy();
    outbox.add('a', message());
    await first.answer({ ...delivered, notBefore: clock.now() + 2000 });
    clock.pass(1999);
    expect(requests).toHaveLength(1);
    clock.pass(1);
    expect(requests).toHaveLength(2);
  });

  test('that is dead is told once, tried ever more seldom, and told when it works again', async () => {
    busy();
    const times: number[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      const began = clock.now();
      await last().answer(failed);
      const count = requests.length;
      while (requests.length === count) clock.pass(1000);
      times.push((clock.now() - began) / 1000);
    }
    expect(times).toEqual([30, 60, 120, 240, 480, 960, 1800, 1800]);
    expect(notices).toEqual(['paused a timeout 480000']);
    await last().answer(delivered);
    expect(notices).toEqual(['paused a timeout 480000', 'resumed a']);
    expect(outbox.status('a')).toMatchObject({ failures: 0, isPaused: false, waiting: 0 });
  });

  test('with a wrong address is paused at once, and nothing is lost by it', async () => {
    await busy().answer(refused(404));
    expect(notices).toEqual(['paused a 404 30000']);
    expect(outbox.status('a')).toMatchObject({ waiting: 1, dropped: 0, isPaused: true });
    outbox.retry('a');
    await last().answer(delivered);
    expect(requests).toHaveLength(2);
    expect(outbox.status('a')).toMatchObject({ waiting: 0, isPaused: false });
  });

  test('that does not take one message takes the others', async () => {
    const first = busy();
    const all = [message(), message(), message()];
    for (const one of all) outbox.add('a', one);
    await first.answer(delivered);
    await last().answer(refused(400));
    expect(ids(last())).toEqual([all[0]!.id]);
    await last().answer(delivered);
    expect(ids(last())).toEqual([all[1]!.id]);
    await last().answer(refused(400));
    expect(ids(last())).toEqual([all[2]!.id]);
    expect(last().batch.missed.dropped).toBe(1);
    await last().answer(delivered);
    expect([outbox.status('a')!.waiting, notices]).toEqual([0, []]);
  });

  test('that is removed is asked nothing any more', async () => {
    const first = busy();
    outbox.add('a', message());
    outbox.setTargets(['b']);
    expect(first.signal.aborted).toBe(true);
    await settled();
    outbox.add('a', message());
    expect([requests.length, outbox.status('a')]).toEqual([1, undefined]);
  });
});

describe('a target that cannot be reached', () => {
  test('waits without being tried, and is tried as soon as there is a way', () => {
    unreachable = ['a'];
    outbox.add('a', message());
    clock.pass(3_600_000);
    expect(requests).toEqual([]);
    expect(outbox.status('a')).toMatchObject({ waiting: 1, failures: 0, isPaused: false, notBefore: 0 });
    unreachable = [];
    outbox.look();
    expect(requests).toHaveLength(1);
  });

  test('keeps to what it was told to wait for', async () => {
    await busy().answer(limited(clock.now() + 60_000));
    outbox.look();
    expect(requests).toHaveLength(1);
    clock.pass(60_000);
    expect(requests).toHaveLength(2);
  });
});

describe('held back', () => {
  test('nothing is sent to them until then, also where one was under way', async () => {
    const first = busy('a');
    outbox.add('a', message());
    outbox.holdBack(['a', 'b'], clock.now() + 60_000);
    outbox.add('b', message());
    outbox.add('c', message());
    await first.answer(delivered);
    expect(requests.map(({ target }) => target)).toEqual(['a', 'c']);
    expect(outbox.status('b')).toMatchObject({ waiting: 1, failures: 0, isPaused: false });
    clock.pass(59_999);
    expect(requests).toHaveLength(2);
    clock.pass(1);
    expect(requests.slice(2).map(({ target }) => target)).toEqual(['a']);
    await requests[1]!.answer(delivered);
    expect(requests.slice(3).map(({ target }) => target)).toEqual(['b']);
  });

  test('for longer than its own failure would', async () => {
    const first = busy();
    outbox.holdBack(['a'], clock.now() + 3_600_000);
    await first.answer(failed);
    expect(outbox.status('a')!.notBefore).toBe(clock.now() + 3_600_000);
  });

  test('never shorter than before', () => {
    busy();
    outbox.holdBack(['a'], clock.now() + 60_000);
    outbox.holdBack(['a', 'gone'], clock.now() + 1000);
    expect(outbox.status('a')!.notBefore).toBe(clock.now() + 60_000);
  });
});

test('one that a person has seen work is no longer paused, and goes on at once', async () => {
  await busy().answer(refused(404));
  expect(outbox.status('a')).toMatchObject({ isPaused: true, failures: 1 });
  outbox.worked('a', 0);
  expect(notices).toEqual(['paused a 404 30000', 'resumed a']);
  expect(outbox.status('a')).toMatchObject({ isPaused: false, failures: 0 });
  expect(requests).toHaveLength(2);
  outbox.worked('a', 0);
  outbox.worked('gone', 0);
  expect(notices).toHaveLength(2);
});

test('one that is paused and goes is no longer paused', async () => {
  await busy().answer(refused(404));
  outbox.setTargets(['b', 'c']);
  expect(notices).toEqual(['paused a 404 30000', 'resumed a']);
});

test('what is added together is all on the disk before the first of it is sent', () => {
  const all = Array.from({ length: 5 }, () => message());
  outbox.together(() => {
    for (const one of all) for (const name of ['a', 'b', 'c']) outbox.add(name, one);
    expect(requests).toEqual([]);
  });
  expect(requests).toHaveLength(2);
  for (const name of ['a', 'b', 'c'])
    expect(requests[0]!.onDisk[name]!.entries.map((entry) => entry.message.id)).toEqual(all.map(({ id }) => id));
});

test('what waits of an alert is found, what is under way is not', () => {
  busy();
  const one = message();
  outbox.add('a', one);
  expect(outbox.waiting('a', one.alert.id)).toEqual(one);
  expect(outbox.waiting('a', requests[0]!.batch.messages[0]!.alert.id)).toBeUndefined();
  expect(outbox.waiting('gone', one.alert.id)).toBeUndefined();
});

test('without targets nothing is written', async () => {
  const none = open();
  disk.text = '{}';
  await none.dispose();
  expect(disk.text).toBe('{}');
});

describe('over a restart', () => {
  test('what waited for a target that is gone is forgotten', () => {
    busy('a');
    outbox.add('a', message());
    outbox = open('b');
    disk.flush();
    expect(Object.keys(disk.read())).toEqual(['b']);
  });

  test('a message is on the disk as being sent before its request begins', () => {
    busy();
    expect(last().onDisk.a!.entries).toMatchObject([{ state: 'sending', message: { id: ids(last())[0] } }]);
  });

  test('after a kill with 50 in the queue, each is delivered once or counted', async () => {
    most = 1;
    const all = Array.from({ length: 50 }, () => message());
    for (const one of all) outbox.add('a', one);
    for (let n = 0; n < 9; n += 1) await last().answer(delivered);
    const before = requests.map((request) => ids(request)[0]!);
    expect(before).toHaveLength(10);

    requests = [];
    outbox = open('a');
    for (let n = 0; n < 40; n += 1) await last().answer(delivered);
    // The tenth was on its way: it is counted, not sent again.
    expect(requests[0]!.batch.missed).toEqual({ dropped: 0, uncertain: 1 });
    expect([...before, ...requests.map((request) => ids(request)[0]!)]).toEqual(all.map(({ id }) => id));
    expect(outbox.status('a')).toMatchObject({ waiting: 0, uncertain: 0 });
  });

  test('what it was told to wait for is still waited for', async () => {
    await busy().answer(limited(clock.now() + 60_000));
    disk.flush();
    clock.kill();
    outbox = open('a');
    clock.pass(59_999);
    expect(requests).toHaveLength(1);
    clock.pass(1);
    expect(requests).toHaveLength(2);
  });

  test('leaving in order counts what nobody knows of, and keeps the rest', async () => {
    busy();
    outbox.add('a', message({ id: 'kept' }));
    await outbox.dispose();
    expect(disk.read().a).toMatchObject({ uncertain: 1, entries: [{ state: 'waiting', message: { id: 'kept' } }] });
    expect(requests).toHaveLength(1);
  });
});

test('over the wire: one target hangs, the others are told', async () => {
  const [hanging, well] = [await new FakeTarget().listen(), await new FakeTarget().listen()];
  hanging.modes = [{ is: 'never' }];
  const urls: Record<string, string> = { hanging: hanging.url('/token-h'), well: well.url('/token-w') };
  const real = new Outbox(
    {
      ...{ keeper: disk, most: () => 1, paused: () => undefined, resumed: () => undefined },
      send: async (name, { messages }, options) =>
        await send({ url: urls[name]!, id: messages[0]!.id, body: JSON.stringify(messages) }, options),
    },
    Object.keys(urls),
  );
  const all = Array.from({ length: 20 }, () => message());
  for (const one of all) for (const name of Object.keys(urls)) real.add(name, one);
  await vi.waitFor(() => {
    expect(well.heard.map(({ headers }) => headers['idempotency-key'])).toEqual(all.map(({ id }) => id));
  }, 10_000);
  expect(hanging.heard).toHaveLength(1);
  await real.dispose();
  expect(disk.text).not.toContain('token');
  expect(disk.read().hanging).toMatchObject({ uncertain: 1 });
  await Promise.all([hanging.close(), well.close()]);
});
