import os from 'node:os';
import * as vscode from 'vscode';
import { Failure } from '../shared/failure.js';
import { AlertMirror } from './alerts/alertMirror.js';
import { registerAlerts } from './alerts/registerAlerts.js';
import { Bag, type Disposable } from './bag.js';
import { handlersOf } from './commands/handlers.js';
import { Lifecycle } from './commands/lifecycle.js';
import { AnomalyCommands } from './insight/anomalyCommands.js';
import { Maintenance } from './commands/maintenance.js';
import { Commands } from './commands/register.js';
import { Servers } from './commands/servers.js';
import { Consoles } from './console/consoles.js';
import { ContextKeys } from './contextKeys.js';
import { coreAccess, type Place } from './coreAccess.js';
import { CoreClient } from './coreClient.js';
import { dataDirectoryFrom } from './dataDirectory.js';
import { FirstStart } from './firstStart.js';
import { forwardLog } from './forwardLog.js';
import { GameCommands } from './games/gameCommands.js';
import { Players } from './games/players.js';
import { Incidents } from './incidents/incidents.js';
import { IntervalMirror } from './intervalMirror.js';
import { Mirror } from './mirror.js';
import { MonitoringSettings } from './monitoringSettings.js';
import { registerMetricsPanel } from './panels/metricsPanel.js';
import { priorityNotice } from './priorityNotice.js';
import { Problems } from './problems.js';
import { applyRecommended } from './recommended/applyRecommended.js';
import { Reporter } from './report.js';
import { askForPassword } from './secrets/askForPassword.js';
import { PasswordPrompts } from './secrets/passwordPrompts.js';
import { Passwords } from './secrets/passwords.js';
import { setPassword } from './secrets/setPassword.js';
import { definitionFiles, type DefinitionFiles, type ServersFile } from './serversFile.js';
import { monitoringKeys, Settings, settingsSection } from './settings.js';
import { GameSetups } from './setup/gameSetups.js';
import { StatusBar } from './statusBar.js';
import { Subscription } from './subscription.js';
import type { Reader } from './translate.js';
import { ServerTree } from './tree/tree.js';
import { viewId } from './viewId.js';
import { ViewProgress } from './viewProgress.js';
import { vscodeSettings } from './vscodeSettings.js';
import { registerWebhooks } from './webhooks/registerWebhooks.js';
import { windowFocus } from './windowFocus.js';

const cpuCount = Math.max(1, os.cpus().length);

/** Puts the parts together; they meet nowhere else. What it gives back undoes it in reverse order. */
export function compose(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): vscode.Disposable {
  const bag = new Bag((error) => log.error('dispose failed', error));
  const reader: Reader = { t: vscode.l10n.t, locale: vscode.env.language };
  const { version } = context.extension.packageJSON as { version: string };
  const settings = new Settings(vscodeSettings);
  const place = (): Place => ({
    dataDir: dataDirectoryFrom(settings.get('dataDirectory')),
    node: settings.get('nodePath') || process.execPath,
  });
  const dataDir = (): string => place().dataDir;
  const files = definitionFiles(dataDir);

  const access = coreAccess(place, context.extensionPath, version, reader.locale);
  const client = bag.add(new CoreClient(access, version, log));
  const subscription = bag.add(new Subscription(client, log));
  const interval = bag.add(new IntervalMirror(client, log));
  const monitoring = bag.add(new MonitoringSettings(client, settings, log));
  const mirror = bag.add(new Mirror(client, subscription, log));
  const alertMirror = bag.add(new AlertMirror(client, mirror, log));
  bag.add(forwardLog(client, log));
  const passwords = bag.add(new Passwords({ client, mirror, log, dataDir, storage: context.secrets }));

  bag.add(new StatusBar(mirror, alertMirror, reader));
  bag.add(sideSigns({ context, client, mirror, alerts: alertMirror, subscription, files }));
  const tree = bag.add(new ServerTree(mirror, subscription, settings, reader, files, cpuCount, interval));
  const consoles = bag.add(new Consoles({ client, mirror, subscription, log }));

  const reporter = reporterFor(log, client, files.servers, consoles);
  const incidents = bag.add(new Incidents({ client, reporter, reader, settings }));
  const alerts = bag.add(
    registerAlerts({
      ...{ client, alerts: alertMirror, mirror, reporter, reader, log, badged: tree },
      openReport: (server, at) => incidents.openAt(server, at),
    }),
  );
  const lifecycle = new Lifecycle(client, mirror, reporter, reader, alerts.questions);
  const servers = new Servers({
    ...{ client, mirror, reporter },
    start: (views) => lifecycle.start(views),
    reveal: (id) => tree.reveal(id),
    forget: (id) => passwords.forget(id),
  });
  const metrics = bag.add(metricsPanel(context, client, mirror, settings, subscription));
  const passwordParts = { passwords, reporter, settings, memory: context.globalState };
  bag.add(passwordPrompts(mirror, log, passwordParts));
  const setups = bag.add(new GameSetups({ client, reporter }));
  const webhooks = bag.add(registerWebhooks({ client, mirror, monitoring, reader, log, ...passwordParts }));
  const handlers = handlersOf({
    ...{ client, reporter, lifecycle, servers, consoles, files, metrics, alerts, incidents, setups, dataDir },
    ...{ ...gameHandlers({ client, mirror, reporter, reader, log }), webhooks: webhooks.commands },
    applyRecommended: () => applyRecommended({ client, mirror, reporter, settings, store: vscodeSettings }),
    ...{ showLog: () => log.show(), setPassword: (views) => setPassword(passwordParts, views) },
  });
  bag.add(new Commands(client, mirror, alertMirror, reporter, handlers));
  bag.add(offerReload(client, reporter));
  bag.add(followSettings(tree, monitoring, client));
  bag.add(beginWhenNeeded(client, tree, files.servers));
  return bag;
}

function metricsPanel(
  context: vscode.ExtensionContext,
  client: CoreClient,
  mirror: Mirror,
  settings: Settings,
  subscription: Subscription,
): ReturnType<typeof registerMetricsPanel> {
  return registerMetricsPanel({
    ...{ extensionUri: context.extensionUri, mirror, cpuCount },
    // The panel has a deadline of its own.
    askHistory: (params, signal) => client.request('history/query', params, { signal, timeoutMs: null }),
    actions: panelActions,
    settings: { cpuScale: () => settings.get('cpuScale') },
    shown: (isAny) => {
      subscription.show('panel', isAny);
    },
  });
}

function gameHandlers(parts: {
  client: CoreClient;
  mirror: Mirror;
  reporter: Reporter;
  reader: Reader;
  log: vscode.LogOutputChannel;
}): { games: GameCommands; players: Players; maintenance: Maintenance; anomalies: AnomalyCommands } {
  return {
    ...{ games: new GameCommands(parts), players: new Players(parts), maintenance: new Maintenance(parts) },
    anomalies: new AnomalyCommands(parts),
  };
}

/** Asks for the passwords that running games need, in the window that somebody looks at. */
function passwordPrompts(
  mirror: Mirror,
  log: vscode.LogOutputChannel,
  parts: Parameters<typeof setPassword>[0],
): PasswordPrompts {
  return new PasswordPrompts({
    ...{ mirror, log, passwords: parts.passwords },
    window: windowFocus,
    ask: (prompt) =>
      askForPassword(prompt, async () => {
        const view = mirror.get(prompt.server.id);
        if (view !== undefined) await setPassword(parts, [view], prompt.key);
      }),
  });
}

/** What is shown beside the view, and what is told of this window, each by itself. */
function sideSigns(parts: {
  context: vscode.ExtensionContext;
  client: CoreClient;
  mirror: Mirror;
  alerts: AlertMirror;
  subscription: Subscription;
  files: DefinitionFiles;
}): Bag {
  const { context, client, mirror, alerts, subscription, files } = parts;
  const bag = new Bag();
  bag.add(new ContextKeys(mirror, alerts));
  bag.add(new Problems(mirror, files));
  bag.add(new ViewProgress(client));
  bag.add(new FirstStart(context.globalState, mirror));
  bag.add(watchWindow(subscription));
  bag.add(priorityNotices(mirror));
  return bag;
}

/** Who works in this window may look at its numbers at any moment. */
function watchWindow(subscription: Subscription): vscode.Disposable {
  subscription.show('window', vscode.window.state.focused);
  return vscode.window.onDidChangeWindowState(({ focused }) => {
    subscription.show('window', focused);
  });
}

function priorityNotices(mirror: Mirror): Disposable {
  return priorityNotice({
    mirror,
    isFocused: windowFocus.isFocused,
    tell: ({ name }) => {
      void vscode.window.showWarningMessage(
        vscode.l10n.t('{0} runs at normal priority: this system allows you none above it.', name),
      );
    },
  });
}

function reporterFor(
  log: vscode.LogOutputChannel,
  client: CoreClient,
  file: ServersFile,
  consoles: Consoles,
): Reporter {
  return new Reporter(log, {
    'edit-definition': (server) => file.open(server?.id),
    'set-password': (server) => vscode.commands.executeCommand('gameServers.setPassword', server?.id),
    'set-up-connection': (server) => vscode.commands.executeCommand('gameServers.setUpConnection', server?.id),
    'open-console': (server) => {
      if (server !== undefined) consoles.show([server]);
    },
    'show-log': () => {
      log.show();
    },
    reconnect: () => {
      client.reconnect();
    },
    'reload-window': () => vscode.commands.executeCommand('workbench.action.reloadWindow'),
  });
}

/** A panel's buttons are the commands of the same names: the same questions, progress and failures. */
const panelActions = {
  start: (id: string) => vscode.commands.executeCommand('gameServers.start', id),
  stop: (id: string) => vscode.commands.executeCommand('gameServers.stop', id),
  openConsole: (id: string) => vscode.commands.executeCommand('gameServers.openConsole', id),
};

/** Said once: nothing works before it, and no row of a hidden view tells it. */
function offerReload(client: CoreClient, reporter: Reporter): { dispose(): void } {
  let offered = false;
  return client.onDidChange((state) => {
    if (offered || state.at !== 'down' || state.reason !== 'reload-needed') return;
    offered = true;
    void reporter.failure(new Failure('protocol-mismatch'));
  });
}

function followSettings(tree: ServerTree, monitoring: MonitoringSettings, client: CoreClient): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    const changed = (key: string): boolean => event.affectsConfiguration(`${settingsSection}.${key}`);
    if (changed('cpuScale')) tree.redraw();
    if (monitoringKeys.some(changed)) monitoring.send();
    if (changed('dataDirectory') || changed('nodePath')) client.reconnect();
  });
}

/**
 * A PC without game servers gets no process of ours: nothing is started before there are servers, or before somebody looks
 * at the view or uses a command.
 */
function beginWhenNeeded(client: CoreClient, tree: ServerTree, file: ServersFile): vscode.Disposable {
  // Set by `npm start`: whoever tries this out has come to see it.
  if (process.env.GSP_SHOW_PANEL === '1') void vscode.commands.executeCommand(`${viewId}.focus`);
  if (tree.isVisible) client.start();
  else void file.exists().then((exists) => exists && client.start());
  return tree.onDidChangeVisibility(({ visible }) => {
    if (visible) client.start();
  });
}
