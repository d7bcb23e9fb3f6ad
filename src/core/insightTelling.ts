import type { Anomaly } from '../shared/anomaly.js';
import type { Definition } from '../shared/contract.js';
import type { AlertRules } from './alerts/alertRules.js';
import type { Finding, Turn } from './insight/findings/finding.js';
import { anomalyFrom } from './insightAnomaly.js';
import type { EventSink, HistoryEvent } from './ports.js';

/** A server, as far as it is told of. */
interface Named {
  readonly id: string;
  readonly definition: Definition;
}

export interface InsightTellingParts {
  readonly sink: EventSink;
  readonly alertRules: Pick<AlertRules, 'anomaly' | 'anomalyOver'>;
  server(this: void, id: string): Named | undefined;
  /** How many are open is another. */
  changed(this: void, id: string): void;
  now(this: void): number;
}

/** What an earlier process has told and not ended, and until when it is waited for. */
interface Carried {
  readonly data: Readonly<Record<string, unknown>>;
  readonly until: number;
}

type Rule = 'anomaly' | 'leak';

const hourMs = 3_600_000;
/** What still lasts shows again within this time. A leak takes longer to be sure of. */
const carriedMs: Readonly<Record<Rule, number>> = { anomaly: hourMs, leak: 6 * hourMs };

/** What is found of one server, as events and alerts. */
export class InsightTelling {
  private readonly open = new Map<string, Finding>();
  private carried: Carried[] = [];
  /** Under which name an earlier process has told what goes on. */
  private readonly names = new Map<string, string>();

  constructor(
    private readonly id: string,
    private readonly parts: InsightTellingParts,
  ) {}

  /** How many last. */
  get count(): number {
    return this.open.size + this.carried.length;
  }

  /**
   * What an earlier process has told (`anomaly` events, oldest first), and what was found: what lasts and was told is not told
   * again, what is over by now is told as that, and the rest may show again.
   */
  begin(told: readonly HistoryEvent[], findings: readonly Finding[], isUp: boolean): void {
    const last = new Map<unknown, HistoryEvent['data']>();
    for (const { data } of told) {
      if (data.turn === 'end') last.delete(data.key);
      else last.set(data.key, data);
    }
    const now = this.parts.now();
    this.carried = [...last.values()].map((data) => ({ data, until: isUp ? now + carriedMs[ruleOf(data)] : now }));
    for (const finding of findings) {
      const isTold = last.has(finding.key);
      if (finding.end === null) this.turn({ turn: 'begin', finding });
      else if (isTold) this.endCarried(finding);
    }
    this.review();
    if (this.count > 0) this.parts.changed(this.id);
  }

  turns(turns: readonly Turn[]): void {
    if (turns.length === 0) return;
    const { count } = this;
    for (const turn of turns) this.turn(turn);
    if (this.count !== count) this.parts.changed(this.id);
  }

  /** To be called now and then. hoursLeft: of an open leak, as it is now. */
  review(findings: readonly Finding[] = []): void {
    const now = this.parts.now();
    const { count } = this;
    for (const one of this.carried.filter(({ until }) => now >= until)) {
      this.carried = this.carried.filter((other) => other !== one);
      this.tell({ ...one.data, turn: 'end', end: now, endedBy: 'gone' });
      this.settle(ruleOf(one.data));
    }
    if (this.count !== count) this.parts.changed(this.id);
    for (const finding of findings) {
      const before = this.open.get(finding.key);
      if (before?.kind !== 'leak' || hoursOf(before) === hoursOf(finding)) continue;
      this.open.set(finding.key, finding);
      this.alert(finding, false);
    }
  }

  /** Nothing is looked at any more. */
  endAll(): void {
    const now = this.parts.now();
    for (const one of this.carried) this.tell({ ...one.data, turn: 'end', end: now, endedBy: 'gone' });
    this.carried = [];
    for (const finding of [...this.open.values()])
      this.turn({ turn: 'end', finding: { ...finding, end: now, endedBy: 'gone' } });
    this.settle('anomaly');
    this.settle('leak');
  }

  private turn({ turn, finding }: Turn): void {
    const before = this.open.get(finding.key);
    const isKnown = turn === 'begin' && this.takeCarried(finding);
    if (turn === 'end') this.open.delete(finding.key);
    else this.open.set(finding.key, finding);
    if (!isKnown) this.tell({ turn, ...this.dataOf(finding) });
    if (turn === 'end') {
      this.names.delete(finding.key);
      this.settle(ruleOf(finding));
      return;
    }
    // What has turned out to be something else is no longer what it was told as.
    if (before !== undefined && ruleOf(before) !== ruleOf(finding)) this.settle(ruleOf(before));
    this.alert(finding, !isKnown && (turn === 'begin' || isOther(before, finding)));
  }

  /** True where an earlier process has told it. */
  private takeCarried({ key, kind, metric }: Finding): boolean {
    const one = this.carried.find(({ data }) => data.metric === metric && data.kind === kind);
    if (one === undefined) return false;
    this.carried = this.carried.filter((other) => other !== one);
    if (typeof one.data.key === 'string') this.names.set(key, one.data.key);
    return true;
  }

  private endCarried(finding: Finding): void {
    this.carried = this.carried.filter(({ data }) => data.key !== finding.key);
    this.turn({ turn: 'end', finding });
  }

  private alert(finding: Finding, isNews: boolean): void {
    const server = this.parts.server(this.id);
    if (server === undefined || finding.severity === 'info') return;
    this.parts.alertRules.anomaly(server, ruleOf(finding), { ...this.dataOf(finding) }, isNews);
  }

  /** The alert of a rule follows what is left. */
  private settle(rule: Rule): void {
    const left = [...this.open.values()].filter((one) => ruleOf(one) === rule && one.severity !== 'info').at(-1);
    if (left !== undefined) this.alert(left, false);
    else if (!this.carried.some(({ data }) => ruleOf(data) === rule)) this.parts.alertRules.anomalyOver(this.id, rule);
  }

  private tell(data: Readonly<Record<string, unknown>>): void {
    this.parts.sink.add({ at: this.parts.now(), id: this.id, kind: 'anomaly', data });
  }

  private dataOf(finding: Finding): Anomaly {
    return anomalyFrom(finding, this.names.get(finding.key));
  }
}

function ruleOf({ kind }: { readonly kind?: unknown }): Rule {
  return kind === 'leak' ? 'leak' : 'anomaly';
}

/** Somebody who has seen the one has not seen the other. */
function isOther(before: Finding | undefined, { kind, severity }: Finding): boolean {
  return before?.kind !== kind || (severity === 'error' && before.severity !== 'error');
}

/** As it is told: whole ones, and never too many. */
function hoursOf({ leak }: Finding): number | null {
  return leak?.hoursLeft == null ? null : Math.ceil(leak.hoursLeft);
}
