import { expect, test } from 'vitest';
import { Failure } from '../../src/shared/failure.js';
import { until, useBench } from './support/bench.js';

const bench = useBench();
const id = 'demo';
const patient = { timeoutMs: null };

test('players read in the language and the words that are set that it restarts, why, and that it stops', async () => {
  await bench().core();
  const connection = await bench().connect();
  await connection.request('settings/set', {
    settings: { language: 'ko', announcements: { stop: '{seconds}초 남았습니다', restart: '' } },
  });
  await connection.request('server/add', { definition: bench().demo() });
  await connection.request('server/start', { id });
  const soon = { id, mode: 'graceful', countdownSeconds: 1 } as const;
  await connection.request('server/restart', { ...soon, reason: '점검' }, patient);
  await until('the restart', () => bench().console().includes('서버가 1초 후 재시작됩니다: 점검'));
  await connection.request('server/stop', soon, patient);
  await until('the stop', () => bench().console().includes('1초 남았습니다'));
});

test('what the console of a game has no characters for is not said at all', async () => {
  await bench().core();
  const connection = await bench().connect();
  await connection.request('settings/set', { settings: { language: 'ko' } });
  await connection.request('server/add', { definition: bench().demo(id, { console: { encoding: 'cp1252' } }) });
  await connection.request('server/start', { id });
  const announced = connection.request('server/announce', { id, text: '곧 돌아옵니다' });
  await expect(announced).rejects.toSatisfy(
    (error) => Failure.is(error, 'unsupported') && error.data.what === 'announce-characters',
  );
  await connection.request('server/stop', { id, mode: 'graceful', countdownSeconds: 1 }, patient);
  await until('the stop', () => bench().console().includes('Server stops in 1 second'));
});
