import type { Alert, AlertRule, ServerView, State } from '../../shared/contract.js';
import type { Translate } from '../translate.js';

interface Row {
  readonly id: `gameServers.${string}`;
  /** servers: acts on those given, else asks which; alerts: on those given; panel: needs none. */
  readonly on: 'servers' | 'alerts' | 'panel';
  /**
   * Without a connection: `waits` while one is being made, and says so when there is none ("Monitoring does not answer",
   * with a button to reconnect); `works` regardless.
   */
  readonly down: 'waits' | 'works';
  /** The states in which it makes sense; absent: all. */
  readonly states?: readonly State[];
  /** What the server must be able to do, as `ServerView.capabilities` has it; absent: nothing in particular. */
  readonly capability?: string;
  /** It makes sense only while somebody works on the server. */
  readonly maintained?: true;
  /** The states of alerts in which it makes sense; absent: all. */
  readonly alerts?: readonly Alert['state'][];
  /** The rules of alerts with which it makes sense; absent: all. */
  readonly rules?: readonly AlertRule[];
  /** Does no harm: where it makes sense for one server only, nobody is asked which. */
  readonly harmless?: true;
  /** Said when it makes sense for no server. */
  readonly none?: (t: Translate) => string;
}

const noServers = (t: Translate): string => t('There are no servers yet.');

const rows = [
  {
    id: 'gameServers.start',
    on: 'servers',
    down: 'waits',
    states: ['stopped', 'crashed', 'failed', 'restarting'],
    none: (t) => t('There is no server that could be started.'),
  },
  {
    id: 'gameServers.stop',
    on: 'servers',
    down: 'waits',
    states: ['running', 'starting', 'restarting'],
    none: (t) => t('There is no running server to stop.'),
  },
  {
    id: 'gameServers.gracefulStop',
    on: 'servers',
    down: 'waits',
    states: ['running'],
    none: (t) => t('There is no running server to stop.'),
  },
  {
    id: 'gameServers.cancelStop',
    on: 'servers',
    down: 'waits',
    states: ['stopping'],
    harmless: true,
    none: (t) => t('There is no server that is being stopped.'),
  },
  {
    id: 'gameServers.restart',
    on: 'servers',
    down: 'waits',
    states: ['running'],
    none: (t) => t('There is no running server to restart.'),
  },
  {
    id: 'gameServers.kill',
    on: 'servers',
    down: 'waits',
    states: ['running', 'starting', 'stopping'],
    none: (t) => t('There is no running server to kill.'),
  },
  { id: 'gameServers.openConsole', on: 'servers', down: 'works', harmless: true, none: noServers },
  { id: 'gameServers.openLog', on: 'servers', down: 'works', harmless: true, none: noServers },
  {
    id: 'gameServers.sendCommand',
    on: 'servers',
    down: 'waits',
    states: ['running', 'starting', 'stopping'],
    none: (t) => t('There is no running server to send a command to.'),
  },
  {
    id: 'gameServers.saveNow',
    on: 'servers',
    down: 'waits',
    states: ['running'],
    capability: 'save',
    harmless: true,
    none: (t) => t('There is no running server that can be told to save.'),
  },
  {
    id: 'gameServers.announce',
    on: 'servers',
    down: 'waits',
    states: ['running'],
    capability: 'announce',
    none: (t) => t('There is no running server whose players can be told something.'),
  },
  {
    // In every state: who has played stays known.
    id: 'gameServers.players',
    on: 'servers',
    down: 'waits',
    capability: 'players',
    harmless: true,
    none: (t) => t('There is no server that tells who is on.'),
  },
  {
    id: 'gameServers.testConnection',
    on: 'servers',
    down: 'waits',
    states: ['running'],
    capability: 'test',
    harmless: true,
    none: (t) => t('There is no running server with a connection to its game. Use Set Up Game Connection… first.'),
  },
  { id: 'gameServers.openMetrics', on: 'servers', down: 'works', harmless: true, none: noServers },
  { id: 'gameServers.exportHistory', on: 'servers', down: 'waits', harmless: true, none: noServers },
  { id: 'gameServers.setPassword', on: 'servers', down: 'waits', harmless: true, none: noServers },
  { id: 'gameServers.setUpConnection', on: 'servers', down: 'waits', harmless: true, none: noServers },
  // In every state: a server that crashed in the night runs again in the morning.
  { id: 'gameServers.openIncident', on: 'servers', down: 'waits', harmless: true, none: noServers },
  { id: 'gameServers.maintenance', on: 'servers', down: 'waits', harmless: true, none: noServers },
  {
    id: 'gameServers.endMaintenance',
    on: 'servers',
    down: 'waits',
    maintained: true,
    harmless: true,
    none: (t) => t('No server is under maintenance.'),
  },
  { id: 'gameServers.anomalies', on: 'servers', down: 'waits', harmless: true, none: noServers },
  { id: 'gameServers.muteMetric', on: 'servers', down: 'waits', harmless: true, none: noServers },
  { id: 'gameServers.learnAnew', on: 'servers', down: 'waits', harmless: true, none: noServers },
  {
    id: 'gameServers.remove',
    on: 'servers',
    down: 'waits',
    states: ['stopped', 'crashed', 'failed'],
    none: (t) => t('There is no stopped server to remove.'),
  },
  { id: 'gameServers.stopAll', on: 'panel', down: 'waits' },
  { id: 'gameServers.add', on: 'panel', down: 'waits' },
  { id: 'gameServers.addDemo', on: 'panel', down: 'waits' },
  { id: 'gameServers.find', on: 'panel', down: 'waits' },
  { id: 'gameServers.showAlerts', on: 'panel', down: 'waits' },
  { id: 'gameServers.addWebhook', on: 'panel', down: 'waits' },
  { id: 'gameServers.manageWebhooks', on: 'panel', down: 'waits' },
  { id: 'gameServers.testWebhook', on: 'panel', down: 'waits' },
  { id: 'gameServers.acknowledgeAllAlerts', on: 'panel', down: 'waits' },
  { id: 'gameServers.alertActions', on: 'alerts', down: 'waits' },
  { id: 'gameServers.openAlertReport', on: 'alerts', down: 'waits' },
  { id: 'gameServers.acknowledgeAlert', on: 'alerts', down: 'waits', alerts: ['active'] },
  { id: 'gameServers.muteAlert', on: 'alerts', down: 'waits', alerts: ['active', 'acknowledged'] },
  { id: 'gameServers.unmuteAlert', on: 'alerts', down: 'waits', alerts: ['muted'] },
  { id: 'gameServers.anomalyNormal', on: 'alerts', down: 'waits', rules: ['anomaly', 'leak'] },
  { id: 'gameServers.muteAlertMetric', on: 'alerts', down: 'waits', rules: ['anomaly', 'leak'] },
  { id: 'gameServers.copyAlert', on: 'alerts', down: 'works' },
  { id: 'gameServers.applyRecommended', on: 'panel', down: 'waits' },
  { id: 'gameServers.editDefinitions', on: 'panel', down: 'works' },
  { id: 'gameServers.editGames', on: 'panel', down: 'works' },
  { id: 'gameServers.showLog', on: 'panel', down: 'works' },
  { id: 'gameServers.profileMonitoring', on: 'panel', down: 'waits' },
  { id: 'gameServers.retryConnection', on: 'panel', down: 'works' },
] as const satisfies readonly Row[];

export type ServerCommandId = Extract<(typeof rows)[number], { on: 'servers' }>['id'];
export type PanelCommandId = Extract<(typeof rows)[number], { on: 'panel' }>['id'];
export type AlertCommandId = Extract<(typeof rows)[number], { on: 'alerts' }>['id'];
export type CommandId = ServerCommandId | AlertCommandId | PanelCommandId;

export type CommandRow = Row & { readonly id: CommandId };

/** Every command, in the order of the documentation. A test holds this table and package.json together. */
export const commandTable: readonly CommandRow[] = rows;

/** What menus must know of a server beside its state. */
export const menuCapabilities: readonly string[] = [
  ...new Set(commandTable.flatMap(({ capability }) => capability ?? [])),
];

/** True where the command makes sense for the server as it is now. */
export function fits(
  { states, capability, maintained }: Pick<Row, 'states' | 'capability' | 'maintained'>,
  view: Pick<ServerView, 'state' | 'capabilities' | 'maintenance'>,
): boolean {
  if (maintained === true && view.maintenance === undefined) return false;
  if (capability !== undefined && !view.capabilities.includes(capability)) return false;
  return states?.includes(view.state) ?? true;
}
