import * as vscode from 'vscode';
import type { Definition, ServerView } from '../../shared/contract.js';
import { serverIdFor } from '../../shared/serverId.js';
import type { CoreClient } from '../coreClient.js';
import type { Mirror } from '../mirror.js';
import type { Reporter } from '../report.js';
import { connectedSentence, lacksSettings, setupOffer, type Found } from '../text/foundText.js';
import type { Translate } from '../translate.js';
import { offerSetup, setUpTitle } from '../setup/offerSetup.js';
import { askDefinition } from './addServer.js';
import { demoDefinition } from './demo.js';
import { chooseFound, detect } from './findServers.js';

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
    // Looked for while the first question is being answered.
    const found = this.parts.client.request('server/detect', {}, { timeoutMs: 60_000 }).catch(() => []);
    const { mirror } = this.parts;
    const definition = await askDefinition(mirror.servers(), mirror.games(), found);
    if (definition === undefined) return;
    const view = await this.send(definition);
    await this.parts.reveal(view.id);
    const [start, setUp] = [t('Start'), setUpTitle()];
    const setup = await this.parts.client.request('server/setup', { id: view.id }).catch(() => null);
    const text = setup === null ? t('{0} was added.', view.name) : setupOffer([view.name], t);
    const chosen = await vscode.window.showInformationMessage(text, start, ...(setup === null ? [] : [setUp]));
    if (chosen === start) await this.parts.start([view]);
    else if (chosen === setUp) await vscode.commands.executeCommand('gameServers.setUpConnection', view.id);
  }

  async addDemo(): Promise<void> {
    const taken = new Set(this.parts.mirror.servers().map(({ id }) => id));
    const view = await this.send(demoDefinition(taken, this.t('Demo Server')));
    // The row first: it shows the start.
    await Promise.all([this.parts.reveal(view.id), this.parts.start([view])]);
  }

  async find(): Promise<void> {
    const { t } = this;
    const found = await detect(this.parts.client);
    if (found === undefined) return;
    if (found.length === 0) {
      const add = t('Add Server…');
      const text = t('No game server that this panel knows is on this PC.');
      if ((await vscode.window.showInformationMessage(text, add)) === add) await this.add();
      return;
    }
    const listed = new Set(this.parts.mirror.servers().map(({ id }) => id));
    const added = [];
    for (const one of (await chooseFound(found)) ?? []) {
      const view = await this.connect(one, listed.has(one.definition.id));
      if (view !== undefined) added.push({ view, found: one });
    }
    const running = added.filter(({ found: one }) => one.pid !== null).map(({ found: one }) => one);
    const sentence = connectedSentence(running, t);
    if (sentence !== undefined) void vscode.window.showInformationMessage(sentence);
    await offerSetup(added.filter(({ found: one }) => lacksSettings(one)).map(({ view }) => view));
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

  /** isListed: it is in the list already, and runs without having been started from here. */
  private async connect({ definition, pid }: Found, isListed: boolean): Promise<ServerView | undefined> {
    try {
      const view = isListed ? this.parts.mirror.get(definition.id) : await this.send(definition);
      if (pid === null || view === undefined) return view;
      const attached = await this.parts.client.request('server/attach', { id: view.id, pid });
      this.parts.mirror.take(attached);
      return attached;
    } catch (error) {
      await this.parts.reporter.failure(error, definition);
      return undefined;
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
