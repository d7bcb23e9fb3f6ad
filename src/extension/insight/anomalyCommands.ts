import * as vscode from 'vscode';
import { anomalyOf, type Anomaly, type AnomalyMetric } from '../../shared/anomaly.js';
import { anomalyLabel, anomalyTitle, capital, languageOf } from '../../shared/anomalyText.js';
import type { Alert, ServerView } from '../../shared/contract.js';
import type { CoreClient } from '../coreClient.js';
import type { Reporter } from '../report.js';
import { fullMoment } from '../text/format.js';
import { metricMuteChoices } from '../text/untilText.js';
import type { Reader } from '../translate.js';
import { anomalyRow, knownOf, metricRows, timeExample, timeFault, timeIn, type Known } from './anomalyRows.js';

interface Parts {
  readonly client: Pick<CoreClient, 'request'>;
  readonly reporter: Pick<Reporter, 'failure'>;
  readonly reader: Reader;
}

type Server = Pick<ServerView, 'id' | 'name'>;
type Alerts = readonly Alert[];

/** What a person says about what was found: it was normal, of that nothing more, learn anew. */
export class AnomalyCommands {
  constructor(private readonly parts: Parts) {}

  /** What was found of a server, to choose from, and what can be done about it. */
  async show([server]: readonly Server[]): Promise<void> {
    if (server === undefined) return;
    await this.guarded(server, async () => {
      const { t } = this.parts.reader;
      const known = await this.known(server);
      if (known.anomalies.length === 0) {
        void vscode.window.showInformationMessage(nothingText(server, known, this.parts.reader));
        return;
      }
      const now = Date.now();
      const items = known.anomalies.map((anomaly) => ({ ...anomalyRow(anomaly, now, this.parts.reader), anomaly }));
      const title = t('Anomalies of {0}', server.name);
      const placeHolder = t('What was found, the newest first');
      const chosen = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDetail: true });
      if (chosen !== undefined) await this.offer(server, chosen, known);
    });
  }

  /** Alerts of the list: what was told was normal. */
  async normal(alerts: Alerts): Promise<void> {
    await this.each(alerts, (server, anomaly) => this.callNormal(server, anomaly));
  }

  async muteOf(alerts: Alerts): Promise<void> {
    const [first] = alerts;
    const anomaly = first === undefined ? undefined : anomalyOf(first.data);
    if (anomaly === undefined) return;
    const until = await this.untilWhen(anomaly.metric, false);
    if (until === undefined) return;
    await this.each(alerts, ({ id }, { metric }) => this.request('metric/mute', { id, metric, until }));
  }

  /** Asks which metric, and until when. */
  async mute(servers: readonly Server[]): Promise<void> {
    const [server] = servers;
    if (server === undefined) return;
    await this.guarded(server, async () => {
      const { reader } = this.parts;
      const { t } = reader;
      const { muted } = await this.known(server);
      const title = t('Mute a metric of {0}', server.name);
      const placeHolder = t('It is measured and shown as always, but nothing is found in it.');
      const items = metricRows(muted, Date.now(), reader);
      const chosen = await vscode.window.showQuickPick(items, { title, placeHolder });
      if (chosen !== undefined) await this.muteMetric(server, chosen.metric, muted.has(chosen.metric));
    });
  }

  /** Asks from when on. */
  async relearn(servers: readonly Server[]): Promise<void> {
    const { t } = this.parts.reader;
    const [first] = servers;
    if (first === undefined) return;
    const title =
      servers.length === 1 ? t('Learn anew: {0}', first.name) : t('Learn anew: {0} servers', servers.length);
    const placeHolder = t('What was measured before then counts no more, as after an update of the game or its mods.');
    const items = [
      { label: t('From Now On'), isNow: true },
      { label: t('From a Date and Time…'), isNow: false },
    ];
    const choice = await vscode.window.showQuickPick(items, { title, placeHolder });
    if (choice === undefined) return;
    const from = choice.isNow ? Date.now() : await this.askTime(title);
    if (from === undefined) return;
    for (const server of servers)
      await this.guarded(server, () => this.request('baseline/relearn', { id: server.id, from }));
    const text = t('What is normal is learned from {0} on.', fullMoment(from, this.parts.reader));
    vscode.window.setStatusBarMessage(text, 5000);
  }

  private async offer(
    server: Server,
    row: { label: string; detail: string; anomaly: Anomaly },
    { muted }: Known,
  ): Promise<void> {
    const { t, locale } = this.parts.reader;
    const { anomaly, detail } = row;
    const { metric, endedBy } = anomaly;
    const items = [
      ...(endedBy === 'normal' ? [] : [{ label: t('This Was Normal'), act: () => this.callNormal(server, anomaly) }]),
      {
        label: t('Mute This Metric…'),
        act: () => this.muteMetric(server, metric, muted.has(metric)),
      },
      {
        label: t('Open Metrics'),
        act: () => vscode.commands.executeCommand('gameServers.openMetrics', server.id),
      },
      {
        label: t('Copy Text'),
        act: async () => {
          const text = `${server.name}: ${anomalyTitle(anomaly, languageOf(locale))}. ${detail}`;
          await vscode.env.clipboard.writeText(text);
        },
      },
    ];
    const title = capital(anomalyTitle(anomaly, languageOf(locale)));
    const chosen = await vscode.window.showQuickPick(items, { title, placeHolder: detail });
    await chosen?.act();
  }

  private async callNormal({ id }: Server, { peakAt: at, metric }: Anomaly): Promise<void> {
    await this.request('anomaly/feedback', { id, at, metric, verdict: 'normal' });
    // Nothing else changes on the screen.
    vscode.window.setStatusBarMessage(this.parts.reader.t('It is learned as normal.'), 5000);
  }

  private async muteMetric({ id }: Server, metric: AnomalyMetric, isMuted: boolean): Promise<void> {
    const until = await this.untilWhen(metric, isMuted);
    if (until !== undefined) await this.request('metric/mute', { id, metric, until });
  }

  /** Unix milliseconds; null: for good; undefined: somebody has changed his mind. */
  private async untilWhen(metric: AnomalyMetric, isMuted: boolean): Promise<number | null | undefined> {
    const { t, locale } = this.parts.reader;
    const title = t('Mute: {0}', anomalyLabel(metric, languageOf(locale)));
    const placeHolder = t('It is measured and shown as always, but nothing is found in it.');
    const choice = await vscode.window.showQuickPick(metricMuteChoices(isMuted, t), { title, placeHolder });
    if (choice === undefined) return undefined;
    return choice.forMs === null ? null : Date.now() + choice.forMs;
  }

  private async askTime(title: string): Promise<number | undefined> {
    const { t } = this.parts.reader;
    const prompt = t('By the clock of this PC');
    const value = timeExample(Date.now());
    const validateInput = (text: string): string | undefined => timeFault(text, Date.now(), t);
    const text = await vscode.window.showInputBox({ title, prompt, value, validateInput });
    return text === undefined ? undefined : timeIn(text, Date.now());
  }

  private async known({ id }: Server): Promise<Known> {
    return knownOf(await this.request('baseline/get', { id }), Date.now());
  }

  private get request(): CoreClient['request'] {
    const { client } = this.parts;
    return client.request.bind(client);
  }

  private async each(alerts: Alerts, act: (server: Server, anomaly: Anomaly) => Promise<unknown>): Promise<void> {
    for (const { server: id, serverName: name, data } of alerts) {
      const anomaly = anomalyOf(data);
      if (anomaly !== undefined) await this.guarded({ id, name }, () => act({ id, name }, anomaly));
    }
  }

  private async guarded(server: Server, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      await this.parts.reporter.failure(error, server);
    }
  }
}

function nothingText({ name }: Server, { days, of }: Known, { t }: Reader): string {
  const whole = Math.floor(days);
  return days < 0.9 * of
    ? t('{0}: nothing was found yet. What is normal is still being learned: {1} of {2} days.', name, whole, of)
    : t('{0}: nothing out of the ordinary was found.', name);
}
