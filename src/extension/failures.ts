import type { ErrorCode } from '../shared/contract.js';
import type { FailureData } from '../shared/failure.js';
import { channelLabel } from './text/channelText.js';
import { passwordLabel } from './text/passwordText.js';
import type { Translate } from './translate.js';

/** Buttons under a failure; what they do is in report.ts. */
export type FailureAction =
  | 'edit-definition'
  | 'set-password'
  | 'set-up-connection'
  | 'open-console'
  | 'show-log'
  | 'reconnect'
  | 'reload-window'
  | 'keep-waiting'
  | 'force-kill';

export interface FailureText {
  readonly text: string;
  readonly actions: readonly FailureAction[];
  /** Nothing is wrong: said as information, or not at all. */
  readonly mild?: boolean;
}

type Row = (data: FailureData, name: string, t: Translate, now: number) => FailureText;

/** Code to sentence and buttons. `name` is the server's, or the panel's where no server is meant. */
const rows: Record<ErrorCode, Row> = {
  unauthorized: (_, __, t) => ({
    text: t('Monitoring refuses this window. It may run as another user.'),
    actions: ['reconnect', 'show-log'],
  }),
  'protocol-mismatch': (_, __, t) => ({
    text: t('Game Server Panel was updated. Reload the window to go on; your servers are not affected.'),
    actions: ['reload-window'],
  }),
  'unknown-server': (_, name, t) => ({
    text: t('{0} is not in servers.json any more.', name),
    actions: ['edit-definition'],
  }),
  'invalid-definition': (data, name, t) => ({
    text: t('The entry of {0} in servers.json is not right: {1}', name, fault(data)),
    actions: ['edit-definition'],
  }),
  'duplicate-id': (data, _, t) => ({
    text: t('There is a server with the id {0} already.', word(data.id)),
    actions: ['edit-definition'],
  }),
  'already-running': (_, name, t) => ({ text: t('{0} is running already.', name), actions: [], mild: true }),
  'not-running': (_, name, t) => ({ text: t('{0} is not running.', name), actions: [], mild: true }),
  busy: (_, name, t) => ({
    text: t('{0} is busy with something else. Try again when that is done.', name),
    actions: [],
    mild: true,
  }),
  'command-not-found': (data, name, t) => ({
    text: t('{0} cannot start: {1} does not exist.', name, word(data.command ?? data.file)),
    actions: ['edit-definition'],
  }),
  'not-executable': (data, name, t) => ({
    text: t('{0} cannot start: {1} may not be executed.', name, word(data.command ?? data.file)),
    actions: ['edit-definition'],
  }),
  'start-failed': (data, name, t) => ({
    text: t('{0} did not start: {1}', name, ending(data, t)),
    actions: ['open-console', 'edit-definition'],
  }),
  'stop-timeout': (_, name, t) => ({
    text: t('{0} has not stopped yet.', name),
    actions: ['keep-waiting', 'force-kill'],
  }),
  cancelled: (_, name, t) => ({ text: t('{0} keeps running: the stop was cancelled.', name), actions: [], mild: true }),
  unsupported: (data, name, t) => unsupported(data, name, t),
  'no-channel': (_, name, t) => ({
    text: t('{0} takes no commands: it was not started from here, and no remote console is set up.', name),
    actions: ['edit-definition'],
  }),
  'auth-rejected': (data, name, t) => ({
    text: isWord(data.via)
      ? t('{0} refused the password ({1}).', name, channelLabel(word(data.via), t))
      : t('{0} refused the password.', name),
    actions: ['set-password', 'edit-definition'],
  }),
  unreachable: (data, name, t, now) => unreachable(data, name, t, now),
  'bad-reply': (data, name, t) => {
    const what = [isWord(data.status) ? `HTTP ${word(data.status)}` : undefined, data.field, data.detail].filter(
      isWord,
    );
    const text =
      what.length === 0
        ? t('{0} gave an answer that makes no sense.', name)
        : t('{0} gave an answer that makes no sense: {1}', name, what.join(', '));
    return { text, actions: ['show-log'] };
  },
  'secret-missing': (data, name, t) => ({
    text: t('{0} needs a password that is not known: {1}', name, passwordLabel(word(data.key), t)),
    actions: ['set-password'],
  }),
  timeout: (data, name, t) => ({
    text:
      data.isSent === true
        ? t('{0} did not answer in time. It may have done it all the same.', name)
        : t('{0} did not answer in time.', name),
    actions: ['show-log'],
  }),
  io: (data, name, t) => {
    if (data.what === 'save') {
      const why = isWord(data.detail) ? word(data.detail) : t('see its console');
      return { text: t('{0} could not save: {1}', name, why), actions: ['open-console'] };
    }
    if (data.detail === 'broken') {
      const text = t('servers.json has a fault in line {0}. It is not changed until that is mended.', word(data.line));
      return { text, actions: ['edit-definition'] };
    }
    if (data.detail === 'ENOENT') {
      return { text: t('{0}: {1} does not exist.', name, word(data.file)), actions: ['edit-definition', 'show-log'] };
    }
    const what = [data.file, data.detail].filter(isWord).join(', ') || t('see the log');
    return { text: t('Reading or writing failed: {0}', what), actions: ['show-log'] };
  },
};

/** What a game cannot be told or asked, and what may help. */
function unsupported({ what }: FailureData, name: string, t: Translate): FailureText {
  switch (what) {
    case 'save':
      return { text: t('{0} cannot be told to save.', name), actions: ['set-up-connection'] };
    case 'announce':
      return { text: t('The players of {0} cannot be told anything.', name), actions: ['set-up-connection'] };
    case 'announce-characters': {
      const text = t('{0} can show its players only English letters, digits and punctuation. Nothing was sent.', name);
      return { text, actions: ['set-up-connection'] };
    }
    case 'players':
      return { text: t('{0} does not tell who is on.', name), actions: ['set-up-connection'] };
    default:
      return { text: t('{0} cannot do this.', name), actions: [] };
  }
}

function unreachable(data: FailureData, name: string, t: Translate, now: number): FailureText {
  const { port, via, retryAt } = data;
  if (port === undefined && via === undefined && retryAt === undefined) {
    const text = t('Monitoring does not answer. Your servers are not affected.');
    return { text, actions: ['reconnect', 'show-log'] };
  }
  const text = gameDoesNotAnswer(isWord(port) ? port : undefined, isWord(via) ? String(via) : undefined, name, t);
  const seconds = typeof retryAt === 'number' ? Math.ceil((retryAt - now) / 1000) : 0;
  const again = seconds > 0 ? [t('It is asked again in {0} s.', seconds)] : [];
  return { text: [text, ...again].join(' '), actions: ['edit-definition'] };
}

function gameDoesNotAnswer(
  port: string | number | undefined,
  via: string | undefined,
  name: string,
  t: Translate,
): string {
  if (port === undefined) return t('The game of {0} does not answer.', name);
  if (via === undefined) return t('The console of {0} does not answer on port {1}.', name, port);
  return t('{0} does not answer on port {1} ({2}).', name, port, channelLabel(via, t));
}

/** now: Unix milliseconds, for what is tried again later. */
export function failureText(
  code: ErrorCode,
  data: FailureData,
  name: string,
  t: Translate,
  now = Date.now(),
): FailureText {
  // A newer background process may know codes that this window does not.
  const row = rows[code] as Row | undefined;
  return row?.(data, name, t, now) ?? { text: t('{0}: {1}', name, code), actions: ['show-log'] };
}

type Value = FailureData[string] | undefined;

function isWord(value: Value): value is string | number {
  return (typeof value === 'string' && value !== '') || typeof value === 'number';
}

function word(value: Value): string {
  return isWord(value) ? String(value) : '?';
}

function fault(data: FailureData): string {
  return [data.field, data.detail].filter(isWord).join(': ') || '?';
}

function ending(data: FailureData, t: Translate): string {
  const code = data.exitCode ?? null;
  if (isWord(data.signal)) return t('ended by {0}', data.signal);
  if (isWord(code)) return t('exit code {0}', code);
  return isWord(data.detail) ? data.detail.toString() : t('see its console');
}

export function actionTitle(action: FailureAction, t: Translate): string {
  const titles: Record<FailureAction, string> = {
    'edit-definition': t('Edit servers.json'),
    'set-password': t('Set Password…'),
    'set-up-connection': t('Set Up Game Connection…'),
    'open-console': t('Open Console'),
    'show-log': t('Show Log'),
    reconnect: t('Reconnect'),
    'reload-window': t('Reload Window'),
    'keep-waiting': t('Keep Waiting'),
    'force-kill': t('Force Kill…'),
  };
  return titles[action];
}
