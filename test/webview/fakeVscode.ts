import { Emitter } from '../../src/extension/emitter.js';

/**
 * The part of the vscode module that panels use, so that the real host side of a panel can talk to its real view in a
 * browser. `host` is the test's side of it.
 */
export const host = {
  panels: [] as FakePanel[],
  serializers: new Map<string, { deserializeWebviewPanel(panel: FakePanel, state: unknown): Promise<void> }>(),
  configured: new Emitter<{ affectsConfiguration(section: string): boolean }>(),
  translations: {} as Record<string, string>,
  /** Where the fake web server answers. */
  origin: '',
};

interface FakeUri {
  readonly path: string;
}

/** Buffers cross VS Code's border as they are, everything else as JSON: undefined goes, NaN becomes null. */
export class FakePanel {
  title: string;
  iconPath: unknown;
  visible = true;
  isDisposed = false;
  revealed = 0;
  readonly sent: unknown[] = [];
  /** Set by the test that shows the panel in a browser. */
  deliver: (message: unknown) => void = () => {};
  private readonly received = new Emitter<unknown>();
  private readonly disposed = new Emitter<void>();
  private readonly viewState = new Emitter<void>();
  readonly onDidDispose = this.disposed.event;
  readonly onDidChangeViewState = this.viewState.event;
  readonly webview = {
    options: {},
    html: '',
    asWebviewUri: ({ path }: FakeUri) => `${host.origin}${path}`,
    onDidReceiveMessage: this.received.event,
    postMessage: (message: unknown) => {
      this.sent.push(message);
      this.deliver(message);
      return Promise.resolve(true);
    },
  };

  constructor(
    readonly viewType: string,
    title: string,
  ) {
    this.title = title;
    host.panels.push(this);
  }

  receive(message: unknown): void {
    this.received.fire(message);
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.viewState.fire();
  }

  reveal(): void {
    this.revealed++;
  }

  dispose(): void {
    this.isDisposed = true;
    this.disposed.fire();
  }
}

export const Uri = {
  joinPath: (base: FakeUri, ...parts: string[]): FakeUri => ({ path: [base.path, ...parts].join('/') }),
};

export class ThemeIcon {
  constructor(readonly id: string) {}
}

export const ViewColumn = { Active: -1 };

export const env = { language: 'en' };

export const window = {
  createWebviewPanel: (viewType: string, title: string) => new FakePanel(viewType, title),
  registerWebviewPanelSerializer(
    viewType: string,
    serializer: { deserializeWebviewPanel(panel: FakePanel, state: unknown): Promise<void> },
  ) {
    host.serializers.set(viewType, serializer);
    return { dispose: () => host.serializers.delete(viewType) };
  },
};

export const workspace = { onDidChangeConfiguration: host.configured.event };

export const l10n = {
  t: (message: string, ...values: (string | number | boolean)[]) =>
    (host.translations[message] ?? message).replace(/\{(\d+)\}/g, (match, i: string) =>
      String(values[Number(i)] ?? match),
    ),
};
