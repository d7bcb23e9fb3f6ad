import type { ServerView } from '../../shared/contract.js';
import type { AlertSigns } from '../alerts/registerAlerts.js';
import type { Consoles } from '../console/consoles.js';
import { openLog } from '../console/openLog.js';
import { sendCommand } from '../console/sendCommand.js';
import type { CoreClient } from '../coreClient.js';
import type { GameCommands } from '../games/gameCommands.js';
import type { Players } from '../games/players.js';
import type { Incidents } from '../incidents/incidents.js';
import type { AnomalyCommands } from '../insight/anomalyCommands.js';
import type { Reporter } from '../report.js';
import type { DefinitionFiles } from '../serversFile.js';
import type { GameSetups } from '../setup/gameSetups.js';
import type { WebhookCommands } from '../webhooks/webhookCommands.js';
import { exportHistory } from './exportHistory.js';
import type { Lifecycle } from './lifecycle.js';
import type { Maintenance } from './maintenance.js';
import { profileMonitoring } from './profileMonitoring.js';
import type { Handlers } from './register.js';
import type { Servers } from './servers.js';
import type { AlertCommandId } from './table.js';

interface Parts {
  readonly client: CoreClient;
  readonly reporter: Reporter;
  readonly lifecycle: Lifecycle;
  readonly servers: Servers;
  readonly consoles: Consoles;
  readonly files: DefinitionFiles;
  readonly metrics: { open(id: string): void };
  readonly alerts: Pick<AlertSigns, 'commands' | 'show'>;
  readonly maintenance: Maintenance;
  readonly anomalies: AnomalyCommands;
  readonly webhooks: WebhookCommands;
  readonly setPassword: (views: readonly ServerView[]) => Promise<void>;
  readonly setups: GameSetups;
  readonly incidents: Incidents;
  readonly games: GameCommands;
  readonly players: Players;
  readonly applyRecommended: () => Promise<void>;
  readonly showLog: () => void;
  readonly dataDir: () => string;
}

/** Which part does which command. */
export function handlersOf(parts: Parts): Handlers {
  const { client, reporter, lifecycle, servers, consoles, files, metrics, incidents } = parts;
  const { setPassword, setups, showLog, dataDir, games, players, maintenance, webhooks, anomalies } = parts;
  const showConsole = (views: readonly Pick<ServerView, 'id' | 'name'>[]): void => {
    consoles.show(views);
  };
  return {
    'gameServers.start': (views) => lifecycle.start(views),
    'gameServers.stop': (views) => lifecycle.stop(views),
    'gameServers.gracefulStop': (views) => lifecycle.gracefulStop(views),
    'gameServers.cancelStop': (views) => lifecycle.cancelStop(views),
    'gameServers.restart': (views) => lifecycle.restart(views),
    'gameServers.kill': (views) => lifecycle.kill(views),
    'gameServers.openConsole': showConsole,
    'gameServers.openLog': (views) => openLog(dataDir(), views),
    'gameServers.sendCommand': (views) => sendCommand(client, reporter, showConsole, views),
    'gameServers.saveNow': (views) => games.saveNow(views),
    'gameServers.announce': (views) => games.announce(views),
    'gameServers.players': (views) => players.show(views),
    'gameServers.testConnection': (views) => games.testConnection(views),
    'gameServers.openMetrics': (views) => {
      for (const { id } of views) metrics.open(id);
    },
    'gameServers.exportHistory': (views) => exportHistory(client, reporter, views),
    'gameServers.setPassword': setPassword,
    'gameServers.setUpConnection': (views) => setups.open(views),
    'gameServers.openIncident': (views) => incidents.open(views),
    'gameServers.maintenance': (views) => maintenance.begin(views),
    'gameServers.endMaintenance': (views) => maintenance.end(views),
    'gameServers.anomalies': (views) => anomalies.show(views),
    'gameServers.muteMetric': (views) => anomalies.mute(views),
    'gameServers.learnAnew': (views) => anomalies.relearn(views),
    'gameServers.remove': (views) => servers.remove(views),
    'gameServers.stopAll': () => lifecycle.stopAll(),
    'gameServers.add': () => servers.add(),
    'gameServers.addDemo': () => servers.addDemo(),
    'gameServers.find': () => servers.find(),
    ...alertHandlers(parts.alerts),
    'gameServers.anomalyNormal': (alerts) => anomalies.normal(alerts),
    'gameServers.muteAlertMetric': (alerts) => anomalies.muteOf(alerts),
    'gameServers.addWebhook': () => webhooks.add(),
    'gameServers.manageWebhooks': (_, name) => webhooks.manage(nameIn(name)),
    'gameServers.testWebhook': (_, name) => webhooks.test(nameIn(name)),
    'gameServers.applyRecommended': () => parts.applyRecommended(),
    'gameServers.editDefinitions': ([server]) => files.servers.open(server?.id),
    'gameServers.editGames': () => files.games.open(),
    'gameServers.showLog': showLog,
    'gameServers.profileMonitoring': () => profileMonitoring(client, dataDir()),
    'gameServers.retryConnection': () => {
      client.reconnect();
    },
  };
}

/** A menu gives what it stands beside; only a text is a name. */
function nameIn(item: unknown): string | undefined {
  return typeof item === 'string' ? item : undefined;
}

function alertHandlers({
  commands,
  show,
}: Parts['alerts']): Pick<
  Handlers,
  | Exclude<AlertCommandId, 'gameServers.anomalyNormal' | 'gameServers.muteAlertMetric'>
  | 'gameServers.showAlerts'
  | 'gameServers.acknowledgeAllAlerts'
> {
  return {
    'gameServers.showAlerts': () => show(),
    'gameServers.acknowledgeAllAlerts': () => commands.acknowledgeAll(),
    'gameServers.alertActions': (alerts) => commands.offer(alerts),
    'gameServers.openAlertReport': (alerts) => commands.openReports(alerts),
    'gameServers.acknowledgeAlert': (alerts) => commands.acknowledge(alerts),
    'gameServers.muteAlert': (alerts) => commands.mute(alerts),
    'gameServers.unmuteAlert': (alerts) => commands.unmute(alerts),
    'gameServers.copyAlert': (alerts) => commands.copy(alerts),
  };
}
