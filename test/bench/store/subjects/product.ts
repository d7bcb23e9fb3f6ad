import { DiskFiles } from '../../../../src/core/store/files.js';
import { databaseName } from '../../../../src/core/store/recovery.js';
import { Store } from '../../../../src/core/store/store.js';
import { defaultRetention } from '../../../../src/core/store/tiers/tiers.js';
import { serveStore } from '../program.js';
import type { BenchClock, StoreSubject } from '../subject.js';

/** Its own timer never comes round: here, time goes as fast as the bench goes. */
const neverMs = 2 ** 31 - 1;
function create(): StoreSubject {
  let store: Store;
  let clock: BenchClock;
  return {
    database: databaseName,
    async open(folder, given) {
      clock = given;
      store = new Store({
        files: new DiskFiles(folder),
        engineFolder: __dirname,
        log: { write: (level, tag, text, data) => console.log(level, tag, text, data ?? '') },
        settings: () => ({
          ...{ flushIntervalMs: neverMs, flushRows: Infinity, maxBytes: 50 * 1024 ** 2 },
          retention: defaultRetention,
        }),
        isQuiet: () => true,
        trouble: (trouble, detail) => console.log('trouble', trouble, detail),
        found: (finding) => console.log('found', finding),
        now: () => clock.now(),
        monotonic: () => clock.now(),
      });
      await store.open();
    },
    add(at, rows) {
      for (const { server, values } of rows) store.add(at, server, values);
    },
    async flush() {
      if (!(await store.tick())) throw new Error('a batch or a snapshot did not reach the disk');
    },
    query: ({ server, ...query }) => store.range({ id: server, ...query }),
    close: () => store.close(),
  };
}

serveStore(create());
