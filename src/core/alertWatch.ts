import type { ServerId, ServerView } from '../shared/contract.js';
import type { AlertRules } from './alerts/alertRules.js';
import { defaultRules, type AlertPolicy } from './alerts/policy.js';
import { ApiDegraded, CpuSaturated, TickRateLow } from './alerts/thresholds.js';
import { VolumeWatch } from './alerts/watchVolumes.js';
import type { ServerFace } from './lifecycle/serverTools.js';
import type { GameFacts, HostSample } from './ports.js';

export interface AlertWatchParts {
  readonly alertRules: AlertRules;
  /** Asked each time that is looked. */
  policy(this: void): AlertPolicy;
  /** Whether the game itself answers. */
  api(this: void, id: ServerId): GameFacts['api'];
  /** undefined: not known. */
  disk(this: void, id: ServerId): ServerView['disk'];
}

/** As much of a server as is looked at: nothing that has to be made for it. */
type Watched = Pick<ServerFace, 'id' | 'definition' | 'settings' | 'state' | 'process' | 'sample'> & {
  readonly lines: Pick<ServerFace['lines'], 'isSaving'>;
};
type Running = Extract<ServerFace['state'], { at: 'running' }>;

/** What lasts for minutes need not be looked at with every round. */
const lookMs = 9000;
const volumesMs = 60_000;
/** Games load for minutes before they answer: until then their silence is no news. */
const loadingMs = 120_000;

/** The detectors of one start of a server; each is there once there is something to look at. */
interface Followed {
  readonly nonce: string;
  ticks?: TickRateLow | undefined;
  api?: ApiDegraded | undefined;
}

/**
 * Looks at what is bad only when it lasts, and tells the rules when it begins and when it is over. What an earlier process
 * has told goes on: it is over when it has been well for as long as it takes. A rule that is switched off costs nothing.
 */
export class AlertWatch {
  private readonly followed = new Map<string, Followed>();
  private readonly volumes: VolumeWatch;
  private cpu: CpuSaturated | undefined;
  /** In force at the latest look. */
  private rules: AlertPolicy['rules'] = defaultRules;
  private lookedAt = -Infinity;
  private volumesAt = -Infinity;
  private readonly tickLimits = (): AlertPolicy['rules']['tick-rate-low'] => this.rules['tick-rate-low'];
  private readonly apiLimits = (): AlertPolicy['rules']['api-degraded'] => this.rules['api-degraded'];

  constructor(private readonly parts: AlertWatchParts) {
    this.volumes = new VolumeWatch(parts.alertRules, () => this.rules['disk-nearly-full']);
  }

  /** To be called with every round of samples. at: Unix ms. */
  round(at: number, { cpuPercent }: Pick<HostSample, 'cpuPercent'>, servers: readonly Watched[]): void {
    // A clock that was set back must not make anybody wait for it.
    if (Math.abs(at - this.lookedAt) < lookMs) return;
    this.lookedAt = at;
    this.rules = this.parts.policy().rules;
    this.lookAtCpu(at, cpuPercent ?? NaN, servers);
    for (const server of servers) {
      const { state } = server;
      if (state.at !== 'running') continue;
      const followed = this.of(server.id, state.process.nonce);
      this.lookAtTicks(at, server, followed);
      this.lookAtApi(at, server, state, followed);
    }
    if (Math.abs(at - this.volumesAt) < volumesMs) return;
    this.volumesAt = at;
    this.lookAtVolumes(at, servers);
  }

  /** The server has ended, or is no more. */
  forget(id: string): void {
    this.followed.delete(id);
  }

  /** While no server runs, nobody suffers from it. */
  private lookAtCpu(at: number, percent: number, servers: readonly Watched[]): void {
    const { alertRules } = this.parts;
    const { enabled, minutes } = this.rules['host-cpu-saturated'];
    if (!enabled) {
      this.cpu = undefined;
      return;
    }
    const limits = (): AlertPolicy['rules']['host-cpu-saturated'] => this.rules['host-cpu-saturated'];
    this.cpu ??= new CpuSaturated(limits, alertRules.isOpen('host-cpu-saturated', 'monitor'));
    if (!this.cpu.isOn && !servers.some(({ process }) => process !== null)) return;
    const turn = this.cpu.feed(at, percent);
    if (turn === 'began') alertRules.hostSaturated({ percent: Math.round(this.cpu.percent), minutes });
    else if (turn === 'over') alertRules.hostRelaxed();
  }

  private lookAtTicks(at: number, server: Watched, followed: Followed): void {
    const { alertRules } = this.parts;
    const { sample, settings } = server;
    const usual = settings.game.tickRate;
    if (!this.rules['tick-rate-low'].enabled) followed.ticks = undefined;
    else if (usual !== undefined && sample !== null) {
      const { tickRate: rate, players } = sample;
      followed.ticks ??= new TickRateLow(this.tickLimits, alertRules.isOpen('tick-rate-low', server.id));
      const turn = followed.ticks.feed(at, { rate, usual, players });
      if (turn === 'began') alertRules.tickRateLow(server, { rate, usual, players });
      else if (turn === 'over') alertRules.tickRateBack(server);
    }
  }

  private lookAtApi(at: number, server: Watched, state: Running, followed: Followed): void {
    const { alertRules } = this.parts;
    if (!this.rules['api-degraded'].enabled) {
      followed.api = undefined;
      return;
    }
    const api = this.parts.api(server.id);
    const answers = this.answers(at, server, state, api);
    if (answers === null) return;
    followed.api ??= new ApiDegraded(this.apiLimits, alertRules.isOpen('api-degraded', server.id));
    const turn = followed.api.feed(at, answers);
    if (turn === 'began' && (api.is === 'silent' || api.is === 'refused')) {
      const { via, is, since } = api;
      alertRules.apiDegraded(server, { via, is, since });
    } else if (turn === 'over') alertRules.apiBack(server);
  }

  /** null: it was not asked, or that it is silent says nothing about the way to it. */
  private answers(at: number, { id, lines }: Watched, state: Running, api: GameFacts['api']): boolean | null {
    if (api.is === 'ok') return true;
    if (api.is === 'refused') return false;
    if (api.is !== 'silent') return null;
    const isLoading = !api.hasAnswered && at - state.since < loadingMs;
    // One that does not respond at all is told as that.
    return isLoading || lines.isSaving || this.parts.alertRules.isOpen('hung', id) ? null : false;
  }

  private lookAtVolumes(at: number, servers: readonly Watched[]): void {
    if (!this.rules['disk-nearly-full'].enabled) {
      this.volumes.clear();
      return;
    }
    const keepers = servers.flatMap(({ id, definition, process }) => {
      const volume = process === null ? undefined : this.parts.disk(id);
      return volume === undefined ? [] : [{ id, definition, volume }];
    });
    this.volumes.look(at, keepers);
  }

  private of(id: string, nonce: string): Followed {
    const known = this.followed.get(id);
    if (known?.nonce === nonce) return known;
    const begun: Followed = { nonce };
    this.followed.set(id, begun);
    return begun;
  }
}
