/** One row of a series as the file has it, and what it means: Unix ms, and NaN for a value that is missing. */
export interface Row {
  readonly timestamp: string;
  readonly value: string;
  readonly at: number;
  readonly number: number;
}

/** What is written where a value is missing. */
const absent = new Set(['', 'nan', 'null', 'none', 'na', 'n/a', 'inf', '+inf', '-inf']);
/** Larger numbers are milliseconds since 1970, smaller ones seconds. */
const mostSeconds = 1e11;

const bare = (cell: string | undefined): string => (cell ?? '').trim().replace(/^"(.*)"$/, '$1');

/** Unix ms, NaN for what is no time. What does not say its zone, as `2014-04-01 00:00:00`, is taken as UTC. */
export function momentOf(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * (Number(text) < mostSeconds ? 1000 : 1);
  if (/(Z|UTC|GMT|[+-]\d\d:?\d\d)$/i.test(text) && text.includes(':')) return Date.parse(text);
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]+(.*))?$/.exec(text);
  if (!iso) return Date.parse(`${text} UTC`);
  const [, year = '', month = '', day = '', time = '00:00'] = iso;
  return Date.parse(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${time.replace(/^(\d):/, '0$1:')}Z`);
}

/** @param name what errors call it; it names the line too */
export function readSeries(text: string, name: string): Row[] {
  const [heading = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  const names = heading.split(',').map((one) => bare(one).toLowerCase());
  const [timestamp, value] = [names.indexOf('timestamp'), names.indexOf('value')];
  if (timestamp < 0 || value < 0) throw new Error(`${name} has no columns timestamp and value`);
  return lines.map((line, index) => {
    const cells = line.split(',').map(bare);
    const row = { timestamp: cells[timestamp] ?? '', value: cells[value] ?? '' };
    const wrong = (why: string): Error => new Error(`${name}, line ${index + 2}: ${why}`);
    if (cells.length < names.length) throw wrong(`${cells.length} cells instead of ${names.length}: ${line}`);
    const at = momentOf(row.timestamp);
    if (Number.isNaN(at)) throw wrong(`${JSON.stringify(row.timestamp)} is no time`);
    const number = absent.has(row.value.toLowerCase()) ? Number.NaN : Number(row.value);
    if (Number.isNaN(number) && !absent.has(row.value.toLowerCase()))
      throw wrong(`${JSON.stringify(row.value)} is no number`);
    return { ...row, at, number };
  });
}
