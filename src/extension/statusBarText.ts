import type { Alert, ServerView } from '../shared/contract.js';
import { alertTitle, withoutIcons } from './text/alertTitle.js';
import { stateWord } from './text/states.js';
import type { Reader } from './translate.js';

export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly spoken: string;
  readonly severity: 'none' | 'warning' | 'error';
}

/**
 * The whole panel in one item; undefined where there is nothing to say. What a person must know stands in place of the
 * numbers until somebody has acknowledged it.
 */
export function statusText(
  views: readonly ServerView[],
  alerts: readonly Alert[],
  live: boolean,
  reader: Reader,
): StatusText | undefined {
  if (views.length === 0) return undefined;
  const { t } = reader;
  if (!live) {
    const tooltip = t('Game Servers: not connected, trying again. Your servers are not affected.');
    return { text: '$(server) –', tooltip, spoken: tooltip, severity: 'none' };
  }
  const running = views.filter((view) => view.state === 'running').length;
  const counts = views.map((view) => view.sample?.players ?? view.players.online).filter((count) => count !== null);
  const players = counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
  const spoken =
    players === undefined
      ? t('Game Servers: {0} of {1} running', running, views.length)
      : t('Game Servers: {0} of {1} running, {2} players', running, views.length, players);
  const titles = alerts.map((alert) => alertTitle(alert, reader));
  const share = `$(server) ${String(running)}/${String(views.length)}`;
  return {
    text: alertShare(alerts, reader) ?? (players === undefined ? share : `${share} $(person) ${String(players)}`),
    tooltip: [...titles, spoken, ...views.map((view) => t('{0}: {1}', view.name, stateWord(view, t)))].join('\n'),
    spoken: [...titles, spoken].join(', '),
    severity: worstOf(alerts)?.severity ?? 'none',
  };
}

function alertShare(alerts: readonly Alert[], reader: Reader): string | undefined {
  const worst = worstOf(alerts);
  if (worst === undefined) return undefined;
  const more = alerts.length > 1 ? ` +${String(alerts.length - 1)}` : '';
  return `$(${worst.severity}) ${withoutIcons(alertTitle(worst, reader))}${more}`;
}

/** The latest error, else the latest warning. */
function worstOf(alerts: readonly Alert[]): Alert | undefined {
  return alerts.find(({ severity }) => severity === 'error') ?? alerts[0];
}
