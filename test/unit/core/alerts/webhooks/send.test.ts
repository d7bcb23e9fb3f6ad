import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { send, type SendOptions } from '../../../../../src/core/alerts/webhooks/send.js';
import { certificate, FakeTarget, type Mode } from './support/fakeTarget.js';

const path = '/api/webhooks/1234567890/AbCdEf-secret_token?key=alsosecret';
const now = Date.parse('Mon, 23 Nov 2026 07:00:00 GMT');

let target: FakeTarget;
let waited: number[];
let calls: AbortController;

const options = (): SendOptions => ({
  signal: calls.signal,
  now: () => now,
  random: () => 1,
  sleep: async (ms) => void waited.push(ms),
});
const sent = async (more: Partial<SendOptions> = {}, url = target.url(path)) =>
  await send({ url, body: '{"text":"안녕"}', id: 'id1' }, { ...options(), ...more });
const answer = (status: number, headers: Record<string, string> = {}, body = ''): Mode => ({
  ...{ is: 'answer', status, headers, body },
});

beforeEach(async () => {
  target = await new FakeTarget().listen();
  waited = [];
  calls = new AbortController();
});

afterEach(async () => {
  await target.close();
});

describe('what is well', () => {
  test('is sent once, as it is, with its id', async () => {
    expect(await sent()).toMatchObject({ is: 'delivered', status: 204, notBefore: 0 });
    expect(target.heard).toHaveLength(1);
    expect(target.heard[0]).toMatchObject({ path, body: '{"text":"안녕"}' });
    expect(target.heard[0]!.headers).toMatchObject({ 'idempotency-key': 'id1', 'content-type': 'application/json' });
    await vi.waitFor(() => {
      expect(target.connections).toBe(0);
    });
  });

  test('an answer that comes within the deadline is waited for', async () => {
    target.modes = [{ is: 'slow', ms: 300 }];
    expect(await sent()).toMatchObject({ is: 'delivered' });
    expect(target.heard).toHaveLength(1);
  });

  test('a huge answer is not read, and one that never ends is not waited for', async () => {
    target.modes = [{ is: 'huge', status: 200 }];
    expect(await sent()).toMatchObject({ is: 'delivered', status: 200 });
    await vi.waitFor(() => {
      expect(target.connections).toBe(0);
    });
    expect(target.written).toBeLessThan(64 * 1024 * 1024);
    target.modes = [{ is: 'trickle', status: 200 }];
    expect(await sent({ attemptMs: 300 })).toMatchObject({ is: 'delivered', status: 200 });
  });

  test('says when its allowance is used up', async () => {
    target.modes = [answer(204, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '1.25' })];
    expect(await sent()).toMatchObject({ is: 'delivered', notBefore: now + 1250 });
    target.modes = [answer(204, { 'x-ratelimit-remaining': '1', 'x-ratelimit-reset-after': '1.25' })];
    expect(await sent()).toMatchObject({ notBefore: 0 });
  });

  test('name and password of an address go as such', async () => {
    await sent({}, target.url('/x').replace('//', '//me:geheim%40@'));
    expect(target.heard[0]!.headers.authorization).toBe(`Basic ${Buffer.from('me:geheim@').toString('base64')}`);
  });
});

describe('what may be repeated', () => {
  test('500 then 200', async () => {
    target.modes = [answer(500), answer(200)];
    expect(await sent()).toMatchObject({ is: 'delivered', status: 200 });
    expect(waited).toEqual([500]);
  });

  test('three times, a little later each time', async () => {
    target.modes = [answer(503)];
    const result = await sent();
    expect(result).toMatchObject({ is: 'later', why: 'failed', status: 503, at: now, isUncertain: false });
    expect(target.heard).toHaveLength(4);
    expect(waited).toEqual([500, 1000, 2000]);
    waited = [];
    await sent({ random: () => 0, retries: 1 });
    expect(waited).toEqual([250]);
  });

  test('a reset, and no answer at all: nobody knows whether it was heard', async () => {
    target.modes = [{ is: 'reset' }];
    expect(await sent()).toMatchObject({ is: 'later', why: 'failed', isUncertain: true });
    expect(target.heard).toHaveLength(4);
    target.modes = [{ is: 'never' }];
    const result = await sent({ attemptMs: 150, retries: 1 });
    expect(result).toMatchObject({ is: 'later', why: 'failed', status: null, isUncertain: true });
    expect(result.detail).toContain('timeout');
    expect(target.heard).toHaveLength(6);
  });

  test('nobody listens: it was surely not heard', async () => {
    const url = target.url(path);
    const other = await new FakeTarget().listen();
    const closed = other.url(path);
    await other.close();
    expect(await sent({}, closed)).toMatchObject({ is: 'later', why: 'failed', isUncertain: false });
    expect(waited).toHaveLength(3);
    expect(await sent({}, url)).toMatchObject({ is: 'delivered' });
  });
});

describe('429', () => {
  const limited = async (headers: Record<string, string>, body = '') => {
    target.modes = [answer(429, headers, body), answer(204)];
    return await sent();
  };

  test('a short wait is waited out in full, chance only adds to it', async () => {
    expect(await limited({ 'retry-after': '0.7' })).toMatchObject({ is: 'delivered' });
    expect(waited).toHaveLength(1);
    expect(waited[0]).toBeGreaterThanOrEqual(700);
  });

  test('a long one is for the queue, not for the slot, and is not cut', async () => {
    expect(await limited({ 'retry-after': '60' })).toMatchObject({ is: 'later', why: 'limited', at: now + 60_000 });
    expect(waited).toEqual([]);
    expect(target.heard).toHaveLength(1);
  });

  test('a date, by the clock of whoever tells it', async () => {
    const date = { date: 'Mon, 23 Nov 2026 08:00:00 GMT', 'retry-after': 'Mon, 23 Nov 2026 08:00:30 GMT' };
    expect(await limited(date)).toMatchObject({ is: 'later', why: 'limited', at: now + 30_000 });
  });

  test('the longest of what it says counts: header, allowance, body', async () => {
    const body = '{"message": "You are being rate limited.", "retry_after": 64.57, "global": false}';
    expect(await limited({ 'retry-after': '64', 'x-ratelimit-reset-after': '63' }, body)).toMatchObject({
      at: now + 64_570,
    });
    target.heard.length = 0;
    expect(await limited({ 'retry-after': '5', 'x-ratelimit-reset-after': '7.5' })).toMatchObject({ at: now + 7500 });
  });

  test('without a time it is tried as often as any other', async () => {
    target.modes = [answer(429)];
    expect(await sent()).toMatchObject({ is: 'later', why: 'limited', at: now });
    expect(waited).toEqual([500, 1000, 2000]);
  });

  test.each(['-5', 'soon', 'NaN', 'Infinity'])('nonsense (%s) is none', async (text) => {
    expect(await limited({ 'retry-after': text })).toMatchObject({ is: 'delivered' });
    expect(waited).toEqual([500]);
  });

  test.each([
    [{ 'retry-after': '1', 'x-ratelimit-global': 'true' }, ''],
    [{ 'retry-after': '1', 'x-ratelimit-scope': 'global' }, ''],
    [{}, '{"message": "You are being rate limited.", "retry_after": 1.0, "global": true}'],
  ])('one that is meant for all is told at once, however short: %j %s', async (headers, body) => {
    const result = await limited(headers, body);
    expect(result).toMatchObject({ is: 'later', why: 'limited', status: 429, at: now + 1000, isGlobal: true });
    expect([target.heard.length, waited]).toEqual([1, []]);
  });

  test.each([{ 'x-ratelimit-global': 'false' }, { 'x-ratelimit-scope': 'shared' }])('%j is not', async (headers) => {
    const result = await limited({ 'retry-after': '60', ...headers }, '{"global": false}');
    expect(result).toMatchObject({ why: 'limited' });
    expect(result).not.toHaveProperty('isGlobal');
  });

  test('a time that is none is none', async () => {
    expect(await limited({ 'retry-after': '9'.repeat(400) })).toMatchObject({ is: 'delivered' });
  });

  test('503 may ask for a wait too', async () => {
    target.modes = [answer(503, { 'retry-after': '120' })];
    expect(await sent()).toMatchObject({ is: 'later', why: 'failed', at: now + 120_000 });
    expect(target.heard).toHaveLength(1);
  });
});

describe('what is final', () => {
  test.each([400, 401, 403, 404, 410, 413])('%i', async (status) => {
    target.modes = [answer(status, {}, '{"message": "Unknown Webhook"}')];
    const result = await sent();
    expect(result).toMatchObject({ is: 'refused', status });
    expect(result.detail).toContain('Unknown Webhook');
    expect(target.heard).toHaveLength(1);
  });

  test('408 is not', async () => {
    target.modes = [answer(408), answer(204)];
    expect(await sent()).toMatchObject({ is: 'delivered' });
  });

  test('a redirect is not followed, and only its host is told', async () => {
    const other = await new FakeTarget().listen();
    target.modes = [answer(307, { location: other.url('/login/tokenofothers') })];
    const result = await sent();
    expect(result).toMatchObject({ is: 'refused', status: 307 });
    expect(result.detail).toContain(`redirect to ${other.host}`);
    expect(result.detail).not.toContain('tokenofothers');
    expect(other.heard).toEqual([]);
    await other.close();
  });

  test.each(['', 'nonsense', 'file:///etc/passwd', 'ftp://a/b'])('an address that is none: %j', async (url) => {
    expect(await sent({}, url)).toMatchObject({ is: 'refused', status: null });
  });
});

describe('TLS', () => {
  let safe: FakeTarget;

  beforeEach(async () => {
    safe = await new FakeTarget(true).listen();
  });
  afterEach(async () => {
    await safe.close();
  });

  test('a certificate that nobody vouches for: nothing is sent, nothing repeated', async () => {
    const result = await sent({}, safe.url(path));
    expect(result).toMatchObject({ is: 'later', why: 'failed', isUncertain: false });
    expect(result.detail).toContain('SELF_SIGNED');
    expect([safe.heard, waited]).toEqual([[], []]);
  });

  test('one that is trusted', async () => {
    expect(await sent({ ca: certificate }, safe.url(path))).toMatchObject({ is: 'delivered' });
  });

  test('no TLS at all', async () => {
    const result = await sent({}, target.url(path).replace('http:', 'https:'));
    expect(result).toMatchObject({ is: 'later', why: 'failed', isUncertain: false });
  });
});

describe('called off', () => {
  test('before it begins', async () => {
    calls.abort();
    expect(await sent()).toMatchObject({ is: 'later', why: 'cancelled', isUncertain: false });
    expect(target.heard).toEqual([]);
  });

  test('while it waits for the answer', async () => {
    target.modes = [{ is: 'never' }];
    const result = sent();
    await vi.waitFor(() => {
      expect(target.heard).toHaveLength(1);
    });
    calls.abort();
    expect(await result).toMatchObject({ is: 'later', why: 'cancelled', isUncertain: true });
    await vi.waitFor(() => {
      expect(target.connections).toBe(0);
    });
  });

  test('while it waits for the next try', async () => {
    target.modes = [answer(429, { 'retry-after': '1.9' })];
    const result = send({ url: target.url(path), body: '', id: 'x' }, { signal: calls.signal });
    await vi.waitFor(() => {
      expect(target.heard).toHaveLength(1);
    });
    calls.abort();
    expect(await result).toMatchObject({ is: 'later', why: 'cancelled', isUncertain: false });
    expect(target.heard).toHaveLength(1);
  });
});

describe('the address', () => {
  const secrets = ['1234567890', 'AbCdEf-secret_token', 'alsosecret'];

  test('is in nothing that is told, also where the receiver repeats it', async () => {
    const echo = `Cannot POST ${path} for AbCdEf-secret_token at ${target.url(path)} (alsosecret)`;
    for (const mode of [
      answer(404, {}, echo),
      answer(500, {}, echo),
      answer(200, {}, echo),
      { is: 'reset' } as const,
    ]) {
      target.modes = [mode];
      const text = JSON.stringify(await sent());
      expect(text).toContain(target.host);
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });

  test('nor where its host is not found, or it is none', async () => {
    for (const url of [`https://nowhere.invalid${path}`, `nonsense${path}`, `http://u:AbCdEf-secret_token@[::1]:1/`]) {
      const text = JSON.stringify(await sent({ retries: 0 }, url));
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
  });
});
