// A table of measures (rows) and subjects (columns), for a terminal and for a page.

/** Rounded to the digits that mean something at its size, with thin groups of thousands; undefined is a dash. */
export function figure(value) {
  if (value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}

/** `figure`, with how many times the product's value it is. */
export function figureBeside(value, product) {
  if (value === undefined || product === undefined || !(product > 0)) return figure(value);
  return `${figure(value)} (${figure(value / product)}x)`;
}

/**
 * The cells of a table: a heading line, then a line per measure. Columns are subjects' results; the product's own comes
 * first and is what the others are compared with.
 *
 * @param measures `title` and `value(result)`, undefined where a subject has none
 */
export function tableOf(measures, results) {
  const product = results.find((result) => result.isProduct);
  const ordered = [product, ...results.filter((result) => result !== product)].filter(Boolean);
  const cell = (measure, result) =>
    result === product || !product
      ? figure(measure.value(result))
      : figureBeside(measure.value(result), measure.value(product));
  return [
    ['', ...ordered.map(({ heading }) => heading)],
    ...measures.map((measure) => [measure.title, ...ordered.map((result) => cell(measure, result))]),
  ];
}

/** Columns as wide as their widest cell: the first to the left, the others to the right. */
export function textTable(cells) {
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  return cells
    .map((line) =>
      line
        .map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column])))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function markdownTable(cells) {
  const [heading, ...lines] = cells.map((line) => `| ${line.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`);
  const rule = `|${cells[0].map((_, column) => (column === 0 ? '---' : '---:')).join('|')}|`;
  return [heading, rule, ...lines].join('\n');
}

/** What a bench found, judged: `met` is undefined where nothing could be measured. */
export function judge(bars, product) {
  return bars.map(({ title, unit, limit, value }) => {
    const measured = value(product);
    return { title, unit, limit, measured, met: measured === undefined ? undefined : measured < limit };
  });
}

/** A line per bar. */
export function barLines(verdicts) {
  const words = (met) => (met === undefined ? 'not measured' : met ? 'met' : 'NOT MET');
  return verdicts.map(
    ({ title, unit, limit, measured, met }) =>
      `${words(met).padEnd(12)}  ${title}: ${figure(measured)} of less than ${limit} ${unit}`,
  );
}

/** The report as a page. `level` is that of its heading. */
export function pageOf(bench, { cells, remarks, bars, facts, sections }, level = 1) {
  const list = (lines) => lines.map((line) => `- ${line}`).join('\n');
  const head = (text, below = 1) => `${'#'.repeat(level + below)} ${text}`;
  const parts = [head(`Bench: ${bench.name}`, 0), bench.about, markdownTable(cells), list(remarks)];
  if (bars.length > 0) parts.push(head('Bars'), list(bars));
  for (const { heading, about, cells: more } of sections) {
    parts.push(head(heading), ...(about ? [about] : []), markdownTable(more));
  }
  parts.push(head('Where'), list(facts));
  return parts.join('\n\n');
}
