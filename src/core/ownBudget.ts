import type { Measuring } from '../shared/contract.js';
import type { AlertRules } from './alerts/alertRules.js';
import { Budget, type BudgetChange, type BudgetLimits, type Slowed } from './budget/budget.js';
import type { Log, MeasuringMeans, ProcessReaderPort } from './ports.js';

export interface OwnBudgetParts {
  readonly platform: { readonly processes: Pick<ProcessReaderPort, 'means' | 'describe'> };
  readonly launcher: { readonly pid: number | null };
  readonly log: Log;
  readonly recorder: { budgetChanged(change: BudgetChange): void };
  readonly alertRules: Pick<AlertRules, 'overBudget' | 'withinBudget'>;
  limits(this: void): BudgetLimits;
  measuringChanged(this: void, measuring: Measuring): void;
}

/** The budget of this process and its launcher: what is counted for it, and who is told. */
export class OwnBudget {
  private readonly budget: Budget;
  private over: BudgetChange | undefined;

  constructor(
    private readonly parts: OwnBudgetParts,
    private readonly slowed: Slowed,
  ) {
    const { processes } = parts.platform;
    this.budget = new Budget({
      slowed,
      limits: parts.limits,
      cpuMs: () => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1000;
      },
      memoryBytes: () => process.memoryUsage.rss() + launcherBytes(parts.launcher.pid, processes),
      changed: (change) => {
        this.changed(change);
      },
    });
  }

  get state(): 'ok' | 'over' {
    return this.budget.state;
  }

  get limits(): BudgetLimits {
    return this.parts.limits();
  }

  /** How it is measured, and what stands against doing so more often. */
  get measuring(): Measuring {
    const { leastIntervalMs, shortfall }: MeasuringMeans = this.parts.platform.processes.means;
    if (this.over === undefined) return { leastIntervalMs, shortfall };
    const { cpuPercent, memoryBytes, intervalMs } = this.over;
    return { leastIntervalMs, shortfall, overBudget: { cpuPercent, memoryBytes, intervalMs } };
  }

  /** Call with every round. */
  note(): void {
    this.budget.note();
  }

  /** The interval may be another one: what is told of the budget names the one in force. */
  follow(): void {
    const { intervalMs } = this.slowed;
    if (this.over === undefined || this.over.intervalMs === intervalMs) return;
    this.over = { ...this.over, intervalMs };
    this.parts.measuringChanged(this.measuring);
  }

  private changed(change: BudgetChange): void {
    const { log, recorder, alertRules, measuringChanged } = this.parts;
    const { cpuPercent, memoryBytes, intervalMs } = change;
    const isNews = (change.state === 'over') !== (this.over !== undefined);
    this.over = change.state === 'over' ? change : undefined;
    if (isNews) {
      const text = change.state === 'over' ? 'over it; measuring less often' : 'within it again';
      log.write('info', 'budget', text, { ...change });
      recorder.budgetChanged(change);
      if (change.state === 'over') alertRules.overBudget({ cpuPercent, memoryBytes, intervalMs });
      else alertRules.withinBudget();
    }
    measuringChanged(this.measuring);
  }
}

/** Where asking for it starts a program, it is not asked for. */
function launcherBytes(pid: number | null, processes: OwnBudgetParts['platform']['processes']): number {
  if (pid === null || processes.means.leastIntervalMs > 0) return 0;
  return processes.describe(pid)?.rssBytes ?? 0;
}
