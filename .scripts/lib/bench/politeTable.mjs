// What the bench of the cost says about what it measured. Pure, so that a test can look at it.
import { medianOf } from './statistics.mjs';

/** Servers. */
export const counts = [1, 20, 200];
const megabyte = 1024 ** 2;

/** The sum over processes, or undefined where none was seen. */
const summed = (processes, field) =>
  processes.length === 0 ? undefined : processes.reduce((sum, one) => sum + one[field], 0);

/** One window of one subject: per minute, and bytes. */
function perMinute({ seconds, cpuMs, writtenBytes, switches, processes, rounds }) {
  const each = (value) => (value === undefined ? undefined : (60 * value) / seconds);
  return {
    cpuMs: each(cpuMs),
    kilobytes: each(writtenBytes / 1024),
    switches: each(switches),
    rounds: each(rounds),
    rss: summed(processes, 'rss'),
    pss: summed(processes, 'pss'),
  };
}

/** The process of a window that has this role, as per minute. */
function roleOf(window, role) {
  const found = window.processes.find((one) => one.role === role);
  return found && { cpuMs: (60 * found.cpuMs) / window.seconds, rss: found.rss };
}

/**
 * Medians of the runs with one number of servers.
 *
 * @param runs a window per run by the name of the subject, as `Account.since` gives it with `rounds`
 * @param early a window of its beginning
 */
export function summarize(runs, name, early) {
  const windows = runs.map((run) => run[name]).filter(Boolean);
  if (windows.length === 0) return undefined;
  const all = windows.map(perMinute);
  const field = (key) => medianOf(all.map((one) => one[key]));
  const role = (which, key) => medianOf(windows.map((window) => roleOf(window, which)?.[key]));
  const times = runs.map(
    (run) => run[name] && run.minimal && perMinute(run[name]).cpuMs / perMinute(run.minimal).cpuMs,
  );
  return {
    ...Object.fromEntries(['cpuMs', 'kilobytes', 'switches', 'rounds', 'rss', 'pss'].map((key) => [key, field(key)])),
    // Of the same run each: whatever disturbs the PC disturbs both.
    times: medianOf(times),
    lowest: Math.min(...all.map(({ cpuMs }) => cpuMs)),
    highest: Math.max(...all.map(({ cpuMs }) => cpuMs)),
    core: { cpuMs: role('core', 'cpuMs'), rss: role('core', 'rss') },
    launcher: { cpuMs: role('launcher', 'cpuMs'), rss: role('launcher', 'rss') },
    early: early && perMinute(early).cpuMs,
  };
}

const servers = (count) => (count === 1 ? '1 server' : `${count} servers`);
const at =
  (count, value) =>
  ({ by }) =>
    by[count] ? value(by[count]) : undefined;
const megabytes = (bytes) => (bytes === undefined ? undefined : bytes / megabyte);

const rows = [
  ['CPU ms a minute', ({ cpuMs }) => cpuMs],
  ['times the minimal loop', ({ times }) => times],
  ['RSS, MB', ({ rss }) => megabytes(rss)],
  ['PSS, MB', ({ pss }) => megabytes(pss)],
  ['KB written a minute', ({ kilobytes }) => kilobytes],
  ['context switches a minute', ({ switches }) => switches],
  ['rounds a minute', ({ rounds }) => rounds],
];
const partRows = [
  ['in its beginning, CPU ms a minute', ({ early }) => early],
  ...['core', 'launcher'].flatMap((part) => [
    [`of it the ${part}, CPU ms`, (summary) => summary[part].cpuMs],
    [`of it the ${part}, RSS MB`, (summary) => megabytes(summary[part].rss)],
  ]),
];

export const politeMeasures = counts.flatMap((count) =>
  [...rows, ...partRows].map(([title, value]) => ({ title: `${servers(count)}: ${title}`, value: at(count, value) })),
);

const worst = (part) => (result) => {
  const found = counts.map((count) => megabytes(result.by[count]?.[part].rss)).filter((value) => value !== undefined);
  return found.length === 0 ? undefined : Math.max(...found);
};

/** What the product promises, everything on and every interval 2000 ms. */
export const politeBars = [
  { title: '20 servers, times the minimal loop', unit: 'times', limit: 2.5, value: at(20, ({ times }) => times) },
  { title: '200 servers, times the minimal loop', unit: 'times', limit: 2, value: at(200, ({ times }) => times) },
  { title: 'memory of the core (RSS)', unit: 'MB', limit: 80, value: worst('core') },
  { title: 'memory of the launcher (RSS)', unit: 'MB', limit: 47, value: worst('launcher') },
];

/** The rows that the README shows. */
export const politeMain = [
  ...[1, 20, 200].map((count) => ({
    title: { en: `CPU ms a minute, ${servers(count)}`, ko: `1분당 CPU 시간(ms), 서버 ${count}개` },
    value: at(count, ({ cpuMs }) => cpuMs),
  })),
  {
    title: { en: 'memory (RSS), MB, 20 servers', ko: '메모리(RSS, MB), 서버 20개' },
    value: at(20, ({ rss }) => megabytes(rss)),
  },
  {
    title: { en: 'KB written a minute, 20 servers', ko: '1분당 디스크 쓰기(KB), 서버 20개' },
    value: at(20, ({ kilobytes }) => kilobytes),
  },
];
