import * as vscode from 'vscode';
import type { Alert, ServerView } from '../../shared/contract.js';
import type { AlertMirror } from '../alerts/alertMirror.js';
import { Bag } from '../bag.js';
import type { CoreClient } from '../coreClient.js';
import type { Mirror } from '../mirror.js';
import type { Reporter } from '../report.js';
import { viewId } from '../viewId.js';
import { alertsOf, pickServers, serversOf } from './targets.js';
import {
  commandTable,
  fits,
  type AlertCommandId,
  type CommandRow,
  type PanelCommandId,
  type ServerCommandId,
} from './table.js';

/**
 * What every command does; the type demands one for each row of the table. Those of the panel get the servers that they
 * were called on, where they were, and what they were called with.
 */
export type Handlers = Record<ServerCommandId, (servers: readonly ServerView[]) => unknown> &
  Record<AlertCommandId, (alerts: readonly Alert[]) => unknown> &
  Record<PanelCommandId, (servers: readonly ServerView[], item: unknown) => unknown>;

/** How long a command waits for a connection that is being made. */
const connectMs = 20_000;

export class Commands {
  private readonly bag = new Bag();

  constructor(
    private readonly client: CoreClient,
    private readonly mirror: Mirror,
    private readonly alerts: Pick<AlertMirror, 'get'>,
    private readonly reporter: Reporter,
    private readonly handlers: Handlers,
  ) {
    for (const row of commandTable) {
      this.bag.add(
        vscode.commands.registerCommand(row.id, (item?: unknown, items?: unknown) => this.run(row, item, items)),
      );
    }
  }

  dispose(): void {
    this.bag.dispose();
  }

  private async run(row: CommandRow, item: unknown, items: unknown): Promise<void> {
    try {
      if (row.down === 'waits') await this.connected();
      if (row.on === 'panel')
        await this.handlers[row.id as PanelCommandId](serversOf(item, items, this.mirror) ?? [], item);
      else if (row.on === 'alerts') await this.onAlerts(row, item, items);
      else await this.onServers(row, item, items);
    } catch (error) {
      await this.reporter.failure(error);
    }
  }

  /** Somebody may have acknowledged some of those selected already. */
  private async onAlerts(row: CommandRow, item: unknown, items: unknown): Promise<void> {
    const given = alertsOf(item, items, this.alerts).filter(
      ({ state, rule }) => (row.alerts?.includes(state) ?? true) && (row.rules?.includes(rule) ?? true),
    );
    if (given.length > 0) await this.handlers[row.id as AlertCommandId](given);
  }

  private async onServers(row: CommandRow, item: unknown, items: unknown): Promise<void> {
    const given = serversOf(item, items, this.mirror);
    const fitting = (given ?? this.mirror.servers()).filter((view) => fits(row, view));
    if (fitting.length === 0) {
      void vscode.window.showInformationMessage(row.none?.(vscode.l10n.t) ?? '');
      return;
    }
    const isClear = given !== undefined || (row.harmless === true && fitting.length === 1);
    const chosen = isClear ? fitting : await pickServers(fitting, row.id);
    if (chosen.length > 0) await this.handlers[row.id as ServerCommandId](chosen);
  }

  private async connected(): Promise<void> {
    if (this.mirror.connection === 'connected') return;
    await vscode.window.withProgress({ location: { viewId } }, async () => {
      await this.client.connected(connectMs);
      await this.mirror.ready(connectMs);
    });
  }
}
