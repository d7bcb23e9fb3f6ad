// What the alerts bench says about what it measured. Pure, so that a test can look at it.

const megabyte = 1024 ** 2;

/** How much later a round came than the latest one of the calm, milliseconds. */
export const laterMs = ({ calm, burst }) => Math.max(0, burst.lateMs - calm.lateMs);
/** What was raised and neither told, counted as lost nor still waiting; each webhook hears of all. */
export const missing = ({ raised, told, alerts, lost }) => (alerts === 0 ? raised : lost > 0 ? 0 : raised - told);

export const alertsMeasures = [
  { title: 'raising all of them, ms', value: ({ burst }) => burst.tookMs },
  { title: 'latest round in the calm, ms late', value: ({ calm }) => calm.lateMs },
  { title: 'latest round after the burst, ms late', value: ({ burst }) => burst.lateMs },
  { title: 'CPU seconds of the calm', value: ({ calm }) => calm.cpuSeconds },
  { title: 'CPU seconds after the burst', value: ({ burst }) => burst.cpuSeconds },
  { title: 'resident in the calm, MB', value: ({ calm }) => calm.resident / megabyte },
  { title: 'resident after the burst, MB', value: ({ burst }) => burst.resident / megabyte },
  { title: 'alerts that were told', value: ({ alerts }) => alerts },
  { title: 'times that they counted', value: ({ told }) => told },
  { title: 'messages given up or not sure to have arrived', value: ({ lost }) => lost },
];

/** What the product promises: nothing waits for a webhook, and nothing is missing without being counted. */
export const alertsBars = [
  { title: 'a round later than in the calm', unit: 'ms', limit: 500, value: laterMs },
  {
    title: 'memory that the burst takes',
    unit: 'MB',
    limit: 30,
    value: ({ calm, burst }) => (burst.resident - calm.resident) / megabyte,
  },
  { title: 'times that nobody heard of and nobody counted', unit: '', limit: 1, value: missing },
];
