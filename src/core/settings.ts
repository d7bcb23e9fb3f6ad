import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { replaceFile } from '../node/files.js';
import { Failure } from '../shared/failure.js';
import { alertPolicy, alertSettingsSchema, type AlertPolicy } from './alerts/policy.js';
import { webhookTargets, webhooksSchema, type WebhookTarget } from './alerts/webhooks/targets.js';
import { defaultBudget, type BudgetLimits } from './budget/budget.js';
import { defaultLimits, type ConsoleLimits } from './console/limits.js';
import type { InsightSettings } from './insightCare.js';
import type { Log } from './ports.js';
import { defaultIntervals, type IntervalSettings } from './sampling/interval.js';
import { ordered } from './sampling/ordered.js';
import { defaultRetention, type Retention } from './store/tiers/tiers.js';

const range = 'must be 2000 to 60000 milliseconds';
const interval = v.optional(v.pipe(v.number(), v.minValue(1000, range), v.maxValue(60_000, range)));
const megabyte = 1024 * 1024;
const dayMs = 86_400_000;
const rotateBytes = v.pipe(v.number(), v.integer(), v.minValue(megabyte), v.maxValue(1024 * megabyte));
const keepFiles = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(99));
const cacheBytes = v.pipe(v.number(), v.minValue(8 * megabyte), v.maxValue(1024 * megabyte));
const flushIntervalMs = v.pipe(v.number(), v.minValue(1000), v.maxValue(600_000));
const flushRows = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000));
const days = (most: number) => v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(most)));
const pollMs = v.optional(v.pipe(v.number(), v.minValue(1000), v.maxValue(3_600_000)));
const percent = v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(100)));
const budgetPercent = v.optional(v.pipe(v.number(), v.minValue(0.05), v.maxValue(100)));
const budgetBytes = v.optional(v.pipe(v.number(), v.minValue(16 * megabyte), v.maxValue(4096 * megabyte)));
/** Empty: the usual text of the language. */
const announcement = v.optional(v.pipe(v.string(), v.maxLength(200), v.regex(/^[^\0\r\n]*$/, 'must be a single line')));
/** 0: none of its own. */
const panelInterval = v.optional(v.pipe(v.number(), v.minValue(0, range), v.maxValue(60_000, range)));

/** Only what was set explicitly; the rest has its default. Unknown keys are kept for a newer version. */
const settingsSchema = v.looseObject({
  sampling: v.optional(
    v.looseObject({
      baseIntervalMs: interval,
      busyIntervalMs: interval,
      saturatedIntervalMs: interval,
      busyPercent: percent,
      saturatedPercent: percent,
      panelIntervalMs: panelInterval,
      relaxWhenHidden: v.optional(v.boolean()),
    }),
  ),
  secrets: v.optional(v.looseObject({ remember: v.optional(v.boolean()) })),
  memory: v.optional(
    v.looseObject({ cacheBytes: v.optional(cacheBytes), highPercent: percent, criticalPercent: percent }),
  ),
  store: v.optional(
    v.looseObject({
      flushIntervalMs: v.optional(flushIntervalMs),
      flushRows: v.optional(flushRows),
      retention: v.optional(
        v.looseObject({
          rawHours: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(168))),
          minuteDays: days(60),
          quarterDays: days(400),
          hourDays: days(4000),
          eventDays: days(4000),
        }),
      ),
    }),
  ),
  budget: v.optional(v.looseObject({ cpuPercent: budgetPercent, memoryBytes: budgetBytes })),
  games: v.optional(v.looseObject({ pollIntervalMs: pollMs, busyPollIntervalMs: pollMs })),
  console: v.optional(v.looseObject({ rotateBytes: v.optional(rotateBytes), keepFiles: v.optional(keepFiles) })),
  alerts: v.optional(alertSettingsSchema),
  webhooks: v.optional(webhooksSchema),
  insight: v.optional(
    v.looseObject({
      enabled: v.optional(v.boolean('must be true or false')),
      method: v.optional(v.picklist(['robust', 'three-sigma'], 'must be robust or three-sigma')),
    }),
  ),
  language: v.optional(v.picklist(['auto', 'en', 'ko'], 'must be auto, en or ko')),
  announcements: v.optional(v.looseObject({ stop: announcement, restart: announcement })),
});

type Explicit = v.InferOutput<typeof settingsSchema>;

/** settings.json: the monitoring settings in force, so that they hold with no window open. */
export class Settings {
  private explicit: Explicit = {};
  /** False when there is a file that says something and nobody knows what. */
  readonly isReadable: boolean = true;
  private readonly file: string;

  constructor(
    dataDir: string,
    private readonly log: Log,
  ) {
    this.file = path.join(dataDir, 'settings.json');
    try {
      this.explicit = v.parse(settingsSchema, JSON.parse(fs.readFileSync(this.file, 'utf8')));
    } catch (error) {
      if (fs.existsSync(this.file)) {
        this.isReadable = false;
        this.log.write('warn', 'settings', 'not readable; defaults are used', { error: String(error) });
      }
    }
    this.noteCorrections();
  }

  get sampling(): IntervalSettings {
    return this.orderedSampling().settings;
  }

  private orderedSampling(): ReturnType<typeof ordered> {
    const entries = Object.entries(this.explicit.sampling ?? {}).filter(([, value]) => value !== undefined);
    const set = Object.fromEntries(entries) as Partial<IntervalSettings>;
    return ordered({ ...defaultIntervals, ...set }, (key) => Object.hasOwn(set, key));
  }

  /** What was set and cannot hold is said, not refused: the rest of it counts. */
  private noteCorrections(): void {
    for (const { key, set, used } of this.orderedSampling().corrections) {
      const text = `sampling.${key} is ${String(used)} instead of ${String(set)}: intervals are 2 to 60 s, and no level is below the one before it`;
      this.log.write('warn', 'settings', text, { key: `sampling.${key}`, set, used });
    }
  }

  /** The user has agreed that passwords are kept on the disk, so that servers can be stopped with no window open. */
  get remembersSecrets(): boolean {
    return this.explicit.secrets?.remember ?? false;
  }

  /** What the monitoring may cost. */
  get budget(): BudgetLimits {
    const { cpuPercent, memoryBytes } = this.explicit.budget ?? {};
    const { cpuPercent: usual, memoryBytes: most } = defaultBudget;
    return { cpuPercent: cpuPercent ?? usual, memoryBytes: memoryBytes ?? most };
  }

  get console(): ConsoleLimits {
    const { rotateBytes, keepFiles } = this.explicit.console ?? {};
    return { rotateBytes: rotateBytes ?? defaultLimits.rotateBytes, keepFiles: keepFiles ?? defaultLimits.keepFiles };
  }

  /** How often games are asked how they are, and how often while the host is busy. Milliseconds. */
  get games(): { pollIntervalMs: number; busyPollIntervalMs: number } {
    const { pollIntervalMs = 15_000, busyPollIntervalMs = 30_000 } = this.explicit.games ?? {};
    return { pollIntervalMs, busyPollIntervalMs: Math.max(pollIntervalMs, busyPollIntervalMs) };
  }

  get store(): { flushIntervalMs: number; flushRows: number; maxBytes: number; retention: Retention } {
    const { flushIntervalMs = 10_000, flushRows = 1000, retention = {} } = this.explicit.store ?? {};
    const { rawHours, minuteDays, quarterDays, hourDays, eventDays } = retention;
    const inMs = (days: number | undefined, fallback: number): number => (days === undefined ? fallback : days * dayMs);
    return {
      flushIntervalMs,
      flushRows,
      maxBytes: this.memory.cacheBytes,
      retention: {
        rawMs: inMs(rawHours === undefined ? undefined : rawHours / 24, defaultRetention.rawMs),
        minuteMs: inMs(minuteDays, defaultRetention.minuteMs),
        quarterMs: inMs(quarterDays, defaultRetention.quarterMs),
        hourMs: inMs(hourDays, defaultRetention.hourMs),
        eventsMs: inMs(eventDays, defaultRetention.eventsMs),
      },
    };
  }

  /** Percent of the PC's memory in use from which on it is given back; bytes that all that is kept in memory may take. */
  get memory(): { highPercent: number; criticalPercent: number; cacheBytes: number } {
    const { highPercent = 80, criticalPercent = 90, cacheBytes: bytes = 50 * megabyte } = this.explicit.memory ?? {};
    return { highPercent, criticalPercent, cacheBytes: bytes };
  }

  /** Which alerts there are, and who hears of them when. */
  get alerts(): AlertPolicy {
    return alertPolicy(this.explicit.alerts);
  }

  get webhooks(): readonly WebhookTarget[] {
    return webhookTargets(this.explicit.webhooks);
  }

  /** Whether what is normal is learned, and by which method it is judged. */
  get insight(): InsightSettings {
    const { enabled = true, method = 'robust' } = this.explicit.insight ?? {};
    return { enabled, method };
  }

  /** Of what is told to people where no window words it. */
  get language(): 'auto' | 'en' | 'ko' {
    return this.explicit.language ?? 'auto';
  }

  /** What players are told in the game, with {seconds}. undefined: the usual text. */
  get announcements(): { readonly stop: string | undefined; readonly restart: string | undefined } {
    const { stop, restart } = this.explicit.announcements ?? {};
    return { stop: stop === '' ? undefined : stop, restart: restart === '' ? undefined : restart };
  }

  /** Lays explicitly set keys over those known; null takes one back to its default. Rejects invalid-definition, io. */
  set(change: Record<string, unknown>): void {
    const merged = merge(this.explicit, change);
    const parsed = v.safeParse(settingsSchema, merged);
    if (!parsed.success) {
      const [issue] = parsed.issues;
      const field = (issue.path ?? []).map((part) => String(part.key)).join('.');
      throw new Failure('invalid-definition', { field, detail: issue.message });
    }
    try {
      replaceFile(this.file, JSON.stringify(parsed.output, null, 2) + '\n');
    } catch (error) {
      throw new Failure('io', { file: this.file }, String(error));
    }
    // What is not on the disk is not in force either: it would be gone with the next core.
    this.explicit = parsed.output;
    if (change.sampling !== undefined) this.noteCorrections();
  }

  /** Everything in force. */
  get all(): Record<string, unknown> {
    const secrets = { ...this.explicit.secrets, remember: this.remembersSecrets };
    const { flushIntervalMs, flushRows, retention } = this.store;
    const { rawMs, minuteMs, quarterMs, hourMs, eventsMs } = retention;
    const kept = {
      rawHours: (rawMs / dayMs) * 24,
      minuteDays: minuteMs / dayMs,
      quarterDays: quarterMs / dayMs,
      hourDays: hourMs / dayMs,
      eventDays: eventsMs / dayMs,
    };
    const store = { ...this.explicit.store, flushIntervalMs, flushRows, retention: kept };
    const memory = { ...this.explicit.memory, ...this.memory };
    const { sampling, console, budget, language } = this;
    const insight = { ...this.explicit.insight, ...this.insight };
    const { rules, escalateAfterMinutes, away } = this.alerts;
    const alerts = { ...this.explicit.alerts, rules, escalateAfterMinutes, away };
    return { ...this.explicit, sampling, console, budget, secrets, store, memory, insight, language, alerts };
  }
}

function merge(base: Record<string, unknown>, change: Record<string, unknown>): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const old = merged[key];
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = isRecord(value) ? merge(isRecord(old) ? old : {}, value) : value;
  }
  return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
