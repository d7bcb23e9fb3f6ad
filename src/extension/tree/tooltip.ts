import type { OpenFiles, ServerView } from '../../shared/contract.js';
import { bytes, cpuShare, duration, fullMoment, number, unknownNumber } from '../text/format.js';
import { gameLines } from '../text/gameText.js';
import { gameLabel } from '../text/gameLabel.js';
import { loadTexts, threadText } from '../text/loadText.js';
import { intervalText } from '../text/intervalText.js';
import { maintenanceText } from '../text/maintenanceText.js';
import { passwordLabel } from '../text/passwordText.js';
import { causeWord, exitWord, reasonWord, stateWord } from '../text/states.js';
import type { RowContext } from './rows.js';

/** Label and value of every line. Values hold outside text: whoever shows them escapes them. */
export function tooltipLines(
  view: ServerView,
  context: RowContext,
  openFiles?: OpenFiles,
): [label: string, value: string][] {
  const { t, now } = context;
  const lines: [string, string][] = [
    [t('State'), stateWord(view, t)],
    [t('Game'), gameLabel(view.game, t)],
  ];
  const work = maintenanceText(view, now, context);
  if (work !== undefined) lines.push([work, t('nobody is told of its alerts')]);
  if (view.health.reason !== null) lines.push([t('Because'), reasonWord(view.health.reason, t)]);
  if (view.state !== 'stopped' || view.exit !== null) {
    lines.push([t('Since'), `${fullMoment(view.since, context)} (${duration(now - view.since, context)})`]);
  }
  if (view.priority === 'refused') lines.push([t('Priority'), t('normal; this system allows none above it')]);
  if (view.pid !== null) lines.push([t('Process'), String(view.pid)]);
  if (view.state === 'running' && context.live) lines.push(...live(view, context, openFiles));
  lines.push(...normalLines(view, context));
  if (view.exit !== null) {
    const how = exitWord(view.exit, t);
    const cause = causeWord(view.exit, t);
    lines.push([
      t('Last end'),
      `${how === undefined ? cause : `${cause} (${how})`}, ${fullMoment(view.exit.at, context)}`,
    ]);
  }
  if (view.restarts.used > 0) lines.push([t('Restarts'), `${String(view.restarts.used)}/${String(view.restarts.max)}`]);
  if (view.secretsMissing.length > 0) {
    const labels = view.secretsMissing.map((key) => passwordLabel(key, t));
    lines.push([t('Missing passwords'), labels.join(', ')]);
  }
  return lines;
}

/** What is learned, and what leaves it. */
function normalLines({ learned, anomalies = 0 }: ServerView, { t }: RowContext): [string, string][] {
  if (learned === undefined) return [];
  const { days, of } = learned;
  const isKnown = days >= 0.9 * of;
  return [
    [t('Normal pattern'), isKnown ? t('known') : t('learning: {0} of {1} days', Math.floor(days), of)],
    ...(anomalies === 0 ? [] : [[t('Anomalies'), String(anomalies)] satisfies [string, string]]),
  ];
}

/** Windows counts everything that a process holds open, Linux what of it are files, pipes and connections. */
function openLines(open: OpenFiles | undefined, context: RowContext): [string, string][] {
  const { t } = context;
  const counts: [string, number | null][] = [
    [t('Open files'), open?.files ?? null],
    [t('Open handles'), open?.handles ?? null],
  ];
  return counts.flatMap(([label, count]) => (count === null ? [] : [[label, number(count, 0, context)]]));
}

function live(view: ServerView, context: RowContext, openFiles: OpenFiles | undefined): [string, string][] {
  const { t } = context;
  const cpu = view.sample?.cpu ?? null;
  const load = loadTexts(view, context).cpu;
  const thread = threadText(view, context);
  return [
    [
      t('CPU'),
      cpu === null
        ? unknownNumber
        : t('{0} of the PC, {1} cores', cpuShare(cpu, 'pc', context.cpus, context), number(cpu / 100, 2, context)),
    ],
    ...(load === undefined ? [] : [[t('Load'), load] satisfies [string, string]]),
    ...(thread === undefined ? [] : [[t('Busiest thread'), thread] satisfies [string, string]]),
    [t('Memory'), bytes(view.sample?.memory ?? null, context)],
    ...openLines(openFiles, context),
    ...gameLines(view, context),
    ...(context.interval === undefined
      ? []
      : [[t('Monitoring interval'), intervalText(context.interval, t)] as [string, string]]),
  ];
}
