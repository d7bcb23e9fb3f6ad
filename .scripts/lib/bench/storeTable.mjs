// What the store bench says about what it measured. Pure, so that a test can look at it.

const megabyte = 1024 ** 2;
const megabytes = (bytes) => (bytes === undefined ? undefined : bytes / megabyte);

/** Bytes that a window of flushes has written: as the device counts them, or else the process's own. */
const bytesOf = (window) => window?.deviceBytes ?? window?.writtenBytes;

/** Bytes per hour of data in a window of flushes that went as fast as they could. */
function bytesPerHour(window) {
  const bytes = bytesOf(window);
  return bytes === undefined ? undefined : bytes / window.hours;
}

/**
 * Bytes per hour of data in real time. Flushes count as the few that were watched; what is written in whole (snapshots)
 * comes too seldom for that, and counts as in the longer window that went faster.
 */
export function realBytesPerHour({ realTime, steady }) {
  const bytes = bytesOf(realTime);
  if (bytes === undefined) return undefined;
  const ofFlushes = Math.max(0, bytes - realTime.replacedBytes) / realTime.hours;
  return ofFlushes + steady.replacedBytes / steady.hours;
}

const perHour = (name) => (result) => result.steady && result.steady[name] / result.steady.hours;

/** The rows of the table. A result's fields are described where store.mjs collects them. */
export const storeMeasures = [
  { title: 'filling 7 days, rows per CPU second', value: ({ fill }) => fill && fill.rows / fill.cpuSeconds },
  { title: 'flushes, rows per CPU second', value: ({ steady }) => steady && steady.rows / steady.cpuSeconds },
  { title: 'CPU seconds per hour of data', value: perHour('cpuSeconds') },
  { title: 'MB written per hour, fast', value: ({ steady }) => megabytes(bytesPerHour(steady)) },
  { title: 'MB written per hour, real time', value: (result) => megabytes(realBytesPerHour(result)) },
  { title: 'files replaced per hour', value: perHour('replacements') },
  { title: 'database after 7 days, MB', value: ({ sizes }) => megabytes(sizes?.database) },
  { title: 'other files, MB', value: ({ sizes }) => megabytes(sizes?.others) },
  { title: 'resident before opening, MB', value: ({ residentBefore }) => megabytes(residentBefore) },
  { title: 'resident between snapshots, MB', value: ({ steady }) => megabytes(steady?.resident) },
  { title: 'resident after collecting garbage, MB', value: ({ steady }) => megabytes(steady?.residentAfterGc) },
  { title: 'high-water, MB', value: ({ steady }) => megabytes(steady?.highWater) },
  { title: '15 minutes of cpu, CPU ms', value: ({ queries }) => queries?.quarter },
  { title: '7 days of cpu to 600 points, CPU ms', value: ({ queries }) => queries?.week },
  { title: '7 days of three metrics, CPU ms', value: ({ queries }) => queries?.weekOfThree },
  { title: 'start-up, CPU ms', value: ({ recovery }) => recovery?.cpuMs },
  { title: 'start-up, ms', value: ({ recovery }) => recovery?.wallMs },
  { title: 'found beside the database at start-up, MB', value: ({ recovery }) => megabytes(recovery?.found) },
  { title: 'a year: database, MB', value: ({ year }) => megabytes(year?.database) },
  { title: 'a year: resident, MB', value: ({ year }) => megabytes(year?.resident) },
  { title: 'a year of cpu to 600 points, CPU ms', value: ({ year }) => year?.query },
];

/** What the product promises for ten servers, six metrics, a sample each five seconds, and seven days stored. */
export const storeBars = [
  { title: 'written to the device per hour, with snapshots', unit: 'MB', limit: 15, value: deviceMegabytes },
  { title: 'database after 7 days', unit: 'MB', limit: 16, value: ({ sizes }) => megabytes(sizes.database) },
  { title: 'database after a year', unit: 'MB', limit: 25, value: ({ year }) => megabytes(year?.database) },
  { title: 'memory between snapshots', unit: 'MB', limit: 80, value: ({ steady }) => megabytes(steady.resident) },
  { title: 'memory, high-water', unit: 'MB', limit: 130, value: ({ steady }) => megabytes(steady.highWater) },
  { title: '7 days to 600 points', unit: 'ms of CPU', limit: 8, value: ({ queries }) => queries.week },
  { title: 'a year to 600 points', unit: 'ms of CPU', limit: 10, value: ({ year }) => year?.query },
  { title: 'start-up after a crash', unit: 'ms of CPU', limit: 200, value: ({ recovery }) => recovery.cpuMs },
];

/** Only the device's own count in real time is what is promised; bytes per process leave the file system's journal out. */
function deviceMegabytes(result) {
  return result.realTime?.deviceBytes === undefined ? undefined : megabytes(realBytesPerHour(result));
}
