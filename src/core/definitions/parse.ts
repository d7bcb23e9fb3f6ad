import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import type { Definition, DefinitionProblem } from '../../shared/contract.js';
import { checkDefinition, type DefinitionIssue } from '../../shared/definition.js';
import { builtIn, type Catalogue, type GameRow } from '../../shared/games.js';
import { checkOwnGame } from '../../shared/ownGame.js';

export interface ParsedFile {
  definitions: Definition[];
  problems: DefinitionProblem[];
  /** False when the text is not JSON: it may be read as far as it goes, but not changed by a program. */
  editable: boolean;
}

export interface ParsedGames {
  readonly rows: readonly GameRow[];
  readonly problems: readonly DefinitionProblem[];
}

/** A file with one list: under which name, what an entry is called there, and how one is checked. */
interface Form<T extends { readonly id: string }> {
  readonly list: 'servers' | 'games';
  readonly entry: 'server' | 'game';
  check(this: void, value: unknown): { readonly value: T } | { readonly issues: readonly DefinitionIssue[] };
}

interface Parsed<T> {
  entries: T[];
  problems: DefinitionProblem[];
  editable: boolean;
}

type Report = (at: number, id: string | null, message: string) => void;

const options = { allowTrailingComma: true, disallowComments: false, allowEmptyContent: false };
/** The scanner's token kinds; the library has them as a const enum, which bundlers cannot read. */
const SyntaxKind = { OpenBraceToken: 1, CloseBraceToken: 2, OpenBracketToken: 3, CloseBracketToken: 4, EOF: 17 };
const maxDepth = 100;
const byteOrderMark = '\ufeff';

/** Reads servers.json. The games that its entries may name are those of the catalogue. Never throws. */
export function parseServersFile(text: string, catalogue: Catalogue = builtIn): ParsedFile {
  const { entries, problems, editable } = parseFile<Definition>(text, {
    ...{ list: 'servers', entry: 'server' },
    check: (value) => {
      const checked = checkDefinition(value, catalogue);
      return 'issues' in checked ? checked : { value: checked.definition };
    },
  });
  return { definitions: entries, problems, editable };
}

/** Reads games.json. Never throws. */
export function parseGamesFile(text: string): ParsedGames {
  const { entries, problems } = parseFile<GameRow>(text, {
    ...{ list: 'games', entry: 'game' },
    check: (value) => {
      const checked = checkOwnGame(value);
      return 'issues' in checked ? checked : { value: checked.row };
    },
  });
  return { rows: entries, problems: problems.map((problem) => ({ file: 'games.json', ...problem })) };
}

/**
 * JSON with comments, trailing commas and unknown fields, a byte order mark allowed. Every good entry is taken, whatever is
 * wrong with its neighbours; every fault is told with its line.
 */
function parseFile<T extends { readonly id: string }>(text: string, form: Form<T>): Parsed<T> {
  const offset = text.startsWith(byteOrderMark) ? 1 : 0;
  const body = text.slice(offset);
  const lines = lineStarts(body);
  const problems: DefinitionProblem[] = [];
  const report: Report = (at, id, message) => {
    problems.push({ ...position(lines, at), id, message });
  };
  const tooDeep = firstTooDeep(body);
  if (tooDeep !== undefined) {
    report(tooDeep, null, 'Too many brackets inside one another');
    return { entries: [], problems, editable: false };
  }
  const errors: ParseError[] = [];
  const root = parseTree(body, errors, options);
  // One slip makes the parser stumble on; the first place is the one to mend.
  const [first] = errors;
  if (first !== undefined)
    report(first.offset, null, `Not valid JSON here: ${syntaxWords(printParseErrorCode(first.error))}`);
  const editable = errors.length === 0;
  if (root === undefined) return { entries: [], problems, editable: false };
  const list = listOf(root, form.list, editable, report);
  if (list === undefined) return { entries: [], problems, editable: editable && root.type === 'object' };
  if (list === 'newer') return { entries: [], problems, editable: false };
  return { entries: readEntries(list, form, report, editable), problems, editable };
}

/** The list itself; newer: nothing in a file of that version is known here. Faults are told where the file is JSON at all. */
function listOf(root: Node, name: string, editable: boolean, report: Report): Node | 'newer' | undefined {
  if (root.type !== 'object') {
    if (editable) report(root.offset, null, `The file must hold an object: { "version": 1, "${name}": [ … ] }`);
    return undefined;
  }
  const versionNode = findNodeAtLocation(root, ['version']);
  const version: unknown = versionNode === undefined ? undefined : getNodeValue(versionNode);
  if (editable && version !== 1) {
    const newer = typeof version === 'number' && version > 1;
    report(
      versionNode?.offset ?? root.offset,
      null,
      newer ? `"version" is ${version}: update the extension to use this file` : '"version" must be 1',
    );
    if (newer) return 'newer';
  }
  const list = findNodeAtLocation(root, [name]);
  if (list?.type === 'array') return list;
  if (editable) report(list?.offset ?? root.offset, null, `"${name}" must be a list`);
  return undefined;
}

function readEntries<T extends { readonly id: string }>(
  list: Node,
  form: Form<T>,
  report: Report,
  reportAll: boolean,
): T[] {
  const entries: T[] = [];
  const taken = new Set<string>();
  for (const node of list.children ?? []) {
    // Plain objects again: the parser's have no prototype, and checks would call them null.
    const value: unknown = JSON.parse(JSON.stringify(getNodeValue(node)));
    const checked = form.check(value);
    if ('issues' in checked) {
      // Behind a syntax error an entry is often just cut off: the syntax error is the thing to say.
      if (!reportAll) continue;
      const id = idOf(value);
      for (const issue of checked.issues) {
        const at = findNodeAtLocation(node, issue.path) ?? findNodeAtLocation(node, issue.path.slice(0, -1)) ?? node;
        report(at.offset, id, `${issue.path.join('.') || 'entry'}: ${issue.message}`);
      }
      continue;
    }
    const { id } = checked.value;
    if (taken.has(id)) {
      const at = findNodeAtLocation(node, ['id']) ?? node;
      report(at.offset, id, `id: "${id}" is used twice; give this ${form.entry} another id`);
      continue;
    }
    taken.add(id);
    entries.push(checked.value);
  }
  return entries;
}

function idOf(value: unknown): string | null {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string' ? value.id : null;
}

/** The parser goes down with every bracket; a file of nothing else must not take the process with it. */
function firstTooDeep(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  const next = (): number => scanner.scan();
  for (let token = next(); token !== SyntaxKind.EOF; token = next()) {
    if (token === SyntaxKind.OpenBraceToken || token === SyntaxKind.OpenBracketToken) depth++;
    else if (token === SyntaxKind.CloseBraceToken || token === SyntaxKind.CloseBracketToken) depth--;
    if (depth > maxDepth) return scanner.getTokenOffset();
  }
  return undefined;
}

/** "CommaExpected" → "comma expected". */
function syntaxWords(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function position(starts: readonly number[], offset: number): { line: number; column: number } {
  let line = starts.length;
  while (line > 1 && (starts[line - 1] ?? 0) > offset) line--;
  return { line, column: offset - (starts[line - 1] ?? 0) + 1 };
}
