import * as v from 'valibot';
import type { Log } from '../ports.js';
import { alertSchema } from './alertFile.js';
import type { AttentionState } from './attention.js';
import type { AwayState } from './awayBook.js';
import { KeptFile } from './keptFile.js';

/** What has to outlive the core so that nothing is told twice, and nothing that was held is lost. */
interface AttentionFileState {
  readonly version: 1;
  /** Of the window that said so last; null: none has. */
  readonly language: 'en' | 'ko' | null;
  readonly attention: AttentionState;
  readonly away: AwayState;
}

const toldSchema = v.object({
  id: v.string(),
  at: v.number(),
  count: v.number(),
  severity: v.picklist(['warning', 'error']),
  step: v.number(),
  isOver: v.boolean(),
});
const heldSchema = v.object({
  alert: alertSchema,
  reason: v.picklist(['quiet-hours', 'cooldown']),
  since: v.number(),
  until: v.number(),
});
const spanSchema = v.object({ from: v.number(), to: v.number() });

const fileSchema = v.object({
  version: v.literal(1),
  language: v.nullable(v.picklist(['en', 'ko'])),
  attention: v.object({
    told: v.array(v.tuple([v.string(), toldSchema])),
    held: v.array(v.tuple([v.string(), heldSchema])),
    dropped: v.number(),
  }),
  away: v.object({
    lastAt: v.nullable(v.number()),
    absence: v.nullable(v.object({ from: v.number(), to: v.number(), open: v.array(spanSchema) })),
  }),
});

/** attention.json. */
export function attentionFile(dataDir: string, log: Log): KeptFile<AttentionFileState> {
  return new KeptFile<AttentionFileState>({ name: 'attention.json', dataDir, schema: fileSchema, log });
}
