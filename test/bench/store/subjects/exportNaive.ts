import { exportingSubject } from '../exporting.js';
import { serveStore } from '../program.js';
import { naiveTable } from '../tables.js';

serveStore(exportingSubject(naiveTable));
