import { exportingSubject } from '../exporting.js';
import { serveStore } from '../program.js';
import { compactTable } from '../tables.js';

serveStore(exportingSubject(compactTable('server, at')));
