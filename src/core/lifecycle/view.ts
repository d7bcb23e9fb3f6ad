import type { ServerView } from '../../shared/contract.js';
import { consoleOnPort, type Effective } from '../../shared/definition.js';
import type { GameFacts } from '../ports.js';
import { playersNow } from './playersNow.js';
import type { ProcessWatch } from './processWatch.js';
import { rulesOf } from './restartBudget.js';
import type { ServerFace, ServerTools } from './serverTools.js';
import { processOf, stateName, type Lifecycle } from './state.js';

/** Games load for minutes before they answer: until then their silence is no news. */
const loadingMs = 120_000;

/** What a view shows beside the state and what is seen of the process. */
export interface ViewParts extends Pick<
  ServerView,
  'save' | 'perPlayer' | 'alerts' | 'secretsMissing' | 'disk' | 'anomalies' | 'learned'
> {
  readonly facts: GameFacts;
  readonly load?: ServerView['load'] | undefined;
  readonly maintenance?: ServerView['maintenance'] | undefined;
  /** It can be told to save, and confirms it; the players can be told something. */
  readonly canSave: boolean;
  readonly canAnnounce: boolean;
  readonly actions: readonly string[];
  readonly restartsUsed: number;
  /** Of its console, where that is not UTF-8. */
  readonly encoding?: string | undefined;
}

type ViewTools = Pick<
  ServerTools,
  'games' | 'care' | 'secrets' | 'alertsOf' | 'maintenanceOf' | 'insightOf' | 'consoles'
>;

/** What the rest of the core knows of a server. */
export function viewParts(
  { id, definition, settings, sample, talk, consoleFile, process }: Omit<ServerFace, 'view' | 'writeLine'>,
  { games, care, secrets, alertsOf, maintenanceOf, insightOf, consoles }: ViewTools,
): Omit<ViewParts, 'restartsUsed'> {
  const { nextSaveAt = null, ...insight } = insightOf?.(id) ?? {};
  const save = care.save(id);
  return {
    facts: games.facts(id),
    // What it tells itself goes before what its rhythm says.
    save: { ...save, nextAt: save.nextAt ?? nextSaveAt },
    ...insight,
    perPlayer: care.perPlayer(id, sample),
    load: process === null ? undefined : care.load(id),
    ...some('disk', care.disk?.(id)),
    canSave: talk.confirmsSaves,
    canAnnounce: talk.canAnnounce,
    actions: games.can(settings).actions,
    alerts: alertsOf(id),
    maintenance: maintenanceOf(id),
    secretsMissing: secrets.missing(definition),
    encoding: consoles.encodingOf(consoleFile),
  };
}

/** A server as clients see it. */
export function viewOf(
  effective: Effective,
  state: Lifecycle,
  { lines, sample, hangSigns }: Pick<ProcessWatch, 'lines' | 'sample' | 'hangSigns'>,
  parts: ViewParts,
): ServerView {
  const { definition, game } = effective;
  const { facts, save, perPlayer, load, disk, alerts, maintenance, secretsMissing, restartsUsed, encoding } = parts;
  const process = processOf(state);
  const isOurs = process?.isOurs !== false;
  return {
    id: definition.id,
    name: definition.name,
    game: definition.game,
    state: stateName(state),
    since: state.since,
    pid: process?.pid ?? null,
    health: healthOf(state, hangSigns, facts, lines.isSaving),
    exit: 'exit' in state ? state.exit : null,
    restarts: {
      used: restartsUsed,
      max: rulesOf(definition).maxAttempts,
      nextAt: state.at === 'restarting' ? state.nextAt : null,
    },
    players: process === null ? { online: null, max: null, source: null, at: null } : playersNow(lines, facts),
    sample,
    ...{ save, perPlayer, alerts, secretsMissing },
    ...some('load', load),
    api: { is: facts.api.is, via: facts.api.via, since: facts.api.since },
    gameLabel: game.label,
    ...some('encoding', encoding),
    ...some('disk', disk),
    ...some('maintenance', maintenance),
    ...some('anomalies', parts.anomalies),
    ...some('learned', parts.learned),
    ...(process?.priorityRefused ? { priority: 'refused' } : {}),
    capabilities: capabilitiesOf(effective, lines, parts, isOurs),
  };
}

/** Nothing where it is not known. */
function some<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<K, T>>;
}

function capabilitiesOf(
  effective: Effective,
  lines: ProcessWatch['lines'],
  { facts, canSave, canAnnounce, actions }: ViewParts,
  isOurs: boolean,
): string[] {
  const canSend = consoleOnPort(effective) !== undefined || (effective.game.channel === undefined && isOurs);
  return [
    ...(isOurs ? ['console'] : []),
    ...(canSend ? ['send'] : []),
    ...(canSave ? ['save'] : []),
    ...(canAnnounce ? ['announce'] : []),
    ...(lines.has('join') || facts.api.is !== 'none' ? ['players'] : []),
    ...(facts.api.is === 'none' ? [] : ['test']),
    ...actions.map((name) => `action.${name}`),
  ];
}

function healthOf(
  state: Lifecycle,
  hangSigns: readonly string[],
  { api }: GameFacts,
  isSaving: boolean,
): ServerView['health'] {
  if (state.at !== 'running') return { is: 'unknown', reason: null };
  if (hangSigns.length > 0) return { is: 'hung', reason: hangSigns.join(' ') };
  if (!state.isReady) return { is: 'degraded', reason: 'not-ready' };
  if (api.is === 'refused') return { is: 'degraded', reason: 'api-refused' };
  const isLoaded = api.hasAnswered || Date.now() - state.since > loadingMs;
  if (api.is === 'silent' && isLoaded && !isSaving) return { is: 'degraded', reason: 'api-silent' };
  return { is: 'ok', reason: null };
}
