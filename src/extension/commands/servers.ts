import * as vscode from 'vscode';
import type { Definition, Requests, ServerView } from '../../shared/contract.js';
import { serverIdFor } from '../../shared/serverId.js';
import type { CoreClient } from '../coreClient.js';
import type { Mirror } from '../mirror.js';
import type { Reporter } from '../report.js';
import { gameLabel } from '../text/gameLabel.js';
import type { Translate } from '../translate.js';
import { viewId } from '../viewId.js';
import { askDefinition } from './addServer.js';
import { demoDefinition } from './demo.js';

type Found = Requests['server/detect']['result'][number];

interface Parts {
  readonly client: CoreClient;
  readonly mirror: Mirror;
  readonly reporter: Reporter;
  readonly start: (views: readonly ServerView[]) => Promise<void>;
  readonly reveal: (id: string) => Promise<void>;
  readonly forget: (id: string) => Promise<void>;
}

/** Servers come and go: added by hand, found, as a demo, removed. */
export class Servers {
  private readonly t: Translate = vscode.l10n.t;

  constructor(private readonly parts: Parts) {}

  async add(): Promise<void> {
    const { t } = this;
    const definition = await askDefinition(this.parts.mirror.servers(), this.parts.mirror.games());
    if (definition === undefined) return;
    const view = await this.send(definition);
    await this.parts.reveal(view.id);
    const start = t('Start');
    const chosen = await vscode.window.showInformationMessage(t('{0} was added.', view.name), start);
    if (chosen === start) await this.parts.start([view]);
  }

  async addDemo(): Promise<void> {
    const taken = new Set(this.parts.mirror.servers().map(({ id }) => id));
    const view = await this.send(demoDefinition(taken, this.t('Demo Server')));
    // The row first: it shows the start.
    await Promise.all([this.parts.reveal(view.id), this.parts.start([view])]);
  }

  async find(): Promise<void> {
    const { t } = this;
    const found = await vscode.window.withProgress({ location: { viewId } }, () =>
      this.parts.client.request('server/detect', {}, { timeoutMs: 60_000 }),
    );
    if (found.length === 0) {
      const add = t('Add Server…');
      const text = t('No game server that this panel knows runs on this PC.');
      if ((await vscode.window.showInformationMessage(text, add)) === add) await this.add();
      return;
    }
    const items = found.map((one) => ({ ...item(one, t), picked: true, found: one }));
    const chosen = await vscode.window.showQuickPick(items, {
      canPickMany: true,
      matchOnDescription: true,
      title: t('Find Servers on This PC'),
      placeHolder: t('Which of these servers should be in the list?'),
    });
    for (const { found: one } of chosen ?? []) await this.connect(one);
  }

  async remove(views: readonly ServerView[]): Promise<void> {
    const { t } = this;
    const [first] = views;
    if (first === undefined) return;
    const question =
      views.length === 1
        ? t('Remove {0} from the list?', first.name)
        : t('Remove {0} servers from the list?', views.length);
    const detail = t('Its entry in servers.json goes. The files of the game and its worlds stay.');
    const confirm = t('Remove');
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, confirm)) !== confirm) return;
    await this.parts.reporter.each(views, async ({ id }) => {
      await this.parts.client.request('server/remove', { id });
      await this.parts.forget(id);
    });
  }

  private async connect({ definition, pid }: Found): Promise<void> {
    try {
      const view = await this.send(definition);
      if (pid === null) return;
      this.parts.mirror.take(await this.parts.client.request('server/attach', { id: view.id, pid }));
    } catch (error) {
      await this.parts.reporter.failure(error, definition);
    }
  }

  private async send(definition: Definition): Promise<ServerView> {
    const taken = new Set(this.parts.mirror.servers().map(({ id }) => id));
    const id = taken.has(definition.id) ? serverIdFor(definition.name, taken) : definition.id;
    const view = await this.parts.client.request('server/add', { definition: { ...definition, id } });
    this.parts.mirror.take(view);
    return view;
  }
}

function item({ definition, pid, missing }: Found, t: Translate): vscode.QuickPickItem {
  const game = gameLabel(definition.game, t);
  return {
    label: definition.name,
    description: pid === null ? game : t('{0}, process {1}', game, pid),
    detail:
      missing.length === 0
        ? definition.launch.command
        : t(
            '{0} (from its next start on: {1})',
            definition.launch.command,
            missing.map((one) => missingWord(one, t)).join(', '),
          ),
  };
}

/** What a server that was started elsewhere cannot give. */
function missingWord(what: string, t: Translate): string {
  switch (what) {
    case 'console':
      return t('console');
    case 'stdin':
      return t('commands to its console');
    case 'exit-code':
    case 'exitCode':
      return t('how it ended');
    default:
      return what;
  }
}
