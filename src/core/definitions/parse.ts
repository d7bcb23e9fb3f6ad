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
import { checkDefinition } from '../../shared/definition.js';

export interface ParsedFile {
  definitions: Definition[];
  problems: DefinitionProblem[];
  /** False when the text is not JSON: it may be read as far as it goes, but not changed by a program. */
  editable: boolean;
}

const options = { allowTrailingComma: true, disallowComments: false, allowEmptyContent: false };
/** The scanner's token kinds; the library has them as a const enum, which bundlers cannot read. */
const SyntaxKind = { OpenBraceToken: 1, CloseBraceToken: 2, OpenBracketToken: 3, CloseBracketToken: 4, EOF: 17 };
const maxDepth = 100;
const byteOrderMark = '\ufeff';

/**
 * Reads servers.json: JSON with comments, trailing commas and unknown fields, a byte order mark allowed. Every good entry
 * is taken, whatever is wrong with its neighbours; every fault is told with its line. Never throws.
 */
export function parseServersFile(text: string): ParsedFile {
  const offset = text.startsWith(byteOrderMark) ? 1 : 0;
  const body = text.slice(offset);
  const lines = lineStarts(body);
  const problems: DefinitionProblem[] = [];
  const report = (at: number, id: string | null, message: string): void => {
    problems.push({ ...position(lines, at), id, message });
  };
  const tooDeep = firstTooDeep(body);
  if (tooDeep !== undefined) {
    report(tooDeep, null, 'Too many brackets inside one another');
    return { definitions: [], problems, editable: false };
  }
  const errors: ParseError[] = [];
  const root = parseTree(body, errors, options);
  // One slip makes the parser stumble on; the first place is the one to mend.
  const [first] = errors;
  if (first !== undefined)
    report(first.offset, null, `Not valid JSON here: ${syntaxWords(printParseErrorCode(first.error))}`);
  const editable = errors.length === 0;
  if (root === undefined) return { definitions: [], problems, editable: false };
  if (root.type !== 'object') {
    if (editable) report(root.offset, null, 'The file must hold an object: { "version": 1, "servers": [ … ] }');
    return { definitions: [], problems, editable: false };
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
    if (newer) return { definitions: [], problems, editable: false };
  }
  const servers = findNodeAtLocation(root, ['servers']);
  if (servers?.type !== 'array') {
    if (editable) report(servers?.offset ?? root.offset, null, '"servers" must be a list');
    return { definitions: [], problems, editable };
  }
  const definitions = readEntries(servers, report, editable);
  return { definitions, problems, editable };
}

function readEntries(
  servers: Node,
  report: (at: number, id: string | null, message: string) => void,
  reportAll: boolean,
): Definition[] {
  const definitions: Definition[] = [];
  const taken = new Set<string>();
  for (const node of servers.children ?? []) {
    // Plain objects again: the parser's have no prototype, and checks would call them null.
    const value: unknown = JSON.parse(JSON.stringify(getNodeValue(node)));
    const checked = checkDefinition(value);
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
    const { definition } = checked;
    if (taken.has(definition.id)) {
      const at = findNodeAtLocation(node, ['id']) ?? node;
      report(at.offset, definition.id, `id: "${definition.id}" is used twice; give this server another id`);
      continue;
    }
    taken.add(definition.id);
    definitions.push(definition);
  }
  return definitions;
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
