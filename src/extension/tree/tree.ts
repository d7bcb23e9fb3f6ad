import * as vscode from 'vscode';
import type { ServerId } from '../../shared/contract.js';
import { Bag } from '../bag.js';
import type { IntervalMirror } from '../intervalMirror.js';
import type { Mirror } from '../mirror.js';
import type { Settings } from '../settings.js';
import type { Subscription } from '../subscription.js';
import type { Reader } from '../translate.js';
import { viewId } from '../viewId.js';
import { measuringItem, noticeItem, problemItem, serverItem, tooltip, type FilePlaces } from './items.js';
import { intervalRow, measuringRow, type MeasuringRow } from './measuring.js';
import { noticeOf, type Notice } from './notice.js';
import { serverRow, ticks, type Row, type RowContext } from './rows.js';

interface ServerNode {
  readonly kind: 'server';
  readonly id: ServerId;
}
type Node =
  | ServerNode
  | { readonly kind: 'problem'; readonly index: number }
  | { readonly kind: 'notice'; notice: Notice }
  | { readonly kind: 'measuring'; row: MeasuringRow };

/** The servers as a tree. A tick redraws the rows whose text changed and no other. */
export class ServerTree implements vscode.TreeDataProvider<Node> {
  private readonly bag = new Bag();
  private readonly changed = this.bag.add(new vscode.EventEmitter<Node | undefined>());
  private readonly nodes = new Map<ServerId, ServerNode>();
  private intervalTold: string | undefined;
  private readonly drawn = new Map<ServerId, Row>();
  private readonly view: vscode.TreeView<Node>;
  private second: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly mirror: Mirror,
    private readonly subscription: Subscription,
    private readonly settings: Settings,
    private readonly reader: Reader,
    private readonly files: FilePlaces,
    private readonly cpus: number,
    private readonly interval: Pick<IntervalMirror, 'now' | 'onDidChange'>,
  ) {
    this.view = this.bag.add(vscode.window.createTreeView(viewId, { treeDataProvider: this, canSelectMany: true }));
    this.bag.add(this.view.onDidChangeVisibility(({ visible }) => this.visible(visible)));
    this.bag.add(mirror.onDidChange((ids) => this.servers(ids)));
    this.bag.add(mirror.onDidChangeConnection(() => this.redraw()));
    this.bag.add(mirror.onDidChangeProblems(() => this.redraw()));
    this.bag.add(mirror.onDidChangeMeasuring(() => this.redraw()));
    this.bag.add(interval.onDidChange(() => this.intervalIs()));
    this.visible(this.view.visible);
  }

  get onDidChangeVisibility(): vscode.Event<{ visible: boolean }> {
    return this.view.onDidChangeVisibility;
  }

  get badge(): vscode.ViewBadge | undefined {
    return this.view.badge;
  }

  set badge(badge: vscode.ViewBadge | undefined) {
    this.view.badge = badge;
  }

  get isVisible(): boolean {
    return this.view.visible;
  }

  /** Everything again, for what concerns all rows: a setting, the connection. */
  redraw(): void {
    this.drawn.clear();
    this.changed.fire(undefined);
    this.clock();
  }

  async reveal(id: ServerId): Promise<void> {
    await vscode.commands.executeCommand(`${viewId}.focus`);
    const node = this.nodes.get(id);
    if (node !== undefined) await this.view.reveal(node, { select: true, focus: true });
  }

  getParent(): undefined {
    return undefined;
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node !== undefined) return [];
    // The view shows its progress bar meanwhile, instead of an empty view that offers to add what may exist already.
    await this.mirror.settled();
    const notice = noticeOf(this.mirror.connectionState, this.reader.t);
    const servers = this.mirror.servers();
    // Of no interest before there is anything to measure: an empty view makes its offers.
    const row = servers.length === 0 ? undefined : measuringRow(this.mirror.connectionState, this.reader);
    const interval = servers.length === 0 ? undefined : intervalRow(this.interval.now, this.reader.t);
    this.intervalTold = interval?.label;
    return [
      ...(notice === undefined ? [] : [{ kind: 'notice' as const, notice }]),
      ...this.mirror.problems().map((_, index) => ({ kind: 'problem' as const, index })),
      ...(row === undefined ? [] : [{ kind: 'measuring' as const, row }]),
      ...servers.map(({ id }) => this.nodeOf(id)),
      // It comes and goes with the load, and at the end moves no row under somebody's pointer.
      ...(interval === undefined ? [] : [{ kind: 'measuring' as const, row: interval }]),
    ];
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === 'notice') return noticeItem(node.notice);
    if (node.kind === 'measuring') return measuringItem(node.row);
    if (node.kind === 'problem') {
      const problem = this.mirror.problems()[node.index];
      return problem === undefined ? new vscode.TreeItem('') : problemItem(problem, this.files, this.reader);
    }
    const row = this.row(node.id);
    if (row === undefined) return new vscode.TreeItem(node.id);
    this.drawn.set(node.id, row);
    return serverItem(node.id, row);
  }

  /** Made when somebody points at the row, not on every tick. */
  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    if (node.kind !== 'server') return item;
    const [status, openFiles] = await Promise.all([this.mirror.status(), this.mirror.openFiles(node.id)]);
    const view = this.mirror.get(node.id);
    if (view !== undefined) item.tooltip = tooltip(view, this.context(node.id), { status, openFiles });
    return item;
  }

  dispose(): void {
    clearInterval(this.second);
    this.bag.dispose();
  }

  private nodeOf(id: ServerId): ServerNode {
    const node = this.nodes.get(id) ?? { kind: 'server', id };
    this.nodes.set(id, node);
    return node;
  }

  private servers(ids: ReadonlySet<ServerId>): void {
    let listChanged = false;
    for (const id of ids) {
      const exists = this.mirror.get(id) !== undefined;
      if (this.nodes.has(id) === exists) continue;
      listChanged = true;
      if (exists) this.nodeOf(id);
      else this.nodes.delete(id);
    }
    this.clock();
    if (listChanged) this.redraw();
    else if (this.view.visible) this.update(ids);
  }

  private update(ids: Iterable<ServerId>): void {
    for (const id of ids) {
      const node = this.nodes.get(id);
      const row = this.row(id);
      if (node === undefined || row === undefined) continue;
      const before = this.drawn.get(id);
      if (before !== undefined && JSON.stringify(before) === JSON.stringify(row)) continue;
      this.drawn.set(id, row);
      this.changed.fire(node);
    }
  }

  private intervalIs(): void {
    if (intervalRow(this.interval.now, this.reader.t)?.label !== this.intervalTold) this.redraw();
  }

  private visible(visible: boolean): void {
    this.subscription.show('tree', visible);
    if (visible) this.update(this.nodes.keys());
    this.clock();
  }

  /** Countdowns need a tick of their own, only while there are any and somebody can see them. */
  private clock(): void {
    const counting = this.view.visible && this.mirror.connection === 'connected' && this.mirror.servers().some(ticks);
    if (!counting) {
      clearInterval(this.second);
      this.second = undefined;
      return;
    }
    this.second ??= setInterval(() => {
      this.update(
        this.mirror
          .servers()
          .filter(ticks)
          .map(({ id }) => id),
      );
    }, 1000);
  }

  private row(id: ServerId): Row | undefined {
    const view = this.mirror.get(id);
    return view === undefined ? undefined : serverRow(view, this.context(id));
  }

  private context(id: ServerId): RowContext {
    return {
      ...this.reader,
      live: this.mirror.connection === 'connected',
      down: this.mirror.connection === 'down',
      now: Date.now(),
      cpus: this.cpus,
      scale: this.settings.get('cpuScale'),
      stop: this.mirror.stopping(id),
      interval: this.interval.now,
    };
  }
}
