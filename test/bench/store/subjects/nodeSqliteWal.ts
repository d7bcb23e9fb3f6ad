import { nodeSqliteSubject } from '../nodeSqlite.js';
import { serveStore } from '../program.js';
import { compactTable } from '../tables.js';

const pragmas = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL';

serveStore(nodeSqliteSubject({ table: compactTable('at, server'), pragmas, commit: 'flush' }));
