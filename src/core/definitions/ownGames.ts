import path from 'node:path';
import type { DefinitionProblem } from '../../shared/contract.js';
import { builtIn, catalogueWith, type Catalogue, type GameRow } from '../../shared/games.js';
import type { Log } from '../ports.js';
import { isSameText, readText, type FileText } from './fileText.js';
import { parseGamesFile } from './parse.js';

/** games.json: games that the user has described. It is only read, and whoever watches the folder says when. */
export class OwnGames {
  readonly file: string;
  private seen: FileText = {};
  private rows: readonly GameRow[] = [];
  private now: Catalogue = builtIn;
  private faults: readonly DefinitionProblem[] = [];

  constructor(
    dataDir: string,
    private readonly log: Log,
  ) {
    this.file = path.join(dataDir, 'games.json');
  }

  /** All games that a definition may name. */
  get catalogue(): Catalogue {
    return this.now;
  }

  get problems(): readonly DefinitionProblem[] {
    return this.faults;
  }

  /** Reads it again. A file that cannot be read leaves the games as they were, and says so. rows: the games are others now. */
  load(): 'same' | 'rows' | 'problems' {
    const seen = readText(this.file);
    if (isSameText(seen, this.seen)) return 'same';
    this.seen = seen;
    const { rows, problems } = this.read(seen);
    this.faults = problems;
    for (const { line, message } of problems) this.log.write('warn', 'games.json', message, { line });
    if (JSON.stringify(rows) === JSON.stringify(this.rows)) return 'problems';
    this.rows = rows;
    this.now = catalogueWith(rows);
    return 'rows';
  }

  private read({ text, trouble }: FileText): ReturnType<typeof parseGamesFile> {
    if (trouble === undefined) return text === undefined ? { rows: [], problems: [] } : parseGamesFile(text);
    return { rows: this.rows, problems: [{ file: 'games.json', line: 1, column: 1, id: null, message: trouble }] };
  }
}
