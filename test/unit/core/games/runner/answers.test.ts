import { expect, test } from 'vitest';
import { Answers } from '../../../../../src/core/games/runner/answers.js';
import { ApiStatus, judge } from '../../../../../src/core/games/runner/apiStatus.js';
import { Failure } from '../../../../../src/shared/failure.js';

const names = [{ name: 'Ann', id: null }];

test('each value is of the best way that told it in the newest round', () => {
  const answers = new Answers();
  answers.beginRound();
  answers.note(0, { reading: { players: 1, tickRate: 60 }, via: 'rest', at: 100, tookMs: 3 });
  answers.note(1, { reading: { players: 9, names }, via: 'rcon', at: 110, tookMs: 5 });
  expect(answers.facts(120, 1000)).toEqual({
    players: { value: 1, source: 'rest', at: 100 },
    maxPlayers: null,
    names: { value: names, source: 'rcon', at: 110 },
    tickRate: 60,
    frameTime: null,
    apiTime: 3,
  });
  answers.beginRound();
  answers.note(1, { reading: { players: 2 }, via: 'rcon', at: 200, tookMs: 7 });
  const next = answers.facts(210, 1000);
  expect([next.players, next.tickRate, next.apiTime]).toEqual([{ value: 2, source: 'rcon', at: 200 }, 60, 7]);
});

test('what is old is forgotten, and what is of a time to come', () => {
  const answers = new Answers();
  answers.note(0, { reading: { players: 0 }, via: 'query', at: 1000, tookMs: 1 });
  expect(answers.facts(2000, 1000).players?.value).toBe(0);
  expect(answers.facts(2001, 1000)).toMatchObject({ players: null, apiTime: null });
  expect(answers.facts(999, 1000).players).toBeNull();
  answers.clear();
  expect(answers.facts(1000, 1000).players).toBeNull();
});

test('a way is worth asking that was never heard, or tells more', () => {
  const answers = new Answers();
  expect(answers.mayAdd(1, new Set(['players']))).toBe(true);
  answers.note(1, { reading: { players: 1, names, version: '1' }, via: 'rcon', at: 0, tookMs: 0 });
  expect(answers.mayAdd(1, new Set(['players']))).toBe(true);
  expect(answers.mayAdd(1, new Set(['players', 'names']))).toBe(false);
});

test('what the ways come to', () => {
  const [rejected, missing, silent] = (['auth-rejected', 'secret-missing', 'timeout'] as const).map(
    (code) => new Failure(code),
  );
  expect(judge('rcon', [['rest', silent!]])).toEqual({ is: 'ok', via: 'rcon' });
  expect(judge(undefined, [])).toEqual({ is: 'none', via: null });
  expect(judge(undefined, [['rest', missing!]])).toEqual({ is: 'locked', via: 'rest' });
  expect(
    judge(undefined, [
      ['rest', missing!],
      ['query', silent!],
    ]),
  ).toEqual({ is: 'silent', via: 'query' });
  expect(
    judge(undefined, [
      ['query', silent!],
      ['rcon', rejected!],
    ]),
  ).toEqual({ is: 'refused', via: 'rcon' });
});

test('since is when the state began, whichever way it is by', () => {
  const status = new ApiStatus(1, { is: 'waiting', via: null });
  expect(status.becomes({ is: 'ok', via: 'rest' }, 2)).toBe(true);
  expect(status.becomes({ is: 'ok', via: 'rcon' }, 3)).toBe(false);
  expect(status.now).toEqual({ is: 'ok', via: 'rcon', since: 2, hasAnswered: true });
});
