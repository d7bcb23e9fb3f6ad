import * as v from 'valibot';
import type { ServerId } from '../../../shared/contract.js';

const nameText = 'must be 1 to 40 letters, digits, - or _';
const kindText = 'must be discord or generic';

const targetSchema = v.looseObject(
  {
    /** Its address is the secret `webhook.<name>` of the id `alerts`. */
    name: v.pipe(v.string(nameText), v.regex(/^[A-Za-z0-9_-]{1,40}$/, nameText)),
    kind: v.picklist(['discord', 'generic'], kindText),
    enabled: v.optional(v.boolean('must be true or false')),
    /** The least severe that it is told of. */
    severity: v.optional(v.picklist(['warning', 'error'], 'must be warning or error')),
    /** Only of these, and of the PC and the monitoring (`monitor`) where that is among them. All where it is not told. */
    servers: v.optional(v.array(v.string('must be ids of servers'), 'must be ids of servers')),
    /** Also that it is over. */
    resolved: v.optional(v.boolean('must be true or false')),
    /** Where it is not that of the settings. */
    language: v.optional(v.picklist(['en', 'ko'], 'must be en or ko')),
  },
  'must be a webhook: name and kind',
);

/** `settings.webhooks`: replaced as a whole. What a newer version knows is kept. */
export const webhooksSchema = v.pipe(
  v.array(targetSchema, 'must be a list of webhooks'),
  v.maxLength(20, 'must be at most 20 webhooks'),
  v.check((all) => new Set(all.map(({ name }) => name)).size === all.length, 'must have names that are different'),
);

/** One to be told, without its address. */
export interface WebhookTarget {
  readonly name: string;
  readonly kind: 'discord' | 'generic';
  readonly enabled: boolean;
  readonly severity: 'warning' | 'error';
  /** null: of all. */
  readonly servers: readonly ServerId[] | null;
  readonly resolved: boolean;
  /** null: that of the settings. */
  readonly language: 'en' | 'ko' | null;
}

/** What is set, over the defaults. */
export function webhookTargets(set: v.InferOutput<typeof webhooksSchema> = []): WebhookTarget[] {
  return set.map(({ name, kind, enabled = true, severity = 'warning', servers, resolved = true, language = null }) => {
    return { ...{ name, kind, enabled, severity, resolved, language }, servers: servers ?? null };
  });
}
