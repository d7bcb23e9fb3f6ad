import path from 'node:path';
import * as vscode from 'vscode';
import type { Definition, GameInfo, ServerView } from '../../shared/contract.js';
import { serverIdFor } from '../../shared/serverId.js';
import { foundItem, type Found } from '../text/foundText.js';
import { gameLabel } from '../text/gameLabel.js';
import { checkCommand, type CommandFault } from './commandCheck.js';
import { gameGroups } from './gameChoices.js';
import { joinArguments, splitArguments, type Shell } from './splitArguments.js';
import { ask, askChoice, askText, back, type Answer, type Choice, type Complaint, type Question } from './wizard.js';

interface Draft {
  readonly game: string;
  readonly command: string;
  readonly args: string;
  readonly cwd: string;
  readonly name: string;
  readonly restart: 'never' | 'on-crash';
  /** What was found on this PC and taken. */
  readonly found?: Definition;
}

const shell: Shell = process.platform === 'win32' ? 'win32' : 'posix';
const { t } = vscode.l10n;

/** How long after the first question what is on this PC is waited for. */
const foundMs = 2000;

/** Asks for everything that a new server needs; undefined when given up. found: never rejects. */
export async function askDefinition(
  views: readonly ServerView[],
  games: readonly GameInfo[],
  found: Promise<readonly Found[]>,
): Promise<Definition | undefined> {
  const early = Promise.race([found, new Promise<Found[]>((resolve) => setTimeout(() => resolve([]), foundMs))]);
  const start: Draft = { game: '', command: '', args: '', cwd: '', name: '', restart: 'never' };
  const program = [askProgram(early), askArguments, askFolder];
  const questions = [askGame(games), ...program, askName(views, games), askRestart(games)];
  const draft = await ask(t('Add Server'), start, questions);
  return draft === undefined ? undefined : definitionOf(draft, new Set(views.map(({ id }) => id)));
}

function definitionOf(draft: Draft, taken: ReadonlySet<string>): Definition {
  const split = splitArguments(draft.args, shell);
  const args = 'args' in split ? split.args : [];
  const { connection, launch } = isStill(draft) ?? {};
  return {
    id: serverIdFor(draft.name, taken),
    name: draft.name,
    game: draft.game,
    launch: {
      command: draft.command,
      ...(args.length === 0 ? {} : { args }),
      ...(draft.cwd === '' ? {} : { cwd: draft.cwd }),
      ...(launch?.env === undefined ? {} : { env: launch.env }),
    },
    ...(connection === undefined ? {} : { connection }),
    ...(draft.restart === 'never' ? {} : { restart: { policy: draft.restart } }),
  };
}

/** What was found, where the answers since then are about it. */
function isStill({ game, command, found }: Draft): Definition | undefined {
  return found?.game === game && found.launch.command === command ? found : undefined;
}

const askGame =
  (games: readonly GameInfo[]): Question<Draft> =>
  async ({ game }, place) => {
    const kind = vscode.QuickPickItemKind.Separator;
    const items = gameGroups(games, t).flatMap(({ heading, choices }) => [
      ...(heading === undefined ? [] : [{ label: heading, kind } as const]),
      ...choices,
    ]);
    const answer = await askChoice(place, { items, placeholder: t('Which game does the server run?'), active: game });
    return give(answer, (value) => ({ game: value }));
  };

/** What of this game is on this PC; whatever else is typed. */
const askProgram =
  (found: Promise<readonly Found[]>): Question<Draft> =>
  async (draft, place) => {
    const offers = (await found).filter(({ definition, pid }) => pid === null && definition.game === draft.game);
    if (offers.length === 0) return await askCommand(draft, place);
    const items: Choice<Definition | null>[] = [
      ...offers.map((one) => ({ ...foundItem(one, t), value: one.definition })),
      { label: t('Choose the program yourself…'), value: null },
    ];
    for (;;) {
      const placeholder = t('Which one on this PC?');
      const answer = await askChoice(place, { items, placeholder, active: isStill(draft) ?? null });
      if (answer === undefined || answer === back) return answer;
      if (answer !== null) return prefilled(answer);
      const typed = await askCommand(draft, place);
      if (typed !== back) return typed;
    }
  };

function prefilled(found: Definition): Partial<Draft> {
  const { command, args = [], cwd = '' } = found.launch;
  return { command, args: joinArguments(args, shell), cwd, found };
}

const askCommand: Question<Draft> = async ({ command, args }, place) => {
  const answer = await askText(place, {
    value: command,
    prompt: t('The program or script that starts the server: its full path, or a name on PATH'),
    placeholder: shell === 'win32' ? 'C:\\Games\\Server\\server.exe' : '/home/games/server/start.sh',
    check: async (text) =>
      commandComplaint(await checkCommand(splitCommand(text).command, process.env, process.platform)),
    fill: {
      button: { iconPath: new vscode.ThemeIcon('folder-opened'), tooltip: t('Browse…') },
      run: () => browse(command, { canSelectFiles: true }),
    },
  });
  return give(answer, (text) => {
    const parts = splitCommand(text);
    return { command: parts.command, args: parts.args === '' ? args : parts.args };
  });
};

/** A whole command line pasted into the box is taken apart; a path with spaces stays one. */
function splitCommand(text: string): { command: string; args: string } {
  const trimmed = text.trim();
  const whole = { command: trimmed, args: '' };
  if (path.isAbsolute(trimmed) && !trimmed.includes('"') && !/\s-/.test(trimmed)) return whole;
  const split = splitArguments(trimmed, shell);
  if (!('args' in split)) return whole;
  const [command, ...args] = split.args;
  return command === undefined ? whole : { command, args: joinArguments(args, shell) };
}

function commandComplaint(fault: CommandFault | undefined): Complaint {
  switch (fault) {
    case undefined:
      return undefined;
    case 'empty':
      return t('Type the path of the program, or choose it with Browse… above.');
    case 'relative':
      return t('Type the full path: it is started from another folder than this one.');
    case 'missing':
      return t('There is no such file.');
    case 'folder':
      return t('This is a folder. Type the path of the program in it.');
    case 'not-executable':
      return t('This file may not be executed. Allow it first (chmod +x).');
    case 'not-on-path':
      return {
        message: t('There is no such program on PATH. Press Enter again to take it all the same.'),
        severity: vscode.InputBoxValidationSeverity.Warning,
      };
  }
}

const askArguments: Question<Draft> = async ({ args }, place) => {
  const answer = await askText(place, {
    value: args,
    prompt: t('Arguments, as you would type them; leave empty for none'),
    placeholder: '-port 8211 -name "My Server"',
    check: (text) => ('error' in splitArguments(text, shell) ? t('A quote is not closed.') : undefined),
  });
  return give(answer, (value) => ({ args: value.trim() }));
};

const askFolder: Question<Draft> = async ({ cwd, command, args }, place) => {
  const usual = usualFolder(command, args);
  const answer = await askText(place, {
    value: cwd === '' ? usual : cwd,
    prompt: t('Working folder: the one the server is started in'),
    check: async (text) => {
      if (text.trim() === '') return undefined;
      if (!path.isAbsolute(text.trim())) return t('Type the full path of the folder.');
      return (await checkCommand(text.trim(), process.env, process.platform)) === 'folder'
        ? undefined
        : t('There is no such folder.');
    },
    fill: {
      button: { iconPath: new vscode.ThemeIcon('folder-opened'), tooltip: t('Browse…') },
      run: () => browse(cwd === '' ? usual : cwd, { canSelectFiles: false, canSelectFolders: true }),
    },
  });
  return give(answer, (value) => ({ cwd: value.trim() }));
};

/**
 * The folder of what is really run: of the script or archive that a runtime such as java is given by its full path, else of
 * the program itself. A runtime's own folder is nobody's working folder.
 */
function usualFolder(command: string, args: string): string {
  const split = splitArguments(args, shell);
  const given = 'args' in split ? split.args.find((arg) => path.isAbsolute(arg)) : undefined;
  if (given !== undefined) return path.dirname(given);
  const folder = path.isAbsolute(command) ? path.dirname(command) : '';
  return /(^|[\\/])s?bin$/.test(folder) ? '' : folder;
}

const askName =
  (views: readonly ServerView[], games: readonly GameInfo[]): Question<Draft> =>
  async ({ name, game }, place) => {
    const usual = game === 'other' ? '' : gameLabel(game, t, games.find(({ id }) => id === game)?.label);
    const answer = await askText(place, {
      value: name === '' ? freeName(usual, views) : name,
      prompt: t('Name of the server, as it is shown in the list'),
      check: (text) => {
        if (text.trim() === '') return t('The server needs a name.');
        return text.trim().length > 80 ? t('At most 80 characters.') : undefined;
      },
    });
    return give(answer, (value) => ({ name: value.trim() }));
  };

function freeName(name: string, views: readonly ServerView[]): string {
  const taken = new Set(views.map((view) => view.name));
  if (!taken.has(name)) return name;
  let n = 2;
  while (taken.has(`${name} ${String(n)}`)) n++;
  return `${name} ${String(n)}`;
}

const askRestart =
  (games: readonly GameInfo[]): Question<Draft> =>
  async ({ restart, game }, place) => {
    const isUntested = games.find(({ id }) => id === game)?.proof === 'basic';
    const items: Choice<Draft['restart']>[] = [
      {
        label: t('Leave it stopped'),
        detail: isUntested
          ? t('After a crash you start it again yourself. Advised: what is known of this game was not tested.')
          : t('After a crash you start it again yourself.'),
        value: 'never',
      },
      {
        label: t('Restart it after a crash'),
        detail: t('At most 3 times in 10 minutes. A stop that somebody asked for is never undone.'),
        value: 'on-crash',
      },
    ];
    const answer = await askChoice(place, {
      items,
      placeholder: t('What should happen when it crashes?'),
      active: restart,
    });
    return give(answer, (value) => ({ restart: value }));
  };

function give<T extends string>(answer: Answer<T>, wrap: (value: T) => Partial<Draft>): Answer<Partial<Draft>> {
  return answer === undefined || answer === back ? answer : wrap(answer);
}

async function browse(from: string, options: vscode.OpenDialogOptions): Promise<string | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      ...options,
      openLabel: t('Choose'),
      ...(path.isAbsolute(from) ? { defaultUri: vscode.Uri.file(from) } : {}),
    })) ?? [];
  return chosen?.fsPath;
}
