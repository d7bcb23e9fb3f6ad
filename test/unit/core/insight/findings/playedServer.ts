import { expect } from 'vitest';
import type { Turn } from '../../../../../src/core/insight/findings/finding.js';
import type { HostAt } from '../../../../../src/core/insight/findings/hostStanding.js';
import {
  ServerInsight,
  type InsightSample,
  type InsightState,
} from '../../../../../src/core/insight/findings/serverInsight.js';
import { Random } from '../simulator/random.js';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
export const mb = 1024 ** 2;
export const origin = Date.UTC(2026, 0, 5);

export type Change = Partial<InsightSample>;

/** A server that plays by the clock: what is expected of it is known. */
export class Server {
  readonly insight = new ServerInsight();
  readonly turns: Turn[] = [];
  at = origin;
  private readonly random = new Random(11);

  /** learned: a state to begin with, four days later; or another, at another time. */
  constructor(learned?: string, other?: { state: string; at: number }) {
    const state = other?.state ?? learned;
    if (state !== undefined) {
      this.at = other?.at ?? origin + 4 * dayMs;
      expect(this.insight.restore(JSON.parse(state) as InsightState)).toBe(true);
    }
    this.insight.resume(this.at, origin - dayMs);
    if (other === undefined) this.runs(3 * minuteMs);
    this.turns.length = 0;
  }

  players(at: number): number {
    return Math.max(0, Math.round(5 + 5 * Math.sin((2 * Math.PI * (at % dayMs)) / dayMs)));
  }

  runs(
    ms: number,
    change: (at: number, usual: InsightSample) => Change = () => ({}),
    host?: HostAt,
    stepMs = minuteMs,
  ): void {
    for (const end = this.at + ms; this.at < end;) {
      this.at += stepMs;
      const players = this.players(this.at);
      const noise = (size: number): number => size * this.random.normal();
      const usual: InsightSample = {
        ...{ at: this.at, players, cpu: 40 + 8 * players + noise(3), memory: 2e9 + 3e7 * players + noise(4e6) },
        ...{
          tickRate: 20 - Math.abs(noise(0.05)),
          frameTime: 50 + Math.abs(noise(0.1)),
          apiTime: 20 + Math.abs(noise(2)),
        },
        ...{ ioRead: 1000, ioWrite: 5000 + Math.abs(noise(500)) },
      };
      this.take(this.insight.sample({ ...usual, ...change(this.at, usual) }, host));
    }
  }

  tell(kind: string, data: Record<string, unknown> = {}): void {
    this.take(this.insight.event(this.at, kind, data));
  }

  take(turns: readonly Turn[]): void {
    this.turns.push(...turns);
  }

  told(): string[] {
    return this.turns.map(({ turn, finding }) => `${turn} ${finding.kind}`);
  }
}

export const more = (cpu: number) => (_: number, usual: InsightSample) => ({ cpu: (usual.cpu ?? 0) + cpu });

/** The state of one that has played for four days, in which nothing was found. */
export function fourDays(): string {
  const server = new Server();
  server.runs(4 * dayMs);
  expect(server.told()).toEqual([]);
  return JSON.stringify(server.insight.state(true));
}
