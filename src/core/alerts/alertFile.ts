import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { errorCode, replaceFile } from '../../node/files.js';
import { alertRules } from '../../shared/alert.js';
import type { Alert } from '../../shared/contract.js';
import { messageOf } from '../../shared/failure.js';
import type { Log } from '../ports.js';
import type { AlertKeeper } from './alerts.js';

/** What happens together is written together; a core that dies within it loses no more than this. */
const writeMs = 1000;

const alertSchema = v.object({
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

const fileSchema = v.object({ version: v.literal(1), alerts: v.array(alertSchema) });

/** alerts.json: replaced as a whole, at most once a second. One that cannot be read is set aside, never overwritten. */
export class AlertFile implements AlertKeeper {
  private readonly file: string;
  private timer: NodeJS.Timeout | undefined;
  private latest: (() => readonly Alert[]) | undefined;

  constructor(
    private readonly dataDir: string,
    private readonly log: Log,
  ) {
    this.file = path.join(dataDir, 'alerts.json');
  }

  read(): Alert[] {
    let text: string;
    try {
      text = fs.readFileSync(this.file, 'utf8');
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') this.setAside(messageOf(error));
      return [];
    }
    try {
      return v.parse(fileSchema, JSON.parse(text)).alerts;
    } catch (error) {
      this.setAside(messageOf(error));
      return [];
    }
  }

  keep(alerts: () => readonly Alert[]): void {
    this.latest = alerts;
    this.timer ??= setTimeout(() => {
      this.write();
    }, writeMs);
  }

  /** Writes what is not written yet. */
  dispose(): void {
    this.write();
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.latest === undefined) return;
    const alerts = this.latest();
    this.latest = undefined;
    try {
      replaceFile(this.file, JSON.stringify({ version: 1, alerts }, null, 1) + '\n');
    } catch (error) {
      // They are still in memory, and written with the next change.
      this.log.write('warn', 'alerts', 'could not be written', { file: this.file, error: messageOf(error) });
    }
  }

  private setAside(error: string): void {
    const name = `alerts.broken-${new Date().toISOString().replace(/[:.]/g, '-')}.json`;
    const aside = path.join(this.dataDir, name);
    try {
      fs.renameSync(this.file, aside);
      this.log.write('warn', 'alerts', 'alerts.json could not be read and was set aside', { aside, error });
    } catch (failure) {
      this.log.write('warn', 'alerts', 'alerts.json can neither be read nor set aside', {
        error,
        failure: messageOf(failure),
      });
    }
  }
}
