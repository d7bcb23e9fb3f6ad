import type { ServerView } from '../shared/contract.js';
import { stateWord } from './text/states.js';
import type { Reader } from './translate.js';

export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly spoken: string;
  readonly severity: 'none' | 'warning' | 'error';
}

/** The whole panel in one item; undefined where there is nothing to say. */
export function statusText(views: readonly ServerView[], live: boolean, { t }: Reader): StatusText | undefined {
  if (views.length === 0) return undefined;
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
  const share = `$(server) ${String(running)}/${String(views.length)}`;
  return {
    text: players === undefined ? share : `${share} $(person) ${String(players)}`,
    tooltip: [spoken, ...views.map((view) => t('{0}: {1}', view.name, stateWord(view, t)))].join('\n'),
    spoken,
    severity: severity(views),
  };
}

function severity(views: readonly ServerView[]): StatusText['severity'] {
  if (views.some((view) => view.state === 'failed')) return 'error';
  return views.some((view) => view.state === 'crashed') ? 'warning' : 'none';
}
