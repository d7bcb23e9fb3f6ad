import type { Connection } from '../coreClient.js';
import type { DownReason } from '../downReason.js';
import type { Translate } from '../translate.js';

/** The row that says why nothing is live, and what a click on it does. */
export interface Notice {
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly command: 'gameServers.retryConnection' | 'workbench.action.reloadWindow';
  readonly action: string;
}

export function noticeOf(connection: Connection, t: Translate): Notice | undefined {
  if (connection.at !== 'down') return undefined;
  const words = notices[connection.reason](t);
  const reload = connection.reason === 'reload-needed';
  return {
    ...words,
    tooltip: [words.label, words.description, t('Your servers are not affected.'), connection.detail].join('\n'),
    command: reload ? 'workbench.action.reloadWindow' : 'gameServers.retryConnection',
    action: reload ? t('Reload Window') : t('Reconnect'),
  };
}

const notices: Record<DownReason, (t: Translate) => { label: string; description: string }> = {
  'reload-needed': (t) => ({
    label: t('Reload the window'),
    description: t('Game Server Panel was updated; this window still has the old version.'),
  }),
  'files-missing': (t) => ({
    label: t('Files of the extension are missing'),
    description: t('Install Game Server Panel again, then click here.'),
  }),
  'cannot-start': (t) => ({
    label: t('Monitoring does not start'),
    description: t('Click to try again; the log says why.'),
  }),
  'no-answer': (t) => ({
    label: t('Monitoring is not running'),
    description: t('Still trying; click to try now.'),
  }),
  refused: (t) => ({
    label: t('Monitoring refuses this window'),
    description: t('It may run as another user; click to try again.'),
  }),
};
