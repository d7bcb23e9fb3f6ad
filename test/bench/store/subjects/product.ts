import { DiskFiles } from '../../../../src/core/store/files.js';
import { databaseName } from '../../../../src/core/store/recovery.js';
import { Store } from '../../../../src/core/store/store.js';
import { defaultRetention } from '../../../../src/core/store/tiers/tiers.js';
import { serveStore } from '../program.js';
import type { BenchClock, StoreSubject } from '../subject.js';

/** Its own timer never comes round: here, time goes as fast as the bench goes. */
const neverMs = 2 ** 31 - 1;
/** When the product writes a snapshot in quiet times. */
const snapshotAgeMs = 6 * 3_600_000;
const snapshotJournalBytes = 4 * 1024 * 1024;

function create(): StoreSubject {
  let store: Store;
  let clock: BenchClock;
  let snapshotAt = 0;
  const whole = async (writing: Promise<boolean>, what: string): Promise<void> => {
    if (!(await writing)) throw new Error(`the ${what} did not reach the disk`);
  };
  return {
    database: databaseName,
    async open(folder, given) {
      clock = given;
      snapshotAt = clock.now();
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
      await whole(store.flush(), 'batch');
      const isDue = clock.now() - snapshotAt > snapshotAgeMs || store.status().journalBytes > snapshotJournalBytes;
      if (!isDue) return;
      snapshotAt = clock.now();
      await whole(store.snapshot(), 'snapshot');
    },
    query: ({ server, ...query }) => store.range({ id: server, ...query }),
    close: () => store.close(),
  };
}

serveStore(create());
