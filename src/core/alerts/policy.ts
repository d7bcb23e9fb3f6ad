import * as v from 'valibot';
import type { Alert, AlertRule, ServerId } from '../../shared/contract.js';
import { quietHoursSchema, type QuietHours } from './quietHours.js';

interface RulePolicy {
  readonly enabled: boolean;
  /** What happens again within this time after it was told is not told again. 0: every time is told. */
  readonly cooldownSeconds: number;
  /** Instead of the rule's own. */
  readonly severity?: Alert['severity'] | undefined;
}

/** From where on it is an alert. Minutes: for so long without a break. */
export interface Thresholds {
  readonly 'api-degraded': { readonly minutes: number };
  /** percent of the game's usual rate. */
  readonly 'tick-rate-low': { readonly percent: number; readonly minutes: number };
  /** Until the memory is used up. */
  readonly leak: { readonly hoursLeft: number };
  readonly 'host-cpu-saturated': { readonly percent: number; readonly minutes: number };
  /** Both have to be less: ten percent of a large disk is much. */
  readonly 'disk-nearly-full': { readonly freePercent: number; readonly freeBytes: number };
}

type RulePolicies = {
  readonly [R in AlertRule]: RulePolicy & (R extends keyof Thresholds ? Thresholds[R] : unknown);
};

/** Everything in force. */
export interface AlertPolicy {
  readonly rules: RulePolicies;
  readonly quietHours: QuietHours | undefined;
  readonly maintenance: Readonly<Record<ServerId, Maintenance>>;
  /** 0: never. */
  readonly escalateAfterMinutes: number;
  /** What happened while no window was open: told by the first one that was away for so long. */
  readonly away: { readonly enabled: boolean; readonly minMinutes: number };
}

const gigabyte = 1024 ** 3;
const minute = 60;

/** What a person must know is on; what others see anyway, or what is only interesting, is off. */
export const defaultRules: RulePolicies = {
  crash: { enabled: true, cooldownSeconds: 10 * minute },
  restarted: { enabled: false, cooldownSeconds: 10 * minute },
  'gave-up': { enabled: true, cooldownSeconds: 0 },
  'stop-timeout': { enabled: true, cooldownSeconds: 10 * minute },
  hung: { enabled: true, cooldownSeconds: 10 * minute },
  'api-degraded': { enabled: false, cooldownSeconds: 30 * minute, minutes: 5 },
  'save-overdue': { enabled: true, cooldownSeconds: 30 * minute },
  'save-failed': { enabled: true, cooldownSeconds: 30 * minute },
  'tick-rate-low': { enabled: false, cooldownSeconds: 30 * minute, percent: 75, minutes: 5 },
  anomaly: { enabled: true, cooldownSeconds: 60 * minute },
  leak: { enabled: true, cooldownSeconds: 6 * 60 * minute, hoursLeft: 12 },
  'host-cpu-saturated': { enabled: false, cooldownSeconds: 60 * minute, percent: 95, minutes: 10 },
  'low-memory': { enabled: true, cooldownSeconds: 10 * minute },
  'disk-nearly-full': { enabled: true, cooldownSeconds: 6 * 60 * minute, freePercent: 10, freeBytes: 10 * gigabyte },
  'over-budget': { enabled: false, cooldownSeconds: 60 * minute },
  'history-stopped': { enabled: true, cooldownSeconds: 60 * minute },
  'history-damaged': { enabled: true, cooldownSeconds: 0 },
  'webhook-paused': { enabled: true, cooldownSeconds: 60 * minute },
};

const within = (least: number, most: number, unit: string) => {
  const text = `must be ${String(least)} to ${String(most)} ${unit}`;
  return v.optional(v.pipe(v.number(text), v.minValue(least, text), v.maxValue(most, text)));
};
const flag = v.optional(v.boolean('must be true or false'));
const minutes = within(0.05, 1440, 'minutes');
const percent = within(1, 100, 'percent');
const group = 'must be a group of settings';
const timestamp = v.nullish(
  v.pipe(v.number('must be a time in milliseconds'), v.finite('must be a time in milliseconds')),
);

const common = {
  enabled: flag,
  cooldownSeconds: within(0, 7 * 86_400, 'seconds'),
  severity: v.optional(v.picklist(['warning', 'error'], 'must be warning or error')),
};
const rule = v.optional(v.looseObject(common, group));
const ruleWith = <T extends v.ObjectEntries>(thresholds: T) =>
  v.optional(v.looseObject({ ...common, ...thresholds }, group));

/** For good where no end is set. Nothing of the server is told as long as it lasts. */
const maintenanceSchema = v.looseObject({ until: timestamp }, group);
export type Maintenance = v.InferOutput<typeof maintenanceSchema>;

/** `settings.alerts`: only what was set explicitly. What a newer version knows is kept. */
export const alertSettingsSchema = v.looseObject(
  {
    rules: v.optional(
      v.looseObject(
        {
          ...{ crash: rule, restarted: rule, 'gave-up': rule, 'stop-timeout': rule, hung: rule, anomaly: rule },
          ...{ 'save-overdue': rule, 'save-failed': rule, 'low-memory': rule, 'over-budget': rule },
          ...{ 'history-stopped': rule, 'history-damaged': rule, 'webhook-paused': rule },
          'api-degraded': ruleWith({ minutes }),
          'tick-rate-low': ruleWith({ percent, minutes }),
          leak: ruleWith({ hoursLeft: within(1, 168, 'hours') }),
          'host-cpu-saturated': ruleWith({ percent, minutes }),
          'disk-nearly-full': ruleWith({ freePercent: percent, freeBytes: within(0, 2 ** 50, 'bytes') }),
        },
        group,
      ),
    ),
    quietHours: v.optional(quietHoursSchema),
    maintenance: v.optional(v.record(v.string(), maintenanceSchema, group)),
    escalateAfterMinutes: within(0, 1440, 'minutes'),
    away: v.optional(v.looseObject({ enabled: flag, minMinutes: within(1, 10_080, 'minutes') }, group)),
  },
  group,
);

export type AlertSettings = v.InferOutput<typeof alertSettingsSchema>;

/** What is set, over the defaults. */
export function alertPolicy(settings: AlertSettings = {}): AlertPolicy {
  const { rules = {}, quietHours, maintenance = {}, escalateAfterMinutes = 0, away = {} } = settings;
  const entries = Object.entries(defaultRules).map(([name, usual]) => {
    const set = Object.entries(rules[name as AlertRule] ?? {}).filter(([, value]) => value !== undefined);
    return [name, { ...usual, ...Object.fromEntries(set) }];
  });
  const { enabled = true, minMinutes = 30 } = away;
  return {
    rules: Object.fromEntries(entries) as RulePolicies,
    ...{ quietHours, maintenance, escalateAfterMinutes },
    away: { enabled, minMinutes },
  };
}

/** Until when a server is worked on (Unix ms; Infinity: until it is said to be over); null where it is not. */
export function maintenanceUntil({ maintenance }: AlertPolicy, server: ServerId, now: number): number | null {
  const set = Object.hasOwn(maintenance, server) ? maintenance[server] : undefined;
  if (set === undefined) return null;
  const until = set.until ?? Infinity;
  return now < until ? until : null;
}

interface Judged extends Pick<Alert, 'rule' | 'severity'> {
  readonly escalation?: Alert['escalation'] | undefined;
}

/** An alert that was made worse because nobody looked stays that, whatever is set. */
export function severityIn({ rules }: AlertPolicy, { rule: name, severity, escalation }: Judged): Alert['severity'] {
  if (escalation !== undefined) return 'error';
  return rules[name].severity ?? severity;
}
