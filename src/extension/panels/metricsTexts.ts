import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';
import { panelActions, type PanelServer, type PanelTexts } from '../../shared/panelMessages.js';
import { commandTable, fits } from '../commands/table.js';
import { playersText } from '../text/gameText.js';
import { limitText, loadTexts, type LoadContext, type LoadTexts } from '../text/loadText.js';
import { gameLabel } from '../text/gameLabel.js';
import { isAlive, stateWord } from '../text/states.js';

/** The panel's texts in the display language. Views have no vscode.l10n of their own. */
export function panelTexts(): PanelTexts {
  return {
    start: vscode.l10n.t('Start'),
    stop: vscode.l10n.t('Stop'),
    openConsole: vscode.l10n.t('Open Console'),
    uptime: vscode.l10n.t('Up {0}'),
    reconnecting: vscode.l10n.t('Reconnecting… Game servers keep running.'),
    connecting: vscode.l10n.t('Connecting…'),
    notRunning: vscode.l10n.t('Not running: numbers appear when the server runs.'),
    noHistory: vscode.l10n.t('No history yet: numbers appear when the server runs.'),
    nothingMeasured: vscode.l10n.t('Nothing was measured in this time.'),
    removed: vscode.l10n.t('This server is no longer in the list.'),
    waiting: vscode.l10n.t('Waiting for the first numbers…'),
    loading: vscode.l10n.t('Loading…'),
    historyUnsupported: vscode.l10n.t('No history is available: only live numbers are shown.'),
    historyLate: vscode.l10n.t('The history did not come in time.'),
    historyFailed: vscode.l10n.t('The history could not be read.'),
    tryAgain: vscode.l10n.t('Try Again'),
    range: vscode.l10n.t('Time range'),
    ...hostTexts(),
    showTable: vscode.l10n.t('Show as Table'),
    showCharts: vscode.l10n.t('Show as Charts'),
    cpu: vscode.l10n.t('CPU'),
    cpuOfPc: vscode.l10n.t('of the whole PC'),
    cpuOfCore: vscode.l10n.t('100 % is one core'),
    memory: vscode.l10n.t('Memory'),
    memoryWhole: vscode.l10n.t('all processes of the server'),
    players: vscode.l10n.t('Players'),
    tickRate: vscode.l10n.t('Tick rate'),
    frameTime: vscode.l10n.t('Frame time'),
    apiTime: vscode.l10n.t('API response time'),
    lastSave: vscode.l10n.t('Last save {0} ago'),
    saving: vscode.l10n.t('saving…'),
    now: vscode.l10n.t('Now'),
    lowest: vscode.l10n.t('Lowest'),
    highest: vscode.l10n.t('Highest'),
    time: vscode.l10n.t('Time'),
    withHighest: vscode.l10n.t('{0} (highest)'),
    unknown: vscode.l10n.t('unknown'),
    chartSummary: vscode.l10n.t('{0}, last {1}: now {2}, lowest {3}, highest {4}'),
    chartEmpty: vscode.l10n.t('{0}: no numbers yet'),
    tableCaption: vscode.l10n.t('What was measured, newest first'),
    percent: vscode.l10n.t('{0} %'),
    kilobytes: vscode.l10n.t('{0} KB'),
    megabytes: vscode.l10n.t('{0} MB'),
    gigabytes: vscode.l10n.t('{0} GB'),
    terabytes: vscode.l10n.t('{0} TB'),
    milliseconds: vscode.l10n.t('{0} ms'),
    perSecond: vscode.l10n.t('{0}/s'),
    seconds: vscode.l10n.t('{0} s'),
    minutes: vscode.l10n.t('{0} min'),
    hours: vscode.l10n.t('{0} h {1} min'),
    days: vscode.l10n.t('{0} d {1} h'),
    wholeHours: vscode.l10n.t('{0} h'),
    wholeDays: vscode.l10n.t('{0} days'),
  };
}

function hostTexts() {
  return {
    source: vscode.l10n.t('What is shown'),
    thisServer: vscode.l10n.t('This Server'),
    thisPc: vscode.l10n.t('This PC'),
    hostLoad: vscode.l10n.t('Load of this PC'),
    hostLoadNote: vscode.l10n.t('dotted: how much of the time programs had to wait'),
    hostNetwork: vscode.l10n.t('Network of this PC'),
    hostNetworkNote: vscode.l10n.t('all programs'),
    hostSwap: vscode.l10n.t('Swap'),
    hostPressureCpu: vscode.l10n.t('Waiting for CPU'),
    hostPressureMemory: vscode.l10n.t('Waiting for memory'),
    hostPressureIo: vscode.l10n.t('Waiting for disks'),
    hostNetIn: vscode.l10n.t('Received'),
    hostNetOut: vscode.l10n.t('Sent'),
    hostEmpty: vscode.l10n.t('Nothing recorded yet in this time: this PC is recorded while a server runs.'),
  };
}

export function panelTitle(name: string): string {
  return vscode.l10n.t('{0} – Metrics', name);
}

const noLoads: LoadTexts = { cpu: undefined, tickRate: undefined, frameTime: undefined };

/** A server as the panel shows it: words instead of codes, and what can be done in its state. */
export function describeServer(view: ServerView, { scale, cpus }: Pick<LoadContext, 'scale' | 'cpus'>): PanelServer {
  const context = { t: vscode.l10n.t, locale: vscode.env.language, scale, cpus };
  const { cpu, tickRate, frameTime } = isAlive(view) ? loadTexts(view, context) : noLoads;
  return {
    id: view.id,
    name: view.name,
    game: gameLabel(view.game, vscode.l10n.t, view.gameLabel),
    state: view.state,
    stateText: stateWord(view, vscode.l10n.t),
    isAlive: isAlive(view),
    isUnwell: view.state === 'running' && (view.health.is === 'hung' || view.health.is === 'degraded'),
    hasRun: isAlive(view) || view.exit !== null,
    since: view.since,
    players: (isAlive(view) ? playersText(view, vscode.l10n.t) : undefined) ?? null,
    lastSaveAt: isAlive(view) ? view.save.lastAt : null,
    isSaving: view.save.running,
    loads: {
      ...(cpu === undefined ? {} : { cpu }),
      ...(tickRate === undefined ? {} : { tickRate }),
      ...(frameTime === undefined ? {} : { frameTime }),
    },
    limit: (isAlive(view) ? limitText(view, context) : undefined) ?? null,
    actions: panelActions.filter((action) =>
      commandTable.some((row) => row.id === `gameServers.${action}` && fits(row, view)),
    ),
  };
}
