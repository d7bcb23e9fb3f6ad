import * as vscode from 'vscode';
import type { ServerView } from '../../shared/contract.js';
import type { CoreClient } from '../coreClient.js';
import type { Mirror } from '../mirror.js';
import type { Reporter } from '../report.js';
import { maintenanceChoices } from '../text/untilText.js';
import type { Reader } from '../translate.js';

interface Parts {
  readonly client: Pick<CoreClient, 'request'>;
  readonly mirror: Pick<Mirror, 'take'>;
  readonly reporter: Pick<Reporter, 'each'>;
  readonly reader: Reader;
}

/** While somebody works on a server, nobody is told of its alerts. */
export class Maintenance {
  constructor(private readonly parts: Parts) {}

  /** Asks for how long; of one that is worked on already, from now on. */
  async begin(views: readonly ServerView[]): Promise<void> {
    const { t } = this.parts.reader;
    const [first] = views;
    if (first === undefined) return;
    const title =
      views.length === 1 ? t('Maintenance of {0}', first.name) : t('Maintenance of {0} servers', views.length);
    const placeHolder = t('Its alerts are listed, but nobody is told of them, here or by messages.');
    const choice = await vscode.window.showQuickPick(maintenanceChoices(t), { title, placeHolder });
    if (choice === undefined) return;
    const until = choice.forMs === null ? {} : { until: Date.now() + choice.forMs };
    await this.set(views, { on: true, ...until });
  }

  async end(views: readonly ServerView[]): Promise<void> {
    await this.set(views, { on: false });
  }

  private async set(views: readonly ServerView[], how: { on: boolean; until?: number }): Promise<void> {
    const { client, mirror, reporter } = this.parts;
    await reporter.each(views, async ({ id }) => {
      mirror.take(await client.request('server/maintenance', { id, ...how }));
    });
  }
}
