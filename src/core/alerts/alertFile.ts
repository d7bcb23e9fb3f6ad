import * as v from 'valibot';
import { alertRules } from '../../shared/alert.js';
import type { Alert } from '../../shared/contract.js';
import type { Log } from '../ports.js';
import type { AlertKeeper } from './alerts.js';
import { KeptFile } from './keptFile.js';

export const alertSchema = v.object({
  id: v.string(),
  rule: v.picklist(alertRules),
  server: v.string(),
  serverName: v.string(),
  severity: v.picklist(['warning', 'error']),
  firstAt: v.number(),
  lastAt: v.number(),
  count: v.number(),
  state: v.picklist(['active', 'acknowledged', 'muted', 'resolved']),
  activeSince: v.exactOptional(v.number()),
  mutedUntil: v.exactOptional(v.nullable(v.number())),
  escalation: v.exactOptional(v.object({ step: v.number(), at: v.number() })),
  data: v.record(v.string(), v.unknown()),
});

interface Stored {
  readonly version: 1;
  readonly alerts: readonly Alert[];
}

const fileSchema = v.object({ version: v.literal(1), alerts: v.array(alertSchema) });

/** alerts.json. */
export class AlertFile implements AlertKeeper {
  private readonly file: KeptFile<Stored>;

  constructor(dataDir: string, log: Log) {
    this.file = new KeptFile<Stored>({ name: 'alerts.json', dataDir, schema: fileSchema, log });
  }

  read(): Alert[] {
    return [...(this.file.read()?.alerts ?? [])];
  }

  keep(alerts: () => readonly Alert[]): void {
    this.file.keep(() => ({ version: 1, alerts: alerts() }));
  }

  /** Writes what is not written yet. */
  dispose(): void {
    this.file.dispose();
  }
}
