import fs from 'node:fs';
import path from 'node:path';
import { applyEdits, findNodeAtLocation, modify, parseTree, type JSONPath } from 'jsonc-parser';
import type { Definition, DefinitionProblem } from '../../shared/contract.js';
import { Failure } from '../../shared/failure.js';
import type { Catalogue } from '../../shared/games.js';
import { errorCode, replaceFile } from '../../node/files.js';
import type { Disposable, Log } from '../ports.js';
import { isSameText, readText, type FileText } from './fileText.js';
import { OwnGames } from './ownGames.js';
import { parseServersFile, type ParsedFile } from './parse.js';

const empty = '{\n  "version": 1,\n  "servers": []\n}\n';
const settleMs = 150;
const nothingNew = { isOther: false, hasOtherGames: false };
const nothing: ParsedFile = { definitions: [], problems: [], editable: true };

/**
 * servers.json: people edit it by hand, and so do we. It is watched, never half-written, and never overwritten while
 * there is something in it that we cannot read. Its entries may name games of games.json, which is watched with it.
 */
export class DefinitionFile implements Disposable {
  readonly file: string;
  private readonly games: OwnGames;
  private parsed: ParsedFile = nothing;
  private seen: FileText = {};
  /** What `onChange` has not been told of yet. */
  private untold = nothingNew;
  private watcher: fs.FSWatcher | undefined;
  private settling: NodeJS.Timeout | undefined;

  constructor(
    dataDir: string,
    private readonly log: Log,
    private readonly onChange: (change: { readonly hasOtherGames: boolean }) => void,
  ) {
    this.file = path.join(dataDir, 'servers.json');
    this.games = new OwnGames(dataDir, log);
    this.load();
    this.untold = nothingNew;
    this.watch(dataDir);
  }

  get definitions(): readonly Definition[] {
    return this.parsed.definitions;
  }

  /** Of servers.json. */
  get problems(): readonly DefinitionProblem[] {
    return this.parsed.problems;
  }

  /** Of games.json too. */
  get allProblems(): DefinitionProblem[] {
    return [...this.parsed.problems, ...this.games.problems];
  }

  /** The games that a definition may name. */
  get catalogue(): Catalogue {
    return this.games.catalogue;
  }

  /** Appends an entry. Rejects duplicate-id, or io {file, line} when the file has faults that must be mended first. */
  add(definition: Definition): void {
    this.edit((index, entries) => {
      if (entries.includes(definition.id)) throw new Failure('duplicate-id', { id: definition.id });
      return { path: ['servers', index], value: definition, insert: true };
    });
  }

  update(definition: Definition): void {
    this.edit((_, entries) => ({
      path: ['servers', indexOf(entries, definition.id)],
      value: definition,
      insert: false,
    }));
  }

  remove(id: string): void {
    this.edit((_, entries) => ({ path: ['servers', indexOf(entries, id)], value: undefined, insert: false }));
  }

  dispose(): void {
    clearTimeout(this.settling);
    this.watcher?.close();
  }

  private edit(
    plan: (length: number, ids: (string | undefined)[]) => { path: JSONPath; value: unknown; insert: boolean },
  ): void {
    // What is on the disk counts, not what was last noticed there.
    this.load();
    this.tell();
    if (!this.parsed.editable) {
      const [problem] = this.parsed.problems;
      throw new Failure('io', { file: this.file, line: problem?.line ?? 1, detail: 'broken' }, problem?.message);
    }
    const text = this.seen.text ?? empty;
    const body = text.replace(/^\ufeff/, '');
    const ids = entryIds(body);
    const { path: at, value, insert } = plan(ids.length, ids);
    const eol = body.includes('\r\n') ? '\r\n' : '\n';
    const formattingOptions = { insertSpaces: !body.includes('\n\t'), tabSize: 2, eol };
    const changed = applyEdits(body, modify(body, at, value, { formattingOptions, isArrayInsertion: insert }));
    try {
      replaceFile(this.file, text.startsWith('\ufeff') ? '\ufeff' + changed : changed, { durable: true });
    } catch (error) {
      throw new Failure('io', { file: this.file, detail: errorCode(error) ?? null }, String(error));
    }
    this.load();
    this.untold = { ...this.untold, isOther: true };
    this.tell();
  }

  /** A file that cannot be read keeps the last good definitions, and says so. */
  private load(): void {
    const games = this.games.load();
    const seen = readText(this.file);
    const isSame = isSameText(seen, this.seen);
    this.seen = seen;
    this.untold = {
      isOther: this.untold.isOther || games !== 'same' || !isSame,
      hasOtherGames: this.untold.hasOtherGames || games === 'rows',
    };
    if (isSame && games !== 'rows') return;
    this.parsed = this.read(seen);
    for (const { line, message } of this.parsed.problems) this.log.write('warn', 'servers.json', message, { line });
  }

  private read({ text, trouble }: FileText): ParsedFile {
    const { catalogue } = this.games;
    if (trouble === undefined) return text === undefined ? nothing : parseServersFile(text, catalogue);
    const definitions = this.parsed.definitions.filter(({ game }) => catalogue.row(game) !== undefined);
    return { definitions, problems: [{ line: 1, column: 1, id: null, message: trouble }], editable: false };
  }

  private tell(): void {
    const { isOther, hasOtherGames } = this.untold;
    this.untold = nothingNew;
    if (isOther) this.onChange({ hasOtherGames });
  }

  private watch(dataDir: string): void {
    const watched = new Set([path.basename(this.file), path.basename(this.games.file)]);
    // The folder, not the file: editors and we ourselves replace the file, and a watch would stay with the old one.
    try {
      this.watcher = fs.watch(dataDir, (_, name) => {
        if (name !== null && !watched.has(name)) return;
        clearTimeout(this.settling);
        this.settling = setTimeout(() => {
          this.load();
          this.tell();
        }, settleMs);
      });
      this.watcher.on('error', (error) => {
        this.log.write('warn', 'servers.json', 'changes by hand are noticed only after a restart', {
          error: String(error),
        });
      });
    } catch (error) {
      this.log.write('warn', 'servers.json', 'changes by hand are noticed only after a restart', {
        error: String(error),
      });
    }
  }
}

function indexOf(ids: readonly (string | undefined)[], id: string): number {
  const index = ids.indexOf(id);
  if (index < 0) throw new Failure('unknown-server', { id });
  return index;
}

/** The ids of all entries in the order of the file, also of those with faults. */
function entryIds(text: string): (string | undefined)[] {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const servers = root === undefined ? undefined : findNodeAtLocation(root, ['servers']);
  return (servers?.children ?? []).map((node) => {
    const id = findNodeAtLocation(node, ['id']);
    return id?.type === 'string' ? String(id.value) : undefined;
  });
}
