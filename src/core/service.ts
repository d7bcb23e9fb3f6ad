import * as v from 'valibot';
import type { CoreStatus, Definition, Requests, ServerView } from '../shared/contract.js';
import { checkDefinition } from '../shared/definition.js';
import { Failure } from '../shared/failure.js';
import { gameInfo, type Catalogue } from '../shared/games.js';
import { metrics, sourceKindOf } from '../shared/metrics.js';
import { paramsOf } from '../shared/requestParams.js';
import { alertsId } from '../shared/secrets.js';
import type { Alerting } from './alerting.js';
import type { DefinitionFile } from './definitions/definitionFile.js';
import type { Found } from './detection/detect.js';
import type { GameCare } from './gameCare.js';
import type { InsightCare } from './insightCare.js';
import type { Incidents } from './incidents/incidents.js';
import type { markdown } from './incidents/markdown.js';
import type { Server } from './lifecycle/server.js';
import type { StopOrder } from './lifecycle/serverTools.js';
import type { Supervisor } from './lifecycle/supervisor.js';
import type { EventSource, ProcessReaderPort, SeenProcess } from './ports.js';
import type { Profiler } from './profile/profiler.js';
import type { Secrets } from './secrets/secrets.js';
import type { Settings } from './settings.js';
import type { RangeResult } from './store/query.js';
import type { Store } from './store/store.js';

export interface ServiceParts {
  readonly supervisor: Supervisor;
  readonly definitions: DefinitionFile;
  readonly processes: ProcessReaderPort;
  readonly settings: Settings;
  readonly alerting: Pick<Alerting, 'alerts' | 'maintenance' | 'claim' | 'whileAway' | 'webhookList' | 'testWebhook'>;
  readonly events: EventSource;
  readonly secrets: Secrets;
  detect(seen: readonly SeenProcess[], servers: readonly Server[]): Promise<Found[]>;
  readonly care: Pick<GameCare, 'saveNow' | 'players' | 'action' | 'test' | 'playerStats' | 'setup' | 'tail'>;
  readonly incidents: Pick<Incidents, 'list' | 'get'> & { markdown: typeof markdown };
  readonly insight: Pick<InsightCare, 'view' | 'relearn' | 'feedback' | 'mute'>;
  readonly history: Pick<Store, 'range' | 'export' | 'knows'>;
  readonly profiler: Profiler;
  status(): CoreStatus;
  settingsChanged(): void;
  retire(): void;
  /** Somebody looks at something else than before. */
  attentionChanged(): void;
}

/** Who one connection is of, and what it has asked to be told. */
export interface Subscription {
  /** A person sits in front of it; tools are none. */
  readonly isWindow: boolean;
  samples: boolean;
  consoles: Set<string>;
  /** Undefined until it is told. */
  visible: boolean | undefined;
  panel: boolean;
}

type Method = keyof Requests;
type Handlers = {
  [M in Method]?: (
    params: Requests[M]['params'],
    subscription: Subscription,
    signal?: AbortSignal,
  ) => Promise<Requests[M]['result']> | Requests[M]['result'];
};

/** More than anybody reads at once; who wants older ones asks for an earlier time. */
const mostEvents = 10_000;

/** The contract's requests, one by one. Knows no sockets. */
export class Service {
  private readonly handlers: Handlers;

  constructor(private readonly parts: ServiceParts) {
    this.handlers = {
      ...this.coreHandlers(),
      ...this.definitionHandlers(),
      ...this.lifecycleHandlers(),
      ...this.gameHandlers(),
      ...this.alertHandlers(),
      ...this.historyHandlers(),
      ...this.insightHandlers(),
    };
  }

  /** signal: whoever asks does not want it any more. */
  async handle(method: string, params: unknown, subscription: Subscription, signal?: AbortSignal): Promise<unknown> {
    const schema = Object.hasOwn(paramsOf, method) ? paramsOf[method as keyof typeof paramsOf] : undefined;
    const handler = this.handlers[method as Method];
    if (schema === undefined || handler === undefined) throw new Failure('unsupported', { method });
    const parsed = v.safeParse(schema, params ?? {});
    if (!parsed.success) {
      const [issue] = parsed.issues;
      const field = (issue.path ?? []).map((part) => String(part.key)).join('.');
      throw new Failure('invalid-definition', { method, field, detail: issue.message });
    }
    return await (handler as (...given: unknown[]) => unknown)(parsed.output, subscription, signal);
  }

  private coreHandlers(): Handlers {
    const { parts } = this;
    return {
      'core/status': () => parts.status(),
      'core/profile': async ({ seconds, path }, _, signal) => await parts.profiler.record(seconds, path, signal),
      'core/retire': () => {
        // Answered first: whoever asks wants to know that it was heard.
        setImmediate(() => {
          parts.retire();
        });
        return null;
      },
      'client/subscribe': ({ samples, consoles, visible, panel }, subscription) => {
        if (samples !== undefined) subscription.samples = samples;
        if (consoles !== undefined) subscription.consoles = new Set(consoles);
        if (visible !== undefined) subscription.visible = visible;
        if (panel !== undefined) subscription.panel = panel;
        parts.attentionChanged();
        return null;
      },
      'secret/set': ({ id, key, value }) => {
        // Webhooks may belong to no single server.
        if (id !== alertsId || !key.startsWith('webhook.')) parts.supervisor.get(id);
        parts.secrets.set(id, key, value);
        return null;
      },
      'settings/set': ({ settings }) => {
        parts.settings.set(settings);
        parts.settingsChanged();
        return parts.settings.all;
      },
    };
  }

  private definitionHandlers(): Handlers {
    const { supervisor, definitions, processes } = this.parts;
    return {
      'server/list': () => supervisor.all().map((server) => server.view()),
      'server/get': ({ id }) => supervisor.get(id).definition,
      'server/openFiles': ({ id }) => {
        const { process } = supervisor.get(id);
        const nothing = { files: null, handles: null };
        return process === null ? nothing : (processes.openCounts?.(process) ?? nothing);
      },
      'server/problems': () => definitions.allProblems,
      'game/list': () => definitions.catalogue.rows.map(gameInfo),
      'server/add': ({ definition }) => {
        const checked = valid(definition, definitions.catalogue);
        definitions.add(checked);
        return supervisor.get(checked.id).view();
      },
      'server/update': ({ definition }) => {
        const checked = valid(definition, definitions.catalogue);
        definitions.update(checked);
        return supervisor.get(checked.id).view();
      },
      'server/remove': ({ id }) => {
        const server = supervisor.get(id);
        if (server.isLive) throw new Failure('busy', { id, state: server.state.at });
        definitions.remove(id);
        this.parts.secrets.forget(id);
        this.parts.alerting.maintenance.forget(id);
        server.forget();
        return null;
      },
      'server/detect': async () => await this.parts.detect(processes.list(), supervisor.all()),
      'server/attach': ({ id, pid }) => {
        const server = supervisor.get(id);
        const found = processes.list().find((process) => process.pid === pid);
        if (found === undefined) throw new Failure('not-running', { id, pid });
        const owner = supervisor.all().find((other) => other.process?.pid === pid);
        if (owner !== undefined) throw new Failure('already-running', { id: owner.id, pid });
        server.attach({ pid, startTime: found.startTime });
        return server.view();
      },
    };
  }

  private lifecycleHandlers(): Handlers {
    const { supervisor } = this.parts;
    return {
      'server/start': async ({ id }) => await supervisor.get(id).start(),
      'server/stop': async (params) => {
        const server = supervisor.get(params.id);
        const steps = await server.stop(orderOf(server, params));
        return { view: server.view(), steps };
      },
      'server/cancelStop': async ({ id }): Promise<ServerView> => {
        const server = supervisor.get(id);
        await server.cancelStop();
        return server.view();
      },
      'server/restart': async (params) => {
        const server = supervisor.get(params.id);
        const steps = await server.restart(orderOf(server, params));
        return { view: server.view(), steps };
      },
      'server/kill': async ({ id }) => await supervisor.get(id).kill(),
    };
  }

  private gameHandlers(): Handlers {
    const { supervisor, care } = this.parts;
    return {
      'server/send': async ({ id, line }) => await supervisor.get(id).writeLine(line),
      'server/save': async ({ id }) => await care.saveNow(supervisor.get(id)),
      'server/announce': async ({ id, text }) => {
        const server = supervisor.get(id);
        if (server.process === null) throw new Failure('not-running', { id });
        await server.talk.announce(text);
        return null;
      },
      'server/players': ({ id }) => care.players(supervisor.get(id)),
      'server/action': async ({ id, name, args }) => await care.action(supervisor.get(id), name, args),
      'server/test': async ({ id }) => await care.test(supervisor.get(id)),
      'server/playerStats': async ({ id, from, to }) => {
        const server = supervisor.get(id);
        if (from >= to) throw new Failure('invalid-definition', { field: 'to', detail: 'must be later than from' });
        return await care.playerStats(server, from, to);
      },
      'server/setup': ({ id }) => care.setup(supervisor.get(id)),
      'incident/get': async ({ id, at, language }) => {
        const { incident, file } = await this.parts.incidents.get(supervisor.get(id).id, at);
        return { markdown: this.parts.incidents.markdown(incident, file, language ?? 'en') };
      },
      'incident/list': async ({ id }) => {
        const exits = await this.parts.incidents.list(supervisor.get(id).id);
        return exits.map(({ at, cause, code, signal }) => ({ at, cause, code, signal }));
      },
      'console/tail': ({ id, lines }) => {
        const server = supervisor.get(id);
        // Told to subscribers first: what follows this answer is not in it, and what went before is.
        return care.tail(server, lines, () => {
          server.pollConsole();
        });
      },
    };
  }

  private historyHandlers(): Handlers {
    const { history } = this.parts;
    return {
      'history/query': async (query) => {
        await this.checkRange(query);
        const known: Record<string, unknown> = metrics[sourceKindOf(query.id)];
        const unknown = query.metrics.find((name) => !Object.hasOwn(known, name));
        if (unknown !== undefined) throw new Failure('invalid-definition', { field: 'metrics', detail: unknown });
        return columnsOf(await history.range(query));
      },
      'history/export': async (query) => {
        await this.checkRange(query);
        return { rows: await history.export(query) };
      },
      // Also of a server that is no longer there: what is known of it stays.
      'history/events': async (query) => await this.parts.events.find({ ...query, limit: mostEvents }),
    };
  }

  private insightHandlers(): Handlers {
    const { insight, supervisor } = this.parts;
    return {
      'baseline/get': ({ id }) => insight.view(sourceKindOf(id) === 'host' ? id : supervisor.get(id).id),
      'baseline/relearn': ({ id, from }) => {
        insight.relearn(supervisor.get(id).id, from);
        return null;
      },
      'anomaly/feedback': ({ id, at, metric, verdict }) => {
        insight.feedback(supervisor.get(id).id, at, metric, verdict);
        return null;
      },
      'metric/mute': ({ id, metric, until }) => {
        insight.mute(supervisor.get(id).id, metric, until);
        return null;
      },
    };
  }

  /** A server that is gone has a past all the same. */
  private async checkRange({ id, from, to }: { id: string; from: number; to: number }): Promise<void> {
    if (from >= to) throw new Failure('invalid-definition', { field: 'to', detail: 'must be later than from' });
    if (sourceKindOf(id) === 'server' && !(await this.parts.history.knows(id))) this.parts.supervisor.get(id);
  }

  private alertHandlers(): Handlers {
    const { alerting, supervisor } = this.parts;
    const { alerts, maintenance } = alerting;
    return {
      'alert/list': () => alerts.list(),
      'alert/acknowledge': ({ alert }) => {
        alerts.acknowledge(alert);
        return null;
      },
      'alert/claim': ({ alert }) => ({ yours: alerting.claim(alert) }),
      'alert/mute': ({ alert, until }) => {
        alerts.mute(alert, until);
        return null;
      },
      'alert/unmute': ({ alert }) => {
        alerts.unmute(alert);
        return null;
      },
      'alert/away': async (_, { isWindow }) => (isWindow ? await alerting.whileAway() : null),
      'alert/test': async ({ target }, _, signal) => await alerting.testWebhook(target, signal),
      'webhook/list': () => alerting.webhookList(),
      'server/maintenance': ({ id, on, until }) => {
        const server = supervisor.get(id);
        maintenance.set(id, on, until);
        return server.view();
      },
    };
  }
}

function columnsOf({ tier, at, metrics }: RangeResult): Requests['history/query']['result'] {
  // NaN has no place in JSON.
  const column = (values: Float64Array): (number | null)[] =>
    Array.from(values, (value) => (Number.isNaN(value) ? null : value));
  const columns = Object.entries(metrics).map(([name, { mean, min, max }]) => {
    return [name, { mean: column(mean), min: column(min), max: column(max) }];
  });
  return {
    tier,
    at: Array.from(at),
    metrics: Object.fromEntries(columns) as Requests['history/query']['result']['metrics'],
  };
}

function valid(definition: unknown, games: Catalogue): Definition {
  const checked = checkDefinition(definition, games);
  if ('definition' in checked) return checked.definition;
  const [issue] = checked.issues;
  throw new Failure('invalid-definition', { field: issue?.path.join('.') ?? '', detail: issue?.message ?? '' });
}

/** A plain stop has no countdown; a graceful one has what was asked for, else the game's longest usual mark. */
function orderOf(server: Server, params: Requests['server/stop']['params']): StopOrder {
  const { mode, reason = null, countdownSeconds } = params;
  if (mode !== 'graceful') return { countdownSeconds: 0, reason };
  return { countdownSeconds: countdownSeconds ?? Math.max(0, ...server.settings.stop.announceSeconds), reason };
}
