import type { AlertRule } from '../shared/alert.js';
import { choiceByRule, flagByRule, number, numberByRule, textLike, type Leaf, type Setting } from './settingKinds.js';

const gigabyte = 1024 ** 3;

/** As the background process has it where nobody has set anything; a test holds the two together. */
const onByDefault: Record<AlertRule, boolean> = {
  ...{ crash: true, restarted: false, 'gave-up': true, 'stop-timeout': true, hung: true, 'api-degraded': false },
  ...{ 'save-overdue': true, 'save-failed': true, 'tick-rate-low': false, anomaly: true, leak: true },
  ...{ 'disk-nearly-full': true, 'host-cpu-saturated': false, 'low-memory': true, 'over-budget': false },
  ...{ 'history-stopped': true, 'history-damaged': true, 'webhook-paused': true },
};

const quietFrom = textLike(/^([01]\d|2[0-3]):[0-5]\d$/);
const quietTo = textLike(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/);
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
type Day = (typeof days)[number];

const quietDays: Setting<readonly Day[]> = {
  fallback: [],
  read: (value) => (Array.isArray(value) ? days.filter((day) => value.includes(day)) : undefined),
};

const quietTellsErrors: Setting<boolean> = {
  fallback: true,
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};

/** Of four settings one: there are quiet hours only where both ends are set. */
function quietHours(_: unknown, others: (key: string) => unknown): Leaf[] {
  const path = ['alerts', 'quietHours'];
  const from = quietFrom.read(others('alerts.quietFrom')) ?? '';
  const to = quietTo.read(others('alerts.quietTo')) ?? '';
  if (from === '' || to === '') return [[path, null]];
  const on = quietDays.read(others('alerts.quietDays')) ?? [];
  const tellErrors = quietTellsErrors.read(others('alerts.quietTellsErrors')) ?? null;
  return [[path, { from, to, days: on.length === 0 ? null : on, tellErrors }]];
}

/** 0 minutes: never. */
const awayMinutes: Setting<number> = {
  fallback: 30,
  read: (value) => (typeof value === 'number' && (value === 0 || (value >= 1 && value <= 10_080)) ? value : undefined),
  told: (value) => {
    const minutes = awayMinutes.read(value);
    return [
      [['alerts', 'away', 'enabled'], minutes === 0 ? false : null],
      [['alerts', 'away', 'minMinutes'], minutes === undefined || minutes === 0 ? null : minutes],
    ];
  },
};

/** Which alerts there are, from where on, and who hears of them when. */
export const alertSettings = {
  'alerts.enabled': flagByRule(onByDefault, 'enabled'),
  'alerts.severity': choiceByRule(['warning', 'error'], 'severity'),
  // Minutes here, seconds there.
  'alerts.cooldownMinutes': numberByRule(0, 10_080, 'cooldownSeconds', 60),
  'alerts.hostCpuPercent': number(95, 1, 100, ['alerts', 'rules', 'host-cpu-saturated', 'percent']),
  'alerts.hostCpuMinutes': number(10, 1, 1440, ['alerts', 'rules', 'host-cpu-saturated', 'minutes']),
  'alerts.diskFreePercent': number(10, 1, 100, ['alerts', 'rules', 'disk-nearly-full', 'freePercent']),
  'alerts.diskFreeGigabytes': number(10, 0, 100_000, ['alerts', 'rules', 'disk-nearly-full', 'freeBytes'], gigabyte),
  'alerts.tickRatePercent': number(75, 1, 100, ['alerts', 'rules', 'tick-rate-low', 'percent']),
  'alerts.tickRateMinutes': number(5, 1, 1440, ['alerts', 'rules', 'tick-rate-low', 'minutes']),
  'alerts.apiMinutes': number(5, 1, 1440, ['alerts', 'rules', 'api-degraded', 'minutes']),
  'alerts.leakHours': number(12, 1, 168, ['alerts', 'rules', 'leak', 'hoursLeft']),
  'alerts.quietFrom': { ...quietFrom, told: quietHours },
  'alerts.quietTo': { ...quietTo, told: quietHours },
  'alerts.quietDays': { ...quietDays, told: quietHours },
  'alerts.quietTellsErrors': { ...quietTellsErrors, told: quietHours },
  'alerts.escalateAfterMinutes': number(0, 0, 1440, ['alerts', 'escalateAfterMinutes']),
  'alerts.awayMinutes': awayMinutes,
} as const;
