import fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Requests } from '../../src/shared/contract.js';
import { paramsOf } from '../../src/shared/requestParams.js';
import { Bench, until, type CoreProcess } from '../core/support/bench.js';
import { cases, type Setting } from './support/cases.js';
import { RawClient } from './support/rawClient.js';
import { errorCode, faultsOf, resultShapes } from './support/shapes.js';

const methods = Object.keys(cases) as (keyof Requests)[];
const others = methods.filter((method) => method !== 'core/retire');
/** Those that answered with a result. */
const answering = new Set<string>();

/** Also where a game has no such thing: a kick, as of the demo server. */
const isAnswered = (method: string): boolean => answering.has(method) || Object.hasOwn(paramsOf, method);

let core: CoreProcess;
let setting: Setting;

beforeAll(async () => {
  const bench = new Bench();
  core = await bench.core({ args: ['--no-priority'] });
  const token = fs.readFileSync(core.line.token, 'utf8').trim();
  setting = { bench, token, client: await RawClient.connect(core.line.endpoint) };
  expect(faultsOf(resultShapes['core/hello'], (await setting.client.hello(token)).result)).toEqual([]);
});
afterAll(async () => {
  setting.client.dispose();
  await setting.bench.dispose();
});

/** Makes the request as the contract has it; every answer but a result must be `unsupported`. */
async function answers(method: keyof Requests): Promise<void> {
  const { before, params } = cases[method] as (typeof cases)['core/status'];
  await before?.(setting);
  const { result, error } = await setting.client.request(method, params(setting));
  if (error === undefined) {
    expect(faultsOf(resultShapes[method], result)).toEqual([]);
    answering.add(method);
  } else {
    expect(error).toMatchObject({ data: { code: 'unsupported' } });
  }
}

async function codeOf(method: string, params: unknown): Promise<string | undefined> {
  const { error } = await setting.client.request(method, params);
  expect(error, `${method} ${JSON.stringify(params)} was not refused`).toBeDefined();
  expect(faultsOf(errorCode, error?.data?.code)).toEqual([]);
  expect(Number.isInteger(error?.code)).toBe(true);
  expect(typeof error?.message).toBe('string');
  return error?.data?.code;
}

describe('every request', () => {
  test.each(others)('%s answers as the contract says, or says unsupported', { timeout: 60_000 }, async (method) => {
    await answers(method);
  });

  test('of what is said to work here, something was really answered', async () => {
    const { client } = setting;
    const listed = (await client.request('server/list', {})).result as { id: string; exit: unknown }[];
    expect(listed.map(({ id }) => id)).toEqual(['demo', 'found']);
    expect(listed[0]).toMatchObject({ state: 'stopped', exit: { signal: 'SIGKILL', cause: 'asked' } });
    expect(listed[1]).toMatchObject({ state: 'running', exit: null });
    expect([...answering]).toEqual(
      expect.arrayContaining([
        'server/stop',
        'server/attach',
        'alert/claim',
        'alert/mute',
        'alert/away',
        'alert/test',
        'webhook/list',
        'server/maintenance',
        'console/tail',
        'history/events',
        'history/query',
        'history/export',
        'incident/get',
        'incident/list',
        'baseline/get',
        'baseline/relearn',
        'anomaly/feedback',
        'metric/mute',
      ]),
    );
    const pc = await client.request('baseline/get', { id: 'host' });
    expect(pc.result).toMatchObject({ version: 1, metrics: { cpu: { low: null, of: 576 }, netOut: { high: null } } });
    expect((await client.request('baseline/relearn', { id: 'host' })).error?.data?.code).toBe('unknown-server');
    const { result } = await client.request('console/tail', { id: 'demo', lines: 10_000 });
    expect((result as string[]).length).toBeGreaterThan(10);
  });
});

describe('wrong params', () => {
  const wrong = methods.flatMap((method) => cases[method].wrong.map((params) => [method, params] as const));

  test.each(wrong)('%s with %j', async (method, params) => {
    expect(await codeOf(method, params)).toBe(isAnswered(method) ? 'invalid-definition' : 'unsupported');
  });

  test.each(methods.filter((method) => cases[method].wrong.length > 0))(
    '%s with none, with a list, with null',
    async (method) => {
      for (const params of [undefined, null, [], ['demo']]) {
        // All that can be asked for may be left out there.
        if (method === 'client/subscribe') continue;
        expect(await codeOf(method, params)).toBe(isAnswered(method) ? 'invalid-definition' : 'unsupported');
      }
    },
  );

  test('a server that nobody knows', async () => {
    for (const method of methods.filter((name) => answering.has(name))) {
      const good = cases[method].params(setting) as Record<string, unknown>;
      if (!('id' in good)) continue;
      if (method === 'history/events') {
        // What is known of a server stays when it is gone; of one that never was, that is nothing.
        const { result } = await setting.client.request(method, { ...good, id: 'nobody' });
        expect(result).toEqual([]);
        continue;
      }
      for (const id of ['nobody', '', '../demo', 'Demo', '__proto__']) {
        expect(await codeOf(method, { ...good, id }), `${method} of ${id}`).toBe('unknown-server');
      }
    }
  });

  test('a hello that is none is unauthorized, also on a connection that has said one', async () => {
    const { token } = setting;
    const client = { name: 'x', version: '1' };
    for (const params of [
      {},
      { token: 'x'.repeat(64), protocol: 1, client },
      { token, client },
      { token, protocol: 1 },
    ]) {
      expect(await codeOf('core/hello', params)).toBe('unauthorized');
    }
    expect(await codeOf('core/hello', { token, protocol: 2, client })).toBe('protocol-mismatch');
  });

  test.each(['server/fly', '', 'server', '$/x'])('a request %j that there is not', async (method) => {
    expect(await codeOf(method, {})).toBe('unsupported');
  });

  test.each(['toString', 'constructor', '__proto__', 'hasOwnProperty'])(
    'a request %j that there is not',
    async (method) => {
      expect(await codeOf(method, {})).toBe('unsupported');
    },
  );

  test('what is refused leaves everything as it was', async () => {
    const { bench, client } = setting;
    const before = (await client.request('server/list', {})).result;
    const text = fs.readFileSync(`${bench.dataDir}/servers.json`, 'utf8');
    const sent = client.request('server/add', {
      definition: { ...bench.demo('new'), restart: { policy: 'sometimes' } },
    });
    expect(faultsOf(errorCode, (await sent).error?.data?.code)).toEqual([]);
    expect((await client.request('server/list', {})).result).toEqual(before);
    expect(fs.readFileSync(`${bench.dataDir}/servers.json`, 'utf8')).toBe(text);
  });
});

describe('the core', () => {
  test('is the same all the time, and has said nothing but answers and notifications', async () => {
    const { client } = setting;
    const { result } = await client.request('core/status', {});
    expect(result).toMatchObject({ pid: core.line.pid, version: core.line.version });
    expect(core.child.exitCode).toBeNull();
    expect(client.strange).toEqual([]);
    expect(client.isClosed).toBe(false);
  });

  test('server/cancelStop answers with a server that runs on', { timeout: 60_000 }, async () => {
    const { bench, client } = setting;
    await client.request('server/start', { id: 'demo' });
    const stop = client.request('server/stop', { id: 'demo', mode: 'graceful', countdownSeconds: 60 });
    await until('the announcement', () => bench.console().includes('Server stops in 60 seconds'));
    const { result } = await client.request('server/cancelStop', { id: 'demo' });
    expect((await stop).error?.data?.code).toBe('cancelled');
    expect(result).toMatchObject({ id: 'demo', state: 'running' });
  });

  test('core/retire is answered, and then it leaves', async () => {
    await answers('core/retire');
    expect(answering.has('core/retire')).toBe(true);
    expect(await core.exit).toBe(0);
    await until('the end of the connection', () => setting.client.isClosed);
  });
});
