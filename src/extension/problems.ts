import * as vscode from 'vscode';
import type { DefinitionProblem } from '../shared/contract.js';
import { Bag } from './bag.js';
import type { Mirror } from './mirror.js';
import { problemText } from './text/problemText.js';
import type { DefinitionFiles } from './serversFile.js';

/** The faults of servers.json and games.json in the Problems view and under the text, where it is edited. */
export class Problems {
  private readonly bag = new Bag();
  private readonly diagnostics = this.bag.add(vscode.languages.createDiagnosticCollection('gameServers'));

  constructor(
    private readonly mirror: Mirror,
    private readonly files: DefinitionFiles,
  ) {
    this.bag.add(mirror.onDidChangeProblems(() => this.draw()));
  }

  dispose(): void {
    this.bag.dispose();
  }

  private draw(): void {
    this.diagnostics.clear();
    const { servers, games } = this.files;
    const isOfGames = (problem: DefinitionProblem): boolean => problem.file === 'games.json';
    const problems = this.mirror.problems();
    this.mark(
      servers.uri,
      problems.filter((problem) => !isOfGames(problem)),
    );
    this.mark(games.uri, problems.filter(isOfGames));
  }

  private mark(uri: vscode.Uri, problems: readonly DefinitionProblem[]): void {
    const list = problems.map(({ line, column, message }) => {
      const start = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
      // To the end of the line: the fault is told by its beginning only.
      const range = new vscode.Range(start, start.with({ character: Number.MAX_SAFE_INTEGER }));
      const diagnostic = new vscode.Diagnostic(
        range,
        problemText(message, vscode.l10n.t),
        vscode.DiagnosticSeverity.Error,
      );
      diagnostic.source = 'Game Server Panel';
      return diagnostic;
    });
    if (list.length > 0) this.diagnostics.set(uri, list);
  }
}
