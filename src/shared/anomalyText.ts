import { hintOf, type Anomaly, type AnomalyHint, type AnomalyMetric } from './anomaly.js';
import { metrics, type MetricUnit } from './metrics.js';
import { Values, valueTexts, type Language } from './values.js';

/** How a language tells of anomalies. Values that are handed in are words already. */
interface AnomalyTexts {
  readonly anomaly: string;
  /** As a title of what is wrong with it. */
  readonly titles: Readonly<Record<AnomalyMetric, string>>;
  readonly leak: string;
  readonly saveLong: string;
  readonly newLevel: (metric: string) => string;
  readonly labels: Readonly<Record<AnomalyMetric, string>>;
  readonly range: (low: string, high: string) => string;
  /** players: by how many it was expected; undefined: not by that. */
  readonly expected: (what: Expected) => string;
  readonly grows: (perHour: string, span: string) => string;
  readonly memoryEnds: (span: string) => string;
  readonly noSave: (span: string, every: string) => string;
  readonly longSave: (took: string, most: string) => string;
  readonly crashes: (count: string, span: string) => string;
  readonly also: (metrics: string) => string;
  readonly hints: Readonly<Record<AnomalyHint, string>>;
}

interface Expected {
  readonly metric: string;
  readonly value: string;
  readonly range: string;
  readonly players: number | undefined;
  readonly isByHour: boolean;
  readonly span: string;
}

const english: AnomalyTexts = {
  anomaly: 'anomaly',
  titles: {
    cpu: 'CPU usage anomaly',
    memory: 'memory usage anomaly',
    tickRate: 'tick rate anomaly',
    frameTime: 'frame time anomaly',
    players: 'player count anomaly',
    ioRead: 'disk read anomaly',
    ioWrite: 'disk write anomaly',
    apiTime: 'API response time anomaly',
    save: 'save overdue',
    ends: 'repeated crashes',
  },
  leak: 'memory leak suspected',
  saveLong: 'save takes too long',
  newLevel: (metric) => `${metric} on a new level`,
  labels: {
    cpu: 'CPU',
    memory: 'memory',
    tickRate: 'tick rate',
    frameTime: 'frame time',
    players: 'players',
    ioRead: 'disk reads',
    ioWrite: 'disk writes',
    apiTime: 'API response time',
    save: 'saves',
    ends: 'crashes',
  },
  range: (low, high) => (low === high ? high : `${low} to ${high}`),
  expected: ({ metric, value, range, players, isByHour, span }) => {
    const by = players === undefined ? '' : ` for ${players === 1 ? '1 player' : `${String(players)} players`}`;
    return `${metric} ${value}, expected ${range}${by}${isByHour ? ' at this hour' : ''}, for ${span}.`;
  },
  grows: (perHour, span) => `Memory has grown by ${perHour} an hour for ${span}, whoever plays.`,
  memoryEnds: (span) => `If it goes on like this, the PC has none left in about ${span}.`,
  noSave: (span, every) => `No save for ${span}; one is expected every ${every}.`,
  longSave: (took, most) => `A save has taken ${took}; at most ${most} is expected.`,
  crashes: (count, span) => `${count} crashes within ${span}.`,
  also: (names) => `Also unusual: ${names}.`,
  hints: {
    bug: 'No more players than usual: a bug or a runaway script?',
    'more-than-players': 'It is more than its players explain.',
    leak: 'A leak is likely; a restart at a quiet time gives the memory back.',
    others: 'Others use this PC: look at its other programs.',
    'one-core': 'One core is full: the game can do no more at a time.',
    'one-core-load': 'One core is full: so many players are too much for it.',
    crowd: 'Many players have just come.',
    disk: 'The disk is busy.',
    'not-seen': 'Neither CPU nor disk explains it.',
    'reads-or-writes': 'New areas, a backup or a log that grows do that.',
    'no-save': 'Its console may say why it does not save.',
    'slow-save': 'The disk is slow or full, or the world has grown.',
    ends: 'The crash reports may say why.',
    'other-level': 'It has been so for hours: an update, a mod or a setting?',
  },
};

const korean: AnomalyTexts = {
  anomaly: '이상 패턴',
  titles: {
    cpu: 'CPU 사용량 이상',
    memory: '메모리 사용량 이상',
    tickRate: '틱 레이트 이상',
    frameTime: '프레임 시간 이상',
    players: '플레이어 수 이상',
    ioRead: '디스크 읽기 이상',
    ioWrite: '디스크 쓰기 이상',
    apiTime: 'API 응답 시간 이상',
    save: '세이브 지연',
    ends: '반복되는 크래시',
  },
  leak: '메모리 누수 의심',
  saveLong: '세이브가 너무 오래 걸림',
  newLevel: (metric) => `${metric} 수준 변화`,
  labels: {
    cpu: 'CPU',
    memory: '메모리',
    tickRate: '틱 레이트',
    frameTime: '프레임 시간',
    players: '플레이어',
    ioRead: '디스크 읽기',
    ioWrite: '디스크 쓰기',
    apiTime: 'API 응답 시간',
    save: '세이브',
    ends: '크래시',
  },
  range: (low, high) => (low === high ? high : `${low}~${high}`),
  expected: ({ metric, value, range, players, isByHour, span }) => {
    const by = [
      ...(isByHour ? ['이 시간대'] : []),
      ...(players === undefined ? [] : [`플레이어 ${String(players)}명`]),
    ];
    return `${metric} ${value}(예상: ${[...by, range].join(' ')}), ${span} 동안.`;
  },
  grows: (perHour, span) => `플레이어 수와 관계없이 메모리가 시간당 ${perHour}씩 ${span} 동안 늘었습니다.`,
  memoryEnds: (span) => `이대로라면 약 ${span} 뒤에 PC의 메모리가 바닥납니다.`,
  noSave: (span, every) => `${span} 동안 세이브가 없습니다. 보통 ${every}마다 세이브합니다.`,
  longSave: (took, most) => `세이브에 ${took} 걸렸습니다(예상: 최대 ${most}).`,
  crashes: (count, span) => `${span} 동안 크래시 ${count}회.`,
  also: (names) => `함께 평소와 다른 항목: ${names}.`,
  hints: {
    bug: '플레이어는 평소보다 많지 않습니다. 버그나 폭주한 스크립트일 수 있습니다.',
    'more-than-players': '플레이어 수로는 설명되지 않습니다.',
    leak: '누수일 가능성이 큽니다. 한가한 시간에 재시작하면 메모리를 돌려받습니다.',
    others: '다른 프로그램이 이 PC를 많이 사용하고 있습니다.',
    'one-core': '코어 하나가 가득 차서 게임이 더 빨리 처리할 수 없습니다.',
    'one-core-load': '플레이어가 많아 코어 하나가 가득 찼습니다.',
    crowd: '방금 많은 플레이어가 들어왔습니다.',
    disk: '디스크가 바쁩니다.',
    'not-seen': 'CPU나 디스크로는 설명되지 않습니다.',
    'reads-or-writes': '새 지역 탐험, 백업, 커지는 로그가 원인일 수 있습니다.',
    'no-save': '콘솔에서 세이브하지 못하는 이유를 확인해 보세요.',
    'slow-save': '디스크가 느리거나 가득 찼거나, 월드가 커졌을 수 있습니다.',
    ends: '크래시 보고서에서 원인을 확인해 보세요.',
    'other-level': '몇 시간째 이 상태입니다. 업데이트나 모드, 설정 변경 때문일 수 있습니다.',
  },
};

const texts: Readonly<Record<Language, AnomalyTexts>> = { en: english, ko: korean };
const valuesOf = new Map<Language, Values>();
const minuteMs = 60_000;

/** Of whoever reads in that locale (BCP 47). */
export function languageOf(locale: string): Language {
  return locale.startsWith('ko') ? 'ko' : 'en';
}

/** What is wrong, in few words, to be used within a line: "memory usage anomaly". No numbers. */
export function anomalyTitle(
  { kind, metric }: { readonly kind?: unknown; readonly metric?: unknown },
  language: Language,
): string {
  const said = texts[language];
  if (kind === 'leak') return said.leak;
  if (kind === 'save-long') return said.saveLong;
  if (typeof metric !== 'string' || !Object.hasOwn(said.titles, metric)) return said.anomaly;
  return kind === 'level-change'
    ? said.newLevel(said.labels[metric as AnomalyMetric])
    : said.titles[metric as AnomalyMetric];
}

/** What is measured and what was expected: "CPU 312 %, expected 120 to 170 % for 5 players at this hour, for 1 min 30 s." */
export function anomalySentence(anomaly: Anomaly, language: Language, now: number): string {
  const said = texts[language];
  const values = inLanguage(language);
  const { kind, metric, begin, end, peak, peakAt, low, mid, high, by, bytesPerHour, hoursLeft } = anomaly;
  const until = end ?? now;
  const span = spanText(until - begin, values);
  if (metric === 'save') {
    if (kind === 'save-long')
      return said.longSave(spanText(Math.max(peak, until - begin), values), spanText(high, values));
    return said.noSave(spanText(until - begin + mid, values), spanText(mid, values));
  }
  if (metric === 'ends') return said.crashes(values.count(peak), spanText(peakAt - begin, values));
  if (kind === 'leak' && bytesPerHour !== null) {
    const left = hoursLeft === null || end !== null ? [] : [said.memoryEnds(values.roughly(hoursLeft * 60 * minuteMs))];
    return [said.grows(values.bytes(bytesPerHour), span), ...left].join(' ');
  }
  const isByHour = by === 'robust';
  return capital(
    said.expected({
      ...{ metric: said.labels[metric], value: valueText(metric, peak, values), isByHour, span },
      range: rangeText(valueText(metric, low, values), valueText(metric, high, values), said),
      players: isByHour && anomaly.players !== null ? anomaly.players : undefined,
    }),
  );
}

/** What likely lies behind it, in one sentence. */
export function anomalyHint(anomaly: Pick<Anomaly, 'kind' | 'cause'>, language: Language): string {
  return texts[language].hints[hintOf(anomaly)];
}

/** What else is not as usual with it; undefined where there is nothing. */
export function anomalyAlso({ also }: Pick<Anomaly, 'also'>, language: Language): string | undefined {
  const said = texts[language];
  return also.length === 0 ? undefined : said.also(also.map((metric) => said.labels[metric]).join(', '));
}

/** What a metric is called, within a line. */
export function anomalyLabel(metric: AnomalyMetric, language: Language): string {
  return texts[language].labels[metric];
}

/** As the beginning of a line. */
export function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function inLanguage(language: Language): Values {
  let values = valuesOf.get(language);
  if (values === undefined) {
    values = new Values(valueTexts[language]);
    valuesOf.set(language, values);
  }
  return values;
}

/** Seconds matter while it is fresh. */
function spanText(ms: number, values: Values): string {
  return ms < 10 * minuteMs ? values.duration(Math.max(1000, ms)) : values.roughly(ms);
}

/** The unit once: "120 to 170 %". */
function rangeText(low: string, high: string, said: AnomalyTexts): string {
  const unit = /[^\d.,]+$/.exec(high)?.[0] ?? '';
  if (low === high || unit === '' || !low.endsWith(unit)) return said.range(low, high);
  const least = low.slice(0, -unit.length);
  return said.range(/^0[.,]0+$/.test(least) ? '0' : least, high);
}

function valueText(metric: AnomalyMetric, value: number, values: Values): string {
  const rows: Readonly<Record<string, { readonly unit: MetricUnit }>> = metrics.server;
  switch (rows[metric]?.unit) {
    case 'percent':
      return values.percent(value);
    case 'bytes':
      return values.bytes(value);
    case 'bytesPerSecond':
      return values.perSecond(value);
    case 'milliseconds':
      return values.milliseconds(value);
    case 'perSecond':
      return values.rate(value);
    default:
      return values.count(value);
  }
}
