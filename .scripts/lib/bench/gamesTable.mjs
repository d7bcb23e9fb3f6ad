// What the games bench says about what it measured. Pure, so that a test can look at it.

/** Percent of one core. */
const percent = (cpuSeconds, seconds) => (100 * cpuSeconds) / seconds;

/** What polling adds, percent of one core. */
export function costOfPolling({ cpuSeconds, ground, seconds }) {
  return ground === undefined ? undefined : percent(cpuSeconds - ground, seconds);
}

export const gamesMeasures = [
  { title: 'seconds measured', value: ({ seconds }) => seconds },
  { title: 'CPU seconds with polling', value: ({ cpuSeconds }) => cpuSeconds },
  { title: 'CPU seconds of the ground', value: ({ ground }) => ground },
  { title: 'polling, percent of one core', value: costOfPolling },
  { title: 'requests by HTTP', value: ({ byHttp }) => byHttp },
  { title: 'commands by RCON', value: ({ byRcon }) => byRcon },
  {
    title: 'CPU ms per request',
    value: ({ cpuSeconds, ground, byHttp, byRcon }) =>
      ground === undefined ? undefined : (1000 * (cpuSeconds - ground)) / (byHttp + byRcon),
  },
  { title: 'resident, MB', value: ({ resident }) => resident / 1024 ** 2 },
];

/** What the product promises for twenty servers. */
export const gamesBars = [
  { title: 'polling twenty servers', unit: 'percent of one core', limit: 0.2, value: costOfPolling },
];
