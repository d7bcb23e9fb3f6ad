// What the insight-sim bench says about what it found. Pure, so that a test can look at it.

/** What is done to the servers, and what it is called. A surge of players is nothing that is to be found. */
const kinds = [
  ['leak', 'leak of 50 MB/h'],
  ['runaway', 'runaway loop'],
  ['stuckSave', 'stuck save'],
  ['crashLoop', 'crash loop'],
  ['hostLag', 'lag from the PC'],
];

/** Servers that are unlike the others; the simulator knows what they are. */
const worlds = [
  ...['restarted every 6 h', 'nobody tells who plays', 'CPU and memory only', 'another load of the tick'],
  ...['always full', 'a job every Sunday', 'clocks change'],
];

const share = (part, whole) => (whole > 0 ? (100 * part) / whole : undefined);

/** Percent of the leaks that were told within so many hours. */
export function leaksWithin({ score }, hours) {
  const { injected, delays } = score.kinds.leak;
  return share(delays.filter((minutes) => minutes <= 60 * hours).length, injected);
}

/** False alarms in a week of a server that has been learned. */
export function falseAlarmsPerWeek({ score }) {
  return score.weeks > 0 ? score.falseAlarms / score.weeks : undefined;
}

/** Percent of the server-weeks in which a leak was told that was none. */
export function falseLeaks({ score }) {
  return share(score.weeksWithFalseLeak, score.weeks + score.firstWeeks);
}

/** Percent of what was done to the servers. */
function foundOfAll({ score }) {
  const all = kinds.map(([kind]) => score.kinds[kind]);
  const sum = (of) => all.reduce((whole, one) => whole + one[of], 0);
  return share(sum('found'), sum('injected'));
}

function ofWorld(result, world, value) {
  const score = result.worlds?.[world];
  return score && value({ score });
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

export const insightSimMeasures = [
  { title: 'false alarms per server-week', value: falseAlarmsPerWeek },
  {
    title: 'the same in the first week',
    value: ({ score }) => (score.firstWeeks > 0 ? score.firstFalseAlarms / score.firstWeeks : undefined),
  },
  ...kinds.flatMap(([kind, title]) => [
    { title: `${title}: found, %`, value: ({ score }) => share(score.kinds[kind].found, score.kinds[kind].injected) },
    {
      title: `${title}: right where told, %`,
      value: ({ score }) => share(score.kinds[kind].found, score.kinds[kind].found + score.kinds[kind].wrong),
    },
    { title: `${title}: minutes until told`, value: ({ score }) => median(score.kinds[kind].delays) },
  ]),
  { title: 'leaks told within 3 h, %', value: (result) => leaksWithin(result, 3) },
  { title: 'weeks with a false leak, %', value: falseLeaks },
  { title: 'player surges called a bug, %', value: ({ score }) => share(score.surgesCalledBug, score.surges) },
  { title: 'saves called an anomaly', value: ({ score }) => score.savesCalled },
  {
    title: 'µs per measurement, each minute',
    value: ({ score }) => (score.samples > 0 ? score.micros / score.samples : undefined),
  },
  { title: 'µs per measurement, every 5 s', value: ({ fine }) => fine && fine.micros / fine.samples },
  ...worlds.flatMap((world) => [
    { title: `${world}: false alarms per week`, value: (result) => ofWorld(result, world, falseAlarmsPerWeek) },
    { title: `${world}: found, %`, value: (result) => ofWorld(result, world, foundOfAll) },
  ]),
];

export const insightSimBars = [
  { title: 'false alarms', unit: 'per server-week', limit: 1, value: falseAlarmsPerWeek },
  {
    title: 'leaks until told, median',
    unit: 'minutes',
    limit: 180,
    value: ({ score }) => median(score.kinds.leak.delays),
  },
  { title: 'weeks with a false leak', unit: 'percent', limit: 2, value: falseLeaks },
  { title: 'player surges called a bug', unit: 'of all', limit: 1, value: ({ score }) => score.surgesCalledBug },
  { title: 'saves called an anomaly', unit: 'of all', limit: 1, value: ({ score }) => score.savesCalled },
  {
    title: 'cost, every 5 s',
    unit: 'µs per measurement',
    limit: 5,
    value: ({ fine }) => fine && fine.micros / fine.samples,
  },
];
