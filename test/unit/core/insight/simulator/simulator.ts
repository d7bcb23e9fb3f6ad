import type { HostAt } from '../../../../../src/core/insight/findings/hostStanding.js';
import type { InsightSample } from '../../../../../src/core/insight/findings/serverInsight.js';
import { arrivalsPerHour, profileOf, type Profile } from './profile.js';
import { Lasting, Random } from './random.js';

export const injectedKinds = ['leak', 'runaway', 'stuckSave', 'crashLoop', 'hostLag', 'surge'] as const;
export type InjectedKind = (typeof injectedKinds)[number];

/** What was done to a server, and when. isSeen: whether anything that is measured can show it. */
export interface Label {
  readonly kind: InjectedKind;
  readonly begin: number;
  readonly end: number;
  readonly isSeen: boolean;
}

export interface SimulatedEvent {
  readonly at: number;
  readonly kind: string;
  readonly data: Record<string, unknown>;
}

export interface SimulatedStep {
  readonly sample: InsightSample;
  readonly host: HostAt;
  /** Since the step before. */
  readonly events: readonly SimulatedEvent[];
  readonly isSaving: boolean;
  /** One core has more to do than it can: the game gets slower. */
  readonly isOverloaded: boolean;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
export const weekMs = 7 * dayMs;
const mb = 1024 ** 2;
/** A Monday. */
export const origin = Date.UTC(2026, 0, 5);

/** Of each kind one, a day each, in the second week. Hours are such that a restart of the night does not cut them short. */
function planned(random: Random, profile: Profile): Label[] {
  return random.shuffled(injectedKinds).map((kind, day) => {
    const begin = origin + weekMs + day * dayMs + random.between(8.5, 15) * hourMs;
    const lengths: Readonly<Record<InjectedKind, number>> = {
      leak: 5 * hourMs,
      runaway: random.between(15, 60) * minuteMs,
      stuckSave:
        random.between(Math.max(14, (4.5 * profile.saveEveryMs) / minuteMs), 5 + (6 * profile.saveEveryMs) / minuteMs) *
        minuteMs,
      crashLoop: 15 * minuteMs,
      hostLag: random.between(10, 30) * minuteMs,
      surge: random.between(60, 120) * minuteMs,
    };
    const { hasPlayers, tellsSaves, savesEmpty } = profile;
    const isSeen =
      kind === 'hostLag'
        ? profile.tick !== null || (profile.hasApi && profile.apiBase > 25)
        : kind === 'stuckSave'
          ? savesEmpty && (tellsSaves || hasPlayers)
          : // Where nobody knows who plays, memory that grows in an evening may be theirs.
            kind !== 'leak' || hasPlayers;
    return { kind, begin, end: begin + lengths[kind], isSeen };
  });
}

/** One game server, two weeks or more: the first as usual, in the second one thing after the other goes wrong. */
export class SimulatedServer {
  readonly profile: Profile;
  readonly labels: readonly Label[];
  private readonly random: Random;
  private at = origin;
  private playing = 0;
  private seenPlayers = 0;
  private events: SimulatedEvent[] = [];
  private startedAt: number;
  private downUntil = 0;
  private readyAt = 0;
  private nextSave: number;
  private saveBegin = -Infinity;
  private saveEnd = -Infinity;
  private saveIsOpen = false;
  private exploreUntil = 0;
  private exploreCpu = 0;
  private explored = 0;
  private hostBurstUntil = 0;
  private grown = 0;
  private leaked = 0;
  private nextCrash = 0;
  private restartedOn = -1;
  private backupAt = Infinity;
  private backupDay = -1;
  private readonly slow: Lasting;
  private readonly memoryNoise: Lasting;
  private readonly hostNoise: Lasting;
  private readonly apiNoise: Lasting;

  constructor(
    seed: number,
    private readonly stepMs = minuteMs,
    isInjected = true,
    world: Partial<Profile> = {},
  ) {
    const random = new Random(seed);
    this.random = random;
    this.profile = { ...profileOf(random), ...world };
    this.labels = isInjected ? planned(random, this.profile) : [];
    this.startedAt = origin - random.between(0, 48) * hourMs;
    this.nextSave = origin + random.next() * this.profile.saveEveryMs;
    this.slow = new Lasting(random, stepMs, this.profile.noiseLastsMs);
    this.memoryNoise = new Lasting(random, stepMs, 20 * minuteMs);
    this.hostNoise = new Lasting(random, stepMs, 30 * minuteMs);
    this.apiNoise = new Lasting(random, stepMs, 10 * minuteMs);
    this.seenPlayers = this.playing = random.poisson(this.profile.peakPlayers / 3);
  }

  get uptimeBegan(): number {
    return this.startedAt;
  }

  next(): SimulatedStep {
    this.events = [];
    const from = this.at;
    const at = (this.at += this.stepMs);
    const injected = this.injectedAt(at);
    this.lives(at, injected);
    this.players(at, injected);
    const isUp = at >= this.downUntil;
    const saving = isUp ? this.saves(from, at, injected) : 0;
    const { sample, host } = this.measured(at, { isUp, saving, injected });
    const isOverloaded = isUp && (sample.cpu ?? 0) * this.profile.mainThread > 103;
    return { sample, host, events: this.events, isSaving: saving > 0, isOverloaded };
  }

  private injectedAt(at: number): Label | undefined {
    return this.labels.find(({ begin, end }) => at > begin && at <= end);
  }

  /** Milliseconds that the local clock is ahead. */
  ahead(at: number): number {
    return at >= this.profile.clocksChangeAt ? hourMs : 0;
  }

  private local(at: number): number {
    return at + this.ahead(at);
  }

  private tell(at: number, kind: string, data: Record<string, unknown> = {}): void {
    this.events.push({ at, kind, data });
  }

  /** Restarts of the night, crashes, and the restart that ends a leak. */
  private lives(at: number, injected: Label | undefined): void {
    const { random, profile } = this;
    if (this.downUntil > 0 && at >= this.downUntil && this.startedAt < this.downUntil) {
      this.startedAt = this.downUntil;
      this.readyAt = this.startedAt + random.between(20, 90) * 1000;
      this.leaked = this.explored = 0;
      this.nextSave = this.startedAt + profile.saveEveryMs;
      this.tell(this.startedAt, 'started', { by: 'restart' });
    }
    if (this.readyAt > 0 && at >= this.readyAt) {
      this.tell(this.readyAt, 'ready', { tookMs: this.readyAt - this.startedAt });
      this.readyAt = 0;
    }
    if (at < this.downUntil) return;
    const day = Math.floor(this.local(at) / dayMs);
    const hour = (this.local(at) % dayMs) / hourMs;
    if (profile.restartEveryMs !== null && at - this.startedAt > profile.restartEveryMs)
      this.down(at, 'stopped', random.between(20, 90) * 1000);
    if (
      profile.restartHour !== null &&
      hour >= profile.restartHour &&
      hour < profile.restartHour + 0.2 &&
      this.restartedOn !== day
    ) {
      this.restartedOn = day;
      this.down(at, 'stopped', random.between(20, 90) * 1000);
    }
    const leak = this.labels.find(({ kind, end }) => kind === 'leak' && at > end && at - end <= this.stepMs);
    if (leak !== undefined) this.down(at, 'stopped', 30_000);
    if (injected?.kind !== 'crashLoop') this.nextCrash = 0;
    else if (at >= this.nextCrash) {
      this.nextCrash = at + 3 * minuteMs;
      this.down(at, 'crashed', 20_000);
    }
  }

  private down(at: number, kind: 'stopped' | 'crashed', forMs: number): void {
    if (kind === 'stopped') this.tell(at, 'stopping', { by: 'user' });
    this.tell(at, kind, { cause: kind === 'crashed' ? 'crash' : 'asked' });
    this.downUntil = at + forMs;
    this.playing = Math.floor(this.playing * 0.7);
    this.saveIsOpen = false;
    this.saveBegin = this.saveEnd = -Infinity;
  }

  private players(at: number, injected: Label | undefined): void {
    const { random, profile, stepMs } = this;
    const hour = (this.local(at) % dayMs) / hourMs;
    const day = Math.floor((at - origin) / dayMs) % 7;
    let mean = (arrivalsPerHour(profile, hour, day) * stepMs) / hourMs;
    // Three times what usually plays in the evening, within ten minutes.
    if (injected?.kind === 'surge') {
      const missing = 2.5 * profile.peakPlayers - this.playing;
      if (missing > 0 && at - injected.begin < 12 * minuteMs) mean += (missing * stepMs) / (6 * minuteMs);
      else mean += (2.5 * profile.peakPlayers * stepMs) / profile.sessionMs;
    }
    this.playing += random.poisson(mean);
    const leaves = stepMs / profile.sessionMs;
    let left = 0;
    for (let one = 0; one < this.playing; one++) if (random.chance(leaves)) left++;
    this.playing -= left;
    const lag = Math.exp(-stepMs / profile.memoryLagMs);
    this.seenPlayers = this.playing + (this.seenPlayers - this.playing) * lag;
  }

  /** The part of this step in which a save is under way. */
  private saves(from: number, at: number, injected: Label | undefined): number {
    const { random, profile } = this;
    if (this.saveIsOpen && injected?.kind !== 'stuckSave' && this.saveEnd === Infinity) this.saveEnd = at;
    if (this.saveIsOpen && at >= this.saveEnd) {
      this.saveIsOpen = false;
      if (profile.tellsSaves) this.tell(this.saveEnd, 'saved', { tookMs: this.saveEnd - this.saveBegin });
      this.nextSave = Math.max(this.nextSave, this.saveEnd);
    }
    while (!this.saveIsOpen && this.nextSave < at) {
      const begin = this.nextSave;
      this.nextSave += profile.saveEveryMs + random.between(0, 1500);
      if (!profile.savesEmpty && this.playing === 0) continue;
      this.saveBegin = begin;
      const took = profile.saveTookMs * Math.exp(0.15 * random.normal()) * (1 + 0.01 * this.playing);
      this.saveEnd = injected?.kind === 'stuckSave' ? Infinity : begin + took;
      this.saveIsOpen = true;
      if (profile.tellsSaves) this.tell(begin, 'save-begun');
      if (at >= this.saveEnd) {
        this.saveIsOpen = false;
        if (profile.tellsSaves) this.tell(this.saveEnd, 'saved', { tookMs: took });
      }
    }
    const overlap = Math.min(at, this.saveEnd) - Math.max(from, this.saveBegin);
    return Math.max(0, overlap) / this.stepMs;
  }

  private measured(
    at: number,
    { isUp, saving, injected }: { isUp: boolean; saving: number; injected: Label | undefined },
  ): { sample: InsightSample; host: HostAt } {
    const { random, profile } = this;
    const isStuck = injected?.kind === 'stuckSave' && this.saveIsOpen;
    const save = isStuck ? 0 : saving;
    const { cpu, backup } = this.cpuOf(at, save, injected);
    const memory = this.memoryOf(at, save, injected);
    const hostCpu = this.hostCpu(at, cpu, injected);
    const isLate = hostCpu > 94;
    const slowness = isStuck ? 0.15 : injected?.kind === 'hostLag' ? random.between(0.45, 0.7) : isLate ? 0.95 : 1;
    const room = Math.min(1, 98 / Math.max(1, cpu * profile.mainThread));
    const rate =
      profile.tick === null
        ? null
        : profile.tick * room * slowness * (1 - 0.3 * save) * (1 - Math.abs(0.004 * random.normal()));
    const wait = 1 + 0.8 * (cpu / (100 * profile.cores)) + (injected?.kind === 'hostLag' ? 6 : 0) + (isStuck ? 20 : 0);
    const outlier = random.chance(0.004) ? random.between(5, 30) : 1;
    const api = profile.apiBase * Math.exp(0.15 * this.apiNoise.next() + 0.15 * random.normal()) * wait * outlier;
    const little = 8 * 1024 * Math.exp(0.5 * random.normal()) * (1 + this.playing);
    const sample: InsightSample = {
      at,
      cpu: isUp ? cpu : null,
      memory: isUp ? memory : null,
      tickRate: isUp ? rate : null,
      frameTime: isUp && rate !== null ? 1000 / Math.max(0.5, rate) : null,
      players: isUp && profile.hasPlayers ? this.playing : null,
      ioRead: isUp && profile.hasDisk ? little + backup * 40 * mb : null,
      ioWrite: isUp && profile.hasDisk ? little + save * profile.saveWrite : null,
      apiTime: isUp && profile.hasApi ? api : null,
    };
    const used = Math.min(98, 25 + (100 * memory) / profile.hostBytes);
    const host = {
      cpu: hostCpu,
      memoryUsed: used,
      memoryTotalBytes: profile.hostBytes,
      pressureCpu: null,
      cores: profile.cores,
    };
    return { sample, host };
  }

  private cpuOf(at: number, save: number, injected: Label | undefined): { cpu: number; backup: number } {
    const { random, profile, stepMs } = this;
    // Somebody walks into parts of the world that have to be made first.
    if (at > this.exploreUntil && random.chance((0.12 * this.playing * stepMs) / hourMs)) {
      this.exploreUntil = at + random.between(3, 12) * minuteMs;
      this.exploreCpu = random.between(15, 50);
    }
    const explore = at <= this.exploreUntil ? this.exploreCpu : 0;
    if (explore > 0) this.explored += (2 * mb * stepMs) / minuteMs;
    const day = Math.floor(this.local(at) / dayMs);
    if (profile.backupHour !== null && day !== this.backupDay) {
      this.backupDay = day;
      this.backupAt = day * dayMs + profile.backupHour * hourMs + random.between(0, 10) * minuteMs - this.ahead(at);
    }
    const backup = at >= this.backupAt && at < this.backupAt + profile.backupMs ? 1 : 0;
    const players = profile.cpuPerPlayer * this.playing ** profile.cpuBend;
    const noise = Math.exp(profile.cpuSlowNoise * this.slow.next() + profile.cpuFastNoise * random.normal());
    const sinceFour = at - origin - 6 * dayMs - 4 * hourMs;
    const weekly = sinceFour > 0 && sinceFour % weekMs < 25 * minuteMs ? profile.weeklyCpu : 0;
    const loading = at - this.startedAt < 2 * minuteMs ? 120 : 0;
    let cpu =
      (profile.cpuBase + players) * noise +
      explore +
      backup * profile.backupCpu +
      save * profile.saveCpu +
      loading +
      weekly;
    if (injected?.kind === 'runaway') cpu += 105 + 5 * random.normal();
    if (injected?.kind === 'hostLag') cpu *= 0.85;
    return { cpu: Math.min(cpu, 100 * profile.cores), backup };
  }

  private memoryOf(at: number, save: number, injected: Label | undefined): number {
    const { profile, stepMs } = this;
    this.grown += (profile.growthPerHour * stepMs) / hourMs;
    if (injected?.kind === 'leak') this.leaked += (50 * mb * stepMs) / hourMs;
    const cache = profile.cache * (1 - Math.exp(-(at - this.startedAt) / profile.cacheMs));
    // The mean over the step, as a sampler that comes every few seconds sees it.
    let garbage = 0;
    const looks = Math.ceil(stepMs / 10_000);
    for (let look = 0; look < looks; look++)
      garbage += (profile.collected * (((at - look * 10_000) % profile.collectMs) / profile.collectMs)) / looks;
    this.explored *= Math.exp(-stepMs / (40 * minuteMs));
    const lived = profile.memoryBase + profile.memoryPerPlayer * this.seenPlayers + cache + garbage + this.explored;
    return lived + this.grown + this.leaked + save * profile.saveMemory + profile.memoryNoise * this.memoryNoise.next();
  }

  private hostCpu(at: number, own: number, injected: Label | undefined): number {
    const { random, profile, stepMs } = this;
    if (random.chance((2 * stepMs) / dayMs)) this.hostBurstUntil = at + random.between(1, 3) * minuteMs;
    const others =
      injected?.kind === 'hostLag'
        ? 100
        : at < this.hostBurstUntil
          ? 80
          : profile.hostMean * (1 + 0.3 * this.hostNoise.next());
    return Math.max(0, Math.min(100, others + own / profile.cores));
  }
}
