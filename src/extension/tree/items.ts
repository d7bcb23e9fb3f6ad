import * as vscode from 'vscode';
import type { CoreStatus, DefinitionProblem, OpenFiles, ServerId, ServerView } from '../../shared/contract.js';
import { problemText } from '../text/problemText.js';
import type { Reader } from '../translate.js';
import { costLines, type MeasuringRow } from './measuring.js';
import type { Notice } from './notice.js';
import type { Row, RowContext } from './rows.js';
import { tooltipLines } from './tooltip.js';

/** Where the files are whose faults have rows. */
export interface FilePlaces {
  readonly servers: { readonly uri: vscode.Uri };
  readonly games: { readonly uri: vscode.Uri };
}

export function serverItem(id: ServerId, row: Row): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, vscode.TreeItemCollapsibleState.None);
  item.id = `server:${id}`;
  item.description = row.description;
  item.contextValue = row.contextValue;
  item.iconPath = new vscode.ThemeIcon(
    row.icon.id,
    row.icon.color === undefined ? undefined : new vscode.ThemeColor(row.icon.color),
  );
  item.accessibilityInformation = { label: row.spoken };
  return item;
}

/** What is asked for when somebody points at the row; undefined where there was no answer. */
interface Asked {
  readonly status: CoreStatus | undefined;
  readonly openFiles: OpenFiles | undefined;
}

/** Names, reasons and paths come from outside: they are text here, whatever they contain. */
export function tooltip(view: ServerView, context: RowContext, { status, openFiles }: Asked): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  markdown.appendMarkdown('**').appendText(view.name).appendMarkdown('**\n\n');
  const cost = status === undefined ? [] : costLines(status, context);
  for (const [label, value] of [...tooltipLines(view, context, openFiles), ...cost]) {
    markdown.appendText(`${label}: `).appendText(value).appendMarkdown('  \n');
  }
  return markdown;
}

export function problemItem(problem: DefinitionProblem, files: FilePlaces, { t }: Reader): vscode.TreeItem {
  const isOfGames = problem.file === 'games.json';
  const name = isOfGames ? 'games.json' : 'servers.json';
  const item = new vscode.TreeItem(t('{0}, line {1}', name, problem.line));
  const message = problemText(problem.message, t);
  item.description = message;
  item.tooltip = isOfGames
    ? t('{0}\nClick to open the line. The other games work regardless.', message)
    : t('{0}\nClick to open the line. The other servers work regardless.', message);
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.contextValue = isOfGames ? 'gamesProblem' : 'problem';
  item.accessibilityInformation = { label: t('Fault in {0}, line {1}: {2}', name, problem.line, message) };
  const position = new vscode.Position(Math.max(0, problem.line - 1), Math.max(0, problem.column - 1));
  item.command = {
    command: 'vscode.open',
    title: t('Open'),
    arguments: [(isOfGames ? files.games : files.servers).uri, { selection: new vscode.Range(position, position) }],
  };
  return item;
}

export function noticeItem(notice: Notice): vscode.TreeItem {
  const item = new vscode.TreeItem(notice.label);
  item.description = notice.description;
  item.tooltip = notice.tooltip;
  item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  item.contextValue = 'notice';
  item.accessibilityInformation = { label: `${notice.label}. ${notice.description}`, role: 'button' };
  item.command = { command: notice.command, title: notice.action };
  return item;
}

export function measuringItem(row: MeasuringRow): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label);
  item.tooltip = row.tooltip;
  item.iconPath = new vscode.ThemeIcon('info');
  item.contextValue = 'measuring';
  item.accessibilityInformation = { label: row.spoken };
  return item;
}
