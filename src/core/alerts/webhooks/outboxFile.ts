import * as v from 'valibot';
import { alertRules } from '../../../shared/alert.js';
import type { Disposable, Log } from '../../ports.js';
import { KeptFile } from '../keptFile.js';
import type { OutboxKeeper, Stored, StoredTarget } from './outbox.js';

const severity = v.picklist(['warning', 'error']);

const messageSchema = v.object({
  id: v.string(),
  at: v.number(),
  kind: v.picklist(['raised', 'again', 'resolved', 'test']),
  language: v.picklist(['en', 'ko']),
  title: v.string(),
  text: v.string(),
  fields: v.array(v.object({ name: v.string(), value: v.string() })),
  alert: v.object({
    id: v.string(),
    rule: v.picklist([...alertRules, 'test']),
    severity,
    server: v.string(),
    serverName: v.string(),
    count: v.number(),
    firstAt: v.number(),
    lastAt: v.number(),
  }),
});

const targetSchema = v.object({
  name: v.string(),
  entries: v.array(v.object({ message: messageSchema, state: v.picklist(['waiting', 'sending']) })),
  dropped: v.number(),
  uncertain: v.number(),
  failures: v.number(),
  notBefore: v.number(),
  isPaused: v.boolean(),
});

/** Targets are a list: among their names may be some that a JSON object does not keep. */
interface Content {
  readonly version: 1;
  readonly targets: readonly (StoredTarget & { readonly name: string })[];
}

const fileSchema = v.object({ version: v.literal(1), targets: v.array(targetSchema) });

/** outbox.json: what waits for webhooks. Their addresses are secrets, and never in it. */
export class OutboxFile implements OutboxKeeper, Disposable {
  private readonly file: KeptFile<Content>;

  constructor(dataDir: string, log: Log) {
    this.file = new KeptFile({ name: 'outbox.json', dataDir, schema: fileSchema, log, isPrompt: true });
  }

  read(): Stored {
    return Object.fromEntries(this.file.read()?.targets.map(({ name, ...target }) => [name, target]) ?? []);
  }

  keep(get: () => Stored): void {
    this.file.keep(() => ({
      version: 1,
      targets: Object.entries(get()).map(([name, target]) => ({ name, ...target })),
    }));
  }

  flush(): void {
    this.file.flush();
  }

  dispose(): void {
    this.file.dispose();
  }
}
