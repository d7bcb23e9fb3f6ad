import type { GameLoad, ServerLoad, ServerView } from '../../shared/contract.js';
import type { Reader } from '../translate.js';
import { cpuShare, milliseconds, number, percent, type CpuScale } from './format.js';

export interface LoadContext extends Reader {
  readonly cpus: number;
  readonly scale: CpuScale;
}

/** What is shown of the load over the last minutes, by what it is the load of; undefined where it is not known. */
export interface LoadTexts {
  readonly cpu: string | undefined;
  readonly tickRate: string | undefined;
  readonly frameTime: string | undefined;
}

/** Averages, what it was within 95 % of the time, and the worst of 15 min. */
export function loadTexts({ load }: Pick<ServerView, 'load'>, context: LoadContext): LoadTexts {
  const { t, cpus, scale } = context;
  const share = (value: number): string => cpuShare(value, scale, cpus, context);
  const rate = (value: number): string => t('{0}/s', number(value, 1, context));
  const time = (value: number): string => milliseconds(value, context);
  return {
    cpu: load === undefined ? undefined : figuresText(cpuFigures(load), share, 'highest', context),
    tickRate: load?.tickRate == null ? undefined : figuresText(load.tickRate, rate, 'lowest', context),
    frameTime: load?.frameTime == null ? undefined : figuresText(load.frameTime, time, 'highest', context),
  };
}

/** What the busiest thread of a server uses; undefined where nothing is known of it. */
export function threadText(view: Pick<ServerView, 'load'>, context: Reader): string | undefined {
  const { busiestThread = null } = view.load ?? {};
  if (busiestThread === null) return undefined;
  return limitText(view, context) ?? context.t('{0} of a core', percent(busiestThread, context));
}

/** Said of a server that has one thread with a whole core to do, for minutes; as information, nothing is wrong with it. */
export function limitText({ load }: Pick<ServerView, 'load'>, context: Reader): string | undefined {
  if (load?.isBoundToOneCore !== true) return undefined;
  const used = percent(load.busiestThread, context);
  return context.t(
    "One thread uses {0} of a core: the game's main loop is at its limit; more cores would not help",
    used,
  );
}

function cpuFigures({ cpu1: m1, cpu5: m5, cpu15: m15, cpuP95: p95, cpuPeak: worst }: ServerLoad): GameLoad {
  return { m1, m5, m15, p95, worst };
}

function figuresText(
  { m1, m5, m15, p95, worst }: GameLoad,
  text: (value: number) => string,
  bad: 'highest' | 'lowest',
  { t }: Reader,
): string | undefined {
  const averages = [
    ...(m1 === null ? [] : [t('1 min {0}', text(m1))]),
    ...(m5 === null ? [] : [t('5 min {0}', text(m5))]),
    ...(m15 === null ? [] : [t('15 min {0}', text(m15))]),
  ];
  const isLow = bad === 'lowest';
  const usual = (value: string): string =>
    isLow ? t('95 % of the time at least {0}', value) : t('95 % of the time at most {0}', value);
  const extreme = (value: string): string =>
    isLow ? t('lowest in 15 min {0}', value) : t('highest in 15 min {0}', value);
  const parts = [
    ...(averages.length === 0 ? [] : [t('average {0}', averages.join(', '))]),
    ...(p95 === null ? [] : [usual(text(p95))]),
    ...(worst === null ? [] : [extreme(text(worst))]),
  ];
  return parts.length === 0 ? undefined : parts.join(' · ');
}
