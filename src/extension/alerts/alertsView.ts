import * as vscode from 'vscode';
import type { Alert, ServerId } from '../../shared/contract.js';
import { Bag } from '../bag.js';
import type { Mirror } from '../mirror.js';
import type { Reader } from '../translate.js';
import { alertsViewId } from '../viewId.js';
import type { AlertMirror } from './alertMirror.js';
import { alertRow, alertTooltip } from './alertRows.js';

/** `id` is the server's, so that the commands on servers know whom they are called on; none where it is about no server. */
interface AlertNode {
  readonly kind: 'alert';
  readonly alert: string;
  readonly id?: ServerId;
}
interface ResolvedNode {
  readonly kind: 'resolved';
}
type Node = AlertNode | ResolvedNode;

/** Rows whose resource has it are drawn in grey. */
const greyScheme = 'gameservers-seen-alert';
const grey: vscode.FileDecoration = { color: new vscode.ThemeColor('disabledForeground'), propagate: false };

/** The alerts as a list: those that are not over, and below them, folded away, the latest that are. */
export class AlertsView implements vscode.TreeDataProvider<Node>, vscode.FileDecorationProvider {
  private readonly bag = new Bag();
  private readonly changed = this.bag.add(new vscode.EventEmitter<Node | undefined>());
  private readonly nodes = new Map<string, AlertNode>();
  private readonly resolved: ResolvedNode = { kind: 'resolved' };
  private readonly view: vscode.TreeView<Node>;
  /** Servers that are worked on, as drawn. */
  private worked = '[]';

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly alerts: AlertMirror,
    private readonly mirror: Mirror,
    private readonly reader: Reader,
  ) {
    this.bag.add(vscode.window.registerFileDecorationProvider(this));
    this.view = this.bag.add(
      vscode.window.createTreeView(alertsViewId, { treeDataProvider: this, canSelectMany: true }),
    );
    this.bag.add(alerts.onDidChange(() => this.redraw()));
    this.bag.add(mirror.onDidChange(() => this.serversChanged()));
    // The times of yesterday have a date by now.
    this.bag.add(this.view.onDidChangeVisibility(({ visible }) => visible && this.redraw()));
  }

  /** With the keyboard on the first row. */
  async focus(): Promise<void> {
    await vscode.commands.executeCommand(`${alertsViewId}.focus`);
    const [first] = this.alerts.open();
    if (first !== undefined) await this.view.reveal(this.nodeOf(first), { select: false, focus: true });
  }

  getParent(node: Node): Node | undefined {
    if (node.kind === 'resolved') return undefined;
    return this.alerts.get(node.alert)?.state === 'resolved' ? this.resolved : undefined;
  }

  getChildren(node?: Node): Node[] {
    if (node?.kind === 'alert') return [];
    if (node?.kind === 'resolved') return this.alerts.resolved().map((alert) => this.nodeOf(alert));
    const open = this.alerts.open().map((alert) => this.nodeOf(alert));
    return [...open, ...(this.alerts.resolved().length > 0 ? [this.resolved] : [])];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === 'resolved') return this.resolvedItem();
    const alert = this.alerts.get(node.alert);
    return alert === undefined ? new vscode.TreeItem('') : this.alertItem(node, alert);
  }

  /** Made when somebody points at the row: what follows from an alert moves. */
  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    const alert = node.kind === 'alert' ? this.alerts.get(node.alert) : undefined;
    if (alert === undefined) return item;
    const { sentence, lines } = alertTooltip(alert, this.mirror.get(alert.server), Date.now(), this.reader);
    // Names and reasons come from outside: they are text here, whatever they contain.
    const markdown = new vscode.MarkdownString().appendText(sentence).appendMarkdown('\n\n');
    for (const [label, value] of lines) markdown.appendText(`${label}: `).appendText(value).appendMarkdown('  \n');
    item.tooltip = markdown;
    return item;
  }

  provideFileDecoration({ scheme }: vscode.Uri): vscode.FileDecoration | undefined {
    return scheme === greyScheme ? grey : undefined;
  }

  dispose(): void {
    this.bag.dispose();
  }

  private redraw(): void {
    for (const id of [...this.nodes.keys()]) if (this.alerts.get(id) === undefined) this.nodes.delete(id);
    const onlyResolved = this.alerts.open().length === 0 && this.alerts.resolved().length > 0;
    this.view.message = onlyResolved ? this.reader.t('There are no alerts.') : '';
    this.changed.fire(undefined);
  }

  /** With every sample: of all that changes, rows tell only that somebody works on a server. */
  private serversChanged(): void {
    const worked = JSON.stringify(this.mirror.servers().flatMap(({ id, maintenance }) => (maintenance ? [id] : [])));
    if (worked === this.worked) return;
    this.worked = worked;
    this.redraw();
  }

  private nodeOf({ id: alert, server, serverName }: Alert): AlertNode {
    // What has no name is the monitoring itself.
    const node: AlertNode = this.nodes.get(alert) ?? {
      kind: 'alert',
      alert,
      ...(serverName === '' ? {} : { id: server }),
    };
    this.nodes.set(alert, node);
    return node;
  }

  private alertItem(node: AlertNode, alert: Alert): vscode.TreeItem {
    const row = alertRow(alert, this.mirror.get(alert.server), Date.now(), this.reader);
    const item = new vscode.TreeItem(row.label);
    item.id = `alert:${alert.id}`;
    item.description = row.description;
    item.contextValue = row.contextValue;
    item.iconPath = new vscode.ThemeIcon(
      row.icon.id,
      row.icon.color === undefined ? undefined : new vscode.ThemeColor(row.icon.color),
    );
    if (row.isDim) item.resourceUri = vscode.Uri.from({ scheme: greyScheme, path: `/${alert.id}` });
    item.accessibilityInformation = { label: row.spoken };
    item.command = { command: 'gameServers.alertActions', title: this.reader.t('What to Do…'), arguments: [node] };
    return item;
  }

  private resolvedItem(): vscode.TreeItem {
    const { t } = this.reader;
    const item = new vscode.TreeItem(t('Resolved'), vscode.TreeItemCollapsibleState.Collapsed);
    item.id = 'resolved';
    item.description = String(this.alerts.resolved().length);
    item.contextValue = 'resolved';
    item.accessibilityInformation = { label: t('Resolved alerts: {0}', this.alerts.resolved().length) };
    return item;
  }
}
