import type { Requests } from '../../shared/contract.js';
import type { Translate } from '../translate.js';
import { gameLabel } from './gameLabel.js';

export type Found = Requests['server/detect']['result'][number];

interface FoundItem {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly found: Found;
}

/** The parts of the list: what runs, then what only lies there. Empty parts are left out. */
export function foundGroups(found: readonly Found[], t: Translate): { title: string; items: FoundItem[] }[] {
  const items = (all: readonly Found[]): FoundItem[] => all.map((one) => foundItem(one, t));
  return [
    { title: t('Running now'), items: items(found.filter(({ pid }) => pid !== null)) },
    { title: t('Installed'), items: items(found.filter(({ pid }) => pid === null)) },
  ].filter((group) => group.items.length > 0);
}

export function foundItem(found: Found, t: Translate): FoundItem {
  const { definition, pid, missing } = found;
  const { command, args = [], cwd } = definition.launch;
  const game = gameLabel(definition.game, t);
  const [until, lacking] = [words(missing, untilStart, t), words(missing, inSettings, t)];
  return {
    label: definition.name,
    description: [
      pid === null ? game : t('{0}, process {1}', game, pid),
      ...(until === '' ? [] : [t('from its next start on: {0}', until)]),
      ...(lacking === '' ? [] : [t('not set up in the game: {0}', lacking)]),
    ].join(' · '),
    // A runtime says nothing of the game: what tells servers apart is the folder.
    detail: /[\\/]/.test(command) && !command.includes('java') ? command : [cwd, command, ...args].join(' '),
    found,
  };
}

/** One sentence for all that were connected just now; undefined where they lack nothing. */
export function connectedSentence(found: readonly Found[], t: Translate): string | undefined {
  const names = found.map(({ definition }) => definition.name).join(', ');
  const missing = new Set(found.flatMap((one) => one.missing));
  if (missing.has('ctrl-c')) {
    return t(
      'Connected: {0}. Until the next start from here there is no console, no stop by Ctrl+C, and no exit code.',
      names,
    );
  }
  const isPartial = ['console', 'stdin', 'exit-code'].some((one) => missing.has(one));
  return isPartial
    ? t('Connected: {0}. Until the next start from here there is no console and no exit code.', names)
    : undefined;
}

/** Whether the game's own settings lack something. */
export function lacksSettings({ missing }: Found): boolean {
  return missing.some((one) => inSettings.includes(one));
}

/** What is offered for those whose games cannot be asked yet. */
export function setupOffer(names: readonly string[], t: Translate): string {
  return t('{0}: the game cannot be asked yet. Its own settings have to allow it first.', names.join(', '));
}

const untilStart = ['console', 'stdin', 'ctrl-c', 'exit-code'];
const inSettings = ['rest', 'rcon', 'password'];

function words(missing: readonly string[], kinds: readonly string[], t: Translate): string {
  return missing
    .filter((one) => kinds.includes(one))
    .map((one) => missingWord(one, t))
    .join(', ');
}

function missingWord(what: string, t: Translate): string {
  switch (what) {
    case 'console':
      return t('console');
    case 'stdin':
      return t('commands to its console');
    case 'ctrl-c':
      return t('stop by Ctrl+C');
    case 'exit-code':
      return t('how it ended');
    case 'rest':
      return t('REST API');
    case 'rcon':
      return t('RCON');
    case 'password':
      return t('password');
    default:
      return what;
  }
}
