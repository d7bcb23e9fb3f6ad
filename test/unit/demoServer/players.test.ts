import { describe, expect, it } from 'vitest';
import { meanStayMs, playerNames, PlayerProcess, smallTalk } from '../../../src/demoServer/players.js';
import { seeded } from '../../../src/demoServer/random.js';

const hour = 3_600_000;

describe('players who come and go', () => {
  it('are the same for the same seed, however often one looks', () => {
    const once = new PlayerProcess(5, 42).advance(hour);
    const often = new PlayerProcess(5, 42);
    const events = [];
    for (let now = 0; now <= hour; now += 50) events.push(...often.advance(now));
    expect(events).toEqual(once);
    expect(once.length).toBeGreaterThan(50);
    expect(new PlayerProcess(5, 43).advance(hour)).not.toEqual(once);
  });

  it('come within seconds', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const players = new PlayerProcess(3, seed);
      expect(players.advance(999)).toEqual([]);
      expect(players.advance(3_000)[0]?.kind).toBe('join');
    }
  });

  it('never come when none are wanted', () => {
    expect(new PlayerProcess(0, 1).advance(1_000 * hour)).toEqual([]);
  });

  it.each([0.5, 1, 3, 10, 28, 32])('are %d on average', (average) => {
    const players = new PlayerProcess(average, 9);
    players.advance(hour);
    let sum = 0;
    const samples = 8_000;
    for (let i = 1; i <= samples; i++) {
      players.advance(hour + i * (meanStayMs / 4));
      sum += players.online.length;
    }
    expect(Math.abs(sum / samples - average)).toBeLessThan(0.1 * average + 0.1);
  });

  it('come and go in turn, under names of their own, 32 at most', () => {
    const players = new PlayerProcess(31, 3);
    const present = new Set<string>();
    for (const { kind, name } of players.advance(10 * hour)) {
      expect(present.has(name)).toBe(kind === 'leave');
      if (kind === 'join') present.add(name);
      else present.delete(name);
      expect(present.size).toBeLessThanOrEqual(32);
    }
    expect([...present].sort()).toEqual([...players.online].sort());
  });

  it('are held at a number, and let go again', () => {
    const players = new PlayerProcess(3, 1);
    expect(players.hold(32).length).toBe(32);
    expect(players.advance(hour)).toEqual([]);
    expect(players.hold(2).every((e) => e.kind === 'leave')).toBe(true);
    expect(players.online.length).toBe(2);
    expect(players.hold(2)).toEqual([]);
    players.release(hour);
    expect(players.advance(2 * hour).length).toBeGreaterThan(0);
  });

  it('leave one after the other when none are wanted any more', () => {
    const players = new PlayerProcess(0, 1);
    players.hold(3);
    players.release(0);
    expect(players.advance(100 * hour).map((e) => e.kind)).toEqual(['leave', 'leave', 'leave']);
  });

  it('have names without blanks, each once', () => {
    expect(new Set(playerNames).size).toBe(playerNames.length);
    expect(playerNames.length).toBeGreaterThanOrEqual(40);
    for (const name of playerNames) expect(name).toMatch(/^\w{3,16}$/);
  });

  it('talk only when there', () => {
    const random = seeded(1);
    expect(smallTalk(random, [])).toBeUndefined();
    for (let i = 0; i < 200; i++) expect(smallTalk(random, ['Ann'])).toMatch(/^(<Ann>|Ann) \S+/);
  });
});
