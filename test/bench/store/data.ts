import type { Row } from './subject.js';

export const servers = Array.from({ length: 10 }, (_, index) => `server-${String(index + 1).padStart(2, '0')}`);

const saveEveryMs = 5 * 60_000;
const dayMs = 24 * 3_600_000;
const page = 4096;

interface Walk {
  readonly slots: number;
  readonly idleCpu: number;
  readonly cpuPerPlayer: number;
  /** So that not all servers save, and are busy, at the same moment. */
  readonly shiftMs: number;
  readonly evening: number;
  players: number;
  drift: number;
  memory: number;
  threads: number;
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Ten game servers as they look to a monitor: players come in the evening, CPU follows them, memory creeps up and falls at
 * the nightly restart, and every five minutes a save writes for a moment. The same seed gives the same rows.
 */
export class Servers {
  private readonly random: () => number;
  private readonly walks: readonly Walk[];

  constructor(seed: number) {
    this.random = seededRandom(seed);
    this.walks = servers.map((_, index) => ({
      slots: 8 + index * 4,
      idleCpu: 4 + 3 * index,
      cpuPerPlayer: 2 + (index % 3),
      shiftMs: index * 29_000,
      evening: (19 + (index % 4)) / 24,
      players: index,
      drift: 0,
      memory: (1.2 + 0.5 * index) * 1e9,
      threads: 30 + 4 * index,
    }));
  }

  rowsAt(at: number): Row[] {
    return this.walks.map((walk, index) => ({ server: servers[index] ?? '', values: this.step(walk, at) }));
  }

  private step(walk: Walk, at: number): Row['values'] {
    const { random } = this;
    const local = at + walk.shiftMs;
    const wanted = walk.slots * (0.35 + 0.35 * Math.cos(2 * Math.PI * ((local % dayMs) / dayMs - walk.evening)));
    if (random() < 0.01) walk.players += Math.sign(Math.round(wanted - walk.players)) + Math.round(random() * 2 - 1);
    walk.players = Math.min(walk.slots, Math.max(0, walk.players));
    walk.drift = 0.98 * walk.drift + (random() - 0.5) * 3;
    const isNightly = local % dayMs < 5_000;
    walk.memory = isNightly ? walk.memory * 0.7 : Math.min(12e9, walk.memory + (random() - 0.48) * 2e6);
    if (random() < 0.005) walk.threads += Math.round(random() * 4 - 2);
    const isSaving = local % saveEveryMs < 5_000;
    const cpu = walk.idleCpu + walk.cpuPerPlayer * walk.players + walk.drift + (isSaving ? 30 * random() : 0);
    return {
      cpu: Math.max(0, cpu),
      memory: Math.round(walk.memory / page) * page,
      ioRead: random() < 0.1 ? random() * 200_000 : 0,
      ioWrite: isSaving ? (2 + 6 * random()) * 1e6 : 400 + 3_000 * random(),
      threads: Math.max(8, walk.threads),
      players: walk.players,
    };
  }
}
