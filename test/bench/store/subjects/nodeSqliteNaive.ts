import { nodeSqliteSubject } from '../nodeSqlite.js';
import { serveStore } from '../program.js';
import { naiveTable } from '../tables.js';

serveStore(nodeSqliteSubject({ table: naiveTable, pragmas: '', commit: 'row' }));
