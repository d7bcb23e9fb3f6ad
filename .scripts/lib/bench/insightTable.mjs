// What the insight bench says about what it measured. Pure, so that a test can look at it.

/** Categories that are published of other detectors too, and the ways of counting them. */
const categories = [
  { name: 'realAWSCloudwatch', field: 'score', title: 'realAWSCloudwatch, score' },
  { name: 'realAWSCloudwatch', field: 'falsePositives', title: 'realAWSCloudwatch, false positives' },
  { name: 'artificialWithAnomaly', field: 'score', title: 'artificialWithAnomaly, score' },
  { name: 'artificialWithAnomaly', field: 'falsePositives', title: 'artificialWithAnomaly, false positives' },
  { name: 'artificialNoAnomaly', field: 'falsePositives', title: 'artificialNoAnomaly, false positives' },
  { name: 'all', field: 'score', title: 'all of the data, score' },
];

/** A result with what a scorer has said: `report.categories[NAME]` with `score` and `falsePositives`; undefined: nothing. */
export function withScores(result, report) {
  return { ...result, threshold: report?.threshold, scores: report?.categories ?? {} };
}

const microsecondsPerValue = ({ cpuMicroseconds, samples }) => (samples > 0 ? cpuMicroseconds / samples : undefined);

export const insightMeasures = [
  { title: 'values', value: ({ samples }) => samples },
  { title: 'microseconds of CPU per value', value: microsecondsPerValue },
  { title: 'the one best threshold', value: ({ threshold }) => threshold },
  ...categories.map(({ name, field, title }) => ({ title, value: ({ scores }) => scores[name]?.[field] })),
];

/** Bars are limits that a value stays below, and a score is to be high: what is judged is how much of it is missing. */
const missing = (name) => {
  return ({ scores }) => (scores[name] === undefined ? undefined : 100 - scores[name].score);
};

export const insightBars = [
  { title: 'realAWSCloudwatch, short of 100', unit: 'points', limit: 30, value: missing('realAWSCloudwatch') },
  { title: 'artificialWithAnomaly, short of 100', unit: 'points', limit: 40, value: missing('artificialWithAnomaly') },
  {
    title: 'artificialNoAnomaly, false positives',
    unit: 'in all files',
    limit: 3,
    value: ({ scores }) => scores.artificialNoAnomaly?.falsePositives,
  },
  { title: 'cost', unit: 'µs of CPU per value', limit: 5, value: microsecondsPerValue },
];

/** A table of every category that was scored, beside each other; undefined where none was. */
export function categoriesOf(results) {
  const scored = results.filter(({ scores }) => Object.keys(scores).length > 0);
  const names = [...new Set(scored.flatMap(({ scores }) => Object.keys(scores)))].sort();
  if (names.length === 0) return undefined;
  const cell = (value) => (value === undefined ? '–' : String(Math.round(value * 10) / 10));
  return {
    heading: 'Every category of the data',
    about: 'A category in which nothing is labelled has no score: false positives and what they cost.',
    cells: [
      ['', ...scored.flatMap(({ heading }) => [`${heading}, score`, 'windows found', 'false positives'])],
      ...names.map((name) => [
        name,
        ...scored.flatMap(({ scores: { [name]: one } }) => [
          cell(one?.score),
          one?.windows === undefined ? '–' : `${one.hits} of ${one.windows}`,
          cell(one?.falsePositives),
        ]),
      ]),
    ],
  };
}

/** What a scorer that failed has said about it: the error itself, not the lines around it. */
export function complaintOf(text) {
  const lines = text.split('\n').map((line) => line.trim());
  const said = lines.find((line) => /^\w*Error\b.*:/.test(line)) ?? lines.findLast((line) => line !== '');
  return said ?? 'its scorer failed and says nothing';
}
