import { beforeEach, describe, expect, test } from 'vitest';
import { ToldPlayers } from '../../../../src/core/players/toldPlayers.js';

const begin = 1_800_000_000_000;
let players: ToldPlayers;
beforeEach(() => {
  players = new ToldPlayers();
});

/** 'Ada#7' is Ada with the id 7. */
const list = (...names: string[]): Parameters<ToldPlayers['told']>[0] =>
  names.map((text) => {
    const [name = '', id] = text.split('#');
    return { name, id: id ?? null };
  });
/** So many seconds after the beginning; as 'joined Ada', 'left Ada 15000'. */
const told = (seconds: number, ...names: string[]): string[] =>
  players.told(list(...names), begin + seconds * 1000).map(shown);
const shown = (what: ReturnType<ToldPlayers['told']>[number]): string =>
  what.is === 'left'
    ? `left ${what.name} ${String(what.playedMs)}`
    : what.is === 'joined'
      ? `joined ${what.name}`
      : what.is;
const online = (): string[] => players.online().map(({ name, id, since }) => `${name} ${String(id)} ${String(since)}`);

describe('the first list', () => {
  test('tells who is on, not that they have joined', () => {
    expect(told(0, 'Ada#1', 'Bo')).toEqual([]);
    expect(online()).toEqual(['Ada 1 null', 'Bo null null']);
    expect(told(15, 'Bo')).toEqual(['left Ada null']);
  });

  test('of a server that has just started tells of joining', () => {
    players.begun(begin);
    expect(told(60, 'Ada')).toEqual(['joined Ada']);
    expect(told(75)).toEqual(['left Ada 15000']);
  });

  test('after everything was forgotten is a first one again', () => {
    players.begun(begin);
    told(15, 'Ada');
    players.clear();
    expect(online()).toEqual([]);
    expect(told(30, 'Bo')).toEqual([]);
  });
});

test('comings and goings, with the times as of the lists', () => {
  told(0);
  expect(players.told(list('Ada'), begin + 15_000)).toEqual([{ is: 'joined', at: begin + 15_000, name: 'Ada' }]);
  expect(told(30, 'Bo', 'Ada')).toEqual(['joined Bo']);
  expect(online()).toEqual([`Ada null ${begin + 15_000}`, `Bo null ${begin + 30_000}`]);
  expect(players.told(list('Cy', 'Bo'), begin + 45_000)).toEqual([
    { is: 'left', at: begin + 45_000, name: 'Ada', playedMs: 30_000 },
    { is: 'joined', at: begin + 45_000, name: 'Cy' },
  ]);
});

describe('who is who', () => {
  beforeEach(() => {
    told(0);
  });

  test('two of one name with ids', () => {
    told(15, 'Ada#1');
    expect(told(30, 'Ada#1', 'Ada#2')).toEqual(['joined Ada']);
    expect(told(45, 'Ada#2')).toEqual(['left Ada 30000']);
    expect(online()).toEqual([`Ada 2 ${begin + 30_000}`]);
  });

  test('two of one name without ids', () => {
    expect(told(15, 'Ada', 'Ada')).toEqual(['joined Ada', 'joined Ada']);
    expect(told(30, 'Ada')).toEqual(['left Ada 15000']);
    expect(told(45, 'Ada')).toEqual([]);
  });

  test('another name of the same one: no coming and going, and the end is told by the first name', () => {
    told(15, 'Ada#1');
    expect(told(30, 'Eve#1')).toEqual([]);
    expect(online()).toEqual([`Eve 1 ${begin + 15_000}`]);
    expect(told(45)).toEqual(['left Ada 30000']);
  });

  test('another id of the same name is somebody else', () => {
    told(15, 'Ada#1');
    expect(told(30, 'Ada#2')).toEqual(['left Ada 15000', 'joined Ada']);
  });

  test('an id that is told later, or by some lists only', () => {
    told(15, 'Ada');
    expect(told(30, 'Ada#1')).toEqual([]);
    expect(told(45, 'Ada')).toEqual([]);
    expect(online()).toEqual([`Ada 1 ${begin + 15_000}`]);
  });

  test('the same one twice in a list, and one who has no name yet', () => {
    expect(told(15, 'Ada#1', 'Ada#1', '#2')).toEqual(['joined Ada']);
    expect(told(30, 'Ada#1', 'Bo#2')).toEqual(['joined Bo']);
    expect(told(45, 'Ada#1', '#2')).toEqual([]);
    expect(online()[1]).toBe(`Bo 2 ${begin + 30_000}`);
  });
});

describe('a long time without a list', () => {
  beforeEach(() => {
    told(0);
    told(15, 'Ada', 'Bo');
  });

  test('ends at the last look for who is gone; who is new was perhaps there for long', () => {
    expect(players.told(list('Bo', 'Cy'), begin + 3_600_000)).toEqual([
      { is: 'left', at: begin + 15_000, name: 'Ada', playedMs: 0 },
    ]);
    expect(online()).toEqual([`Bo null ${begin + 15_000}`, 'Cy null null']);
  });

  test('of some minutes is none', () => {
    expect(told(300, 'Bo', 'Cy')).toEqual(['left Ada 285000', 'joined Cy']);
  });

  test('a clock that was set back makes no time negative', () => {
    expect(told(-3600, 'Bo', 'Cy')).toEqual(['left Ada 0']);
    expect(told(-3585, 'Bo', 'Cy', 'Di')).toEqual(['joined Di']);
  });
});

test('with the end of the server all leave', () => {
  told(0, 'Ada');
  told(15, 'Ada', 'Bo');
  expect(players.end(begin + 30_000).map(shown)).toEqual(['left Ada null', 'left Bo 15000']);
  expect(players.end(begin + 30_000)).toEqual([]);
  expect(told(45, 'Ada')).toEqual([]);
});
