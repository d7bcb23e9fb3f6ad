import { describe, expect, test } from 'vitest';
import { gameLines, playersText } from '../../../src/extension/text/gameText.js';
import type { ServerView } from '../../../src/shared/contract.js';
import { noon, reader, sample, t, view } from './fixtures.js';

const context = { ...reader, now: noon, cpus: 4, scale: 'core' } as const;
const linesOf = (change: Partial<ServerView>): Record<string, string> =>
  Object.fromEntries(gameLines(view(change), context));
const noSave = view().save;

test('nothing is told of what is not known', () => {
  expect(linesOf({})).toEqual({});
  expect(linesOf({ sample: sample() })).toEqual({});
});

describe('players', () => {
  const players = { online: 3, max: 32, source: 'rest', at: noon - 12_000 };

  test('with their source, and the age of an answer', () => {
    expect(linesOf({ players })).toEqual({ Players: '3/32, from the REST API, 12 s ago' });
    expect(linesOf({ players: { ...players, source: 'log' } })).toEqual({ Players: '3/32, from its log' });
    expect(linesOf({ players: { ...players, max: null, source: null, at: null } })).toEqual({ Players: '3' });
    expect(linesOf({ players: { ...players, source: 'telepathy' } }).Players).toBe('3/32, telepathy, 12 s ago');
  });

  test('none is a number, not known is none', () => {
    expect(playersText(view({ players: { ...players, online: 0 } }), t)).toBe('0/32 players');
    expect(playersText(view({ players: { ...players, online: null } }), t)).toBeUndefined();
    expect(playersText(view({ players: { ...players, online: null }, sample: sample({ players: 2 }) }), t)).toBe(
      '2/32 players',
    );
  });
});

test('tick rate and frame time, each where it is told', () => {
  expect(linesOf({ sample: sample({ tickRate: 58.24, frameTime: 17.2 }) })).toEqual({ 'Tick rate': '58.2/s, 17 ms' });
  expect(linesOf({ sample: sample({ tickRate: 20 }) })).toEqual({ 'Tick rate': '20.0/s' });
  expect(linesOf({ sample: sample({ frameTime: 0 }) })).toEqual({ 'Frame time': '0.0 ms' });
});

test.each<[ServerView['api']['is'], string | null, number | null, string | undefined]>([
  ['none', null, null, undefined],
  ['ok', 'rest', 12.3, 'REST API: answers in 12 ms'],
  ['ok', 'rcon', null, 'RCON: answers'],
  ['silent', 'query', null, 'Query port: no answer for 3 min'],
  ['refused', 'rest', null, 'REST API: does not take the password'],
  ['locked', null, null, 'password missing'],
  ['waiting', null, null, 'not asked yet'],
])('the game API is %s by %s', (is, via, apiTime, text) => {
  const change = { api: { is, via, since: noon - 180_000 }, sample: sample({ apiTime }) };
  expect(linesOf(change)['Game API']).toBe(text);
});

describe('saves', () => {
  test('the last one, with what is known of it', () => {
    const save = { ...noSave, lastAt: noon - 200_000 };
    expect(linesOf({ save })).toEqual({ 'Last save': '3 min ago' });
    expect(linesOf({ save: { ...save, tookMs: 2100, bytes: 6.1 * 1024 ** 2 } })).toEqual({
      'Last save': '3 min ago, took 2.1 s, 6 MB',
    });
    expect(linesOf({ save: { ...save, running: true } })).toEqual({ 'Last save': 'saving…' });
  });

  test('how often, whether that was seen or told, and when next', () => {
    const save = { ...noSave, intervalMs: 300_000 };
    expect(linesOf({ save })).toEqual({ 'Saves every': '5 min' });
    const disk = { freeBytes: 12.5 * 1024 ** 3, totalBytes: 100 * 1024 ** 3 };
    expect(linesOf({ disk })).toEqual({ 'Free on its disk': '12.5 GB' });
    expect(linesOf({ save: { ...save, isLearned: true, nextAt: noon + 61_000 } })).toEqual({
      'Saves every': '5 min (as seen so far), the next one in 1 min',
    });
    expect(linesOf({ save: { ...save, intervalMs: 90_000, nextAt: noon - 1 } })).toEqual({ 'Saves every': '90 s' });
  });
});

describe('what a player costs', () => {
  const marginal = { value: 11, low: 9, high: 13, hours: 40 };
  const ofMemory = { value: 1024 ** 2, low: -5 * 1024 ** 2, high: 200 * 1024 ** 2, hours: 40 };
  const text = (perPlayer: ServerView['perPlayer']): string | undefined => linesOf({ perPlayer })['Per player'];

  test('quotient, and one more with its borders', () => {
    expect(text({ cpu: { quotient: 14, marginal }, memory: null })).toBe('CPU 14 % (one more: 9.0 % to 13 %)');
    expect(text({ cpu: { quotient: 14, marginal: null }, memory: { quotient: 120 * 1024 ** 2, marginal: null } })).toBe(
      'CPU 14 %, memory 120 MB',
    );
  });

  test('nobody plays: what one would add; no border below nothing', () => {
    expect(text({ cpu: { quotient: null, marginal }, memory: null })).toBe('CPU one more: 9.0 % to 13 %');
    expect(text({ cpu: null, memory: { quotient: null, marginal: ofMemory } })).toBe('memory one more: 0 KB to 200 MB');
    expect(text({ cpu: { quotient: null, marginal: null }, memory: null })).toBeUndefined();
  });
});
