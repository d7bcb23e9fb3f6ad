import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AlertMirror } from '../../../src/extension/alerts/alertMirror.js';
import { AlertsView } from '../../../src/extension/alerts/alertsView.js';
import { Emitter } from '../../../src/extension/emitter.js';
import type { Mirror } from '../../../src/extension/mirror.js';
import type { Alert, ServerId, ServerView } from '../../../src/shared/contract.js';
import { alert, noon, reader, view } from './fixtures.js';

interface Item {
  id: string;
  description: string;
  resourceUri?: { scheme: string };
  tooltip?: { value: string };
  command?: { arguments: unknown[] };
}
const window = vi.hoisted(() => ({
  view: { message: '', revealed: [] as unknown[] },
  ran: [] as unknown[],
  visibility: [] as ((change: { visible: boolean }) => void)[],
}));

vi.mock('vscode', async () => {
  const { Emitter: Own } = await import('../../../src/extension/emitter.js');
  class MarkdownString {
    value = '';
    appendText(text: string): this {
      this.value += text;
      return this;
    }
    appendMarkdown(text: string): this {
      this.value += text;
      return this;
    }
  }
  const disposable = { dispose: () => undefined };
  return {
    ...{ EventEmitter: Own, MarkdownString },
    TreeItem: class {
      constructor(
        readonly label: string,
        readonly collapsibleState = 0,
      ) {}
    },
    TreeItemCollapsibleState: { None: 0, Collapsed: 1 },
    ThemeIcon: class {
      constructor(
        readonly id: string,
        readonly color?: unknown,
      ) {}
    },
    ThemeColor: class {
      constructor(readonly id: string) {}
    },
    Uri: { from: (parts: object) => parts },
    commands: { executeCommand: async (command: string) => void window.ran.push(command) },
    window: {
      registerFileDecorationProvider: () => disposable,
      createTreeView: () => ({
        ...disposable,
        get message() {
          return window.view.message;
        },
        set message(message: string) {
          window.view.message = message;
        },
        onDidChangeVisibility: (listener: (typeof window.visibility)[number]) => {
          window.visibility.push(listener);
          return disposable;
        },
        reveal: async (node: unknown) => void window.view.revealed.push(node),
      }),
    },
  };
});

const alertsChanged = new Emitter<void>();
const serversChanged = new Emitter<ReadonlySet<ServerId>>();
let list: Alert[];
let servers: ServerView[];
let shown: AlertsView;
let redrawn: number;

beforeEach(() => {
  vi.useFakeTimers({ now: noon, toFake: ['Date'] });
  [list, servers, redrawn] = [[], [view()], 0];
  window.view.message = '';
  for (const all of [window.view.revealed, window.ran, window.visibility]) all.length = 0;
  const alerts = {
    onDidChange: alertsChanged.event,
    open: () => list.filter(({ state }) => state !== 'resolved'),
    resolved: () => list.filter(({ state }) => state === 'resolved'),
    get: (id: string) => list.find((one) => one.id === id),
  } as unknown as AlertMirror;
  const mirror = {
    onDidChange: serversChanged.event,
    servers: () => servers,
    get: (id: string) => servers.find((one) => one.id === id),
  } as unknown as Mirror;
  shown = new AlertsView(alerts, mirror, reader);
  shown.onDidChangeTreeData(() => redrawn++);
});
afterEach(() => {
  shown.dispose();
  vi.useRealTimers();
});

const become = (...now: Alert[]): void => {
  list = now;
  alertsChanged.fire();
};
const items = (of?: Parameters<AlertsView['getChildren']>[0]): Item[] =>
  shown.getChildren(of).map((node) => shown.getTreeItem(node) as unknown as Item);

test('none is nothing at all, so that the view can say so itself', () => {
  become();
  expect(items()).toEqual([]);
  expect(window.view.message).toBe('');
});

test('open ones stand in the list, those that are over below them in a node that is folded', () => {
  become(alert(), alert({ id: 'seen', state: 'acknowledged' }), alert({ id: 'over', state: 'resolved' }));
  expect(items()).toMatchObject([
    { id: 'alert:a1', label: 'Demo Server crashed', iconPath: { id: 'error' } },
    { id: 'alert:seen', iconPath: { id: 'check' } },
    { id: 'resolved', label: 'Resolved', description: '1', collapsibleState: 1 },
  ]);
  const [first, seen, resolved] = shown.getChildren();
  expect(items(resolved).map(({ id }) => id)).toEqual(['alert:over']);
  expect(shown.getChildren(first)).toEqual([]);
  const [over] = shown.getChildren(resolved);
  expect([shown.getParent(seen!), shown.getParent(over!)]).toEqual([undefined, resolved]);
  // What nobody has to look at is grey.
  expect(items().map(({ resourceUri }) => resourceUri !== undefined)).toEqual([false, true, false]);
  expect(shown.provideFileDecoration(items()[1]!.resourceUri as never)).toMatchObject({
    color: { id: 'disabledForeground' },
  });
  expect(shown.provideFileDecoration({ scheme: 'file' } as never)).toBeUndefined();
});

test('where all are over, the view says that there is none', () => {
  become(alert({ state: 'resolved' }));
  expect(window.view.message).toBe('There are no alerts.');
  become(alert());
  expect(window.view.message).toBe('');
});

test('a row names its alert, and its server where it is about one', () => {
  become(alert(), alert({ id: 'pc', rule: 'low-memory', server: 'monitor', serverName: '' }));
  const [one, other] = shown.getChildren();
  expect(one).toEqual({ kind: 'alert', alert: 'a1', id: 'demo' });
  expect(other).toEqual({ kind: 'alert', alert: 'pc' });
  expect(items()[0]?.command?.arguments).toEqual([one]);
  // The same node as before: it stays selected.
  become(alert({ count: 2 }));
  expect(shown.getChildren()[0]).toBe(one);
});

test('Show Alerts brings the view to the front, with the keyboard on the first row', async () => {
  await shown.focus();
  expect([window.ran, window.view.revealed]).toEqual([['gameServers.alerts.focus'], []]);
  become(alert());
  await shown.focus();
  expect(window.view.revealed).toEqual([{ kind: 'alert', alert: 'a1', id: 'demo' }]);
});

test('samples redraw nothing; that somebody works on a server does, and so does coming into sight', () => {
  become(alert());
  const before = redrawn;
  serversChanged.fire(new Set(['demo']));
  expect(redrawn).toBe(before);
  servers = [view({ maintenance: { until: null } })];
  serversChanged.fire(new Set(['demo']));
  serversChanged.fire(new Set(['demo']));
  expect(redrawn).toBe(before + 1);
  expect(items()[0]?.description).toMatch(/ · Maintenance$/);
  for (const visible of [false, true]) for (const listener of window.visibility) listener({ visible });
  expect(redrawn).toBe(before + 2);
});

test('the tooltip tells what follows, as it is when somebody points at the row', () => {
  become(alert());
  const [node] = shown.getChildren();
  const [item] = items();
  shown.resolveTreeItem(item as never, node!);
  expect(item?.tooltip?.value).toMatch(
    /^Demo Server crashed \(SIGSEGV\)\. It is running again\.\n\nSeverity: Error {2}\n/,
  );
});
