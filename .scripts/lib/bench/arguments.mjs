import { parseArgs } from 'node:util';

/** What can be given, with a line per bench. */
export function helpOf(benches) {
  const width = Math.max(...benches.map(({ name }) => name.length));
  return `npm run bench -- NAME [--quick] [--data FOLDER] [--results FOLDER] [--publish]
${benches.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join('\n')}
  --quick    less of everything: shows that it works, not how it does
  --data     what the bench insight reads: data/CATEGORY/FILE.csv in it, columns timestamp and value
  --results  where the report goes, instead of out/bench
  --publish  its table goes into docs/benchmarks.md and the READMEs, too`;
}

/**
 * The bench that is asked for and its options; `bench` is undefined where none is named. Throws with the help text for what
 * nobody understands.
 */
export function parseBenchArguments(words, benches) {
  const help = helpOf(benches);
  let parsed;
  try {
    parsed = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        data: { type: 'string' },
        results: { type: 'string' },
        publish: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Error(`${error.message}\n${help}`);
  }
  const { positionals, values } = parsed;
  if (positionals.length > 1) throw new Error(`One bench at a time.\n${help}`);
  const bench = benches.find(({ name }) => name === positionals[0]);
  if (positionals.length === 1 && !bench) throw new Error(`There is no bench ${positionals[0]}.\n${help}`);
  if (values.publish && values.quick) throw new Error(`Quick figures are not published.\n${help}`);
  if (bench?.needsData && values.data === undefined) throw new Error(`${bench.name} needs --data FOLDER.\n${help}`);
  const { quick, data, results, publish } = values;
  return { bench, quick, data, results, publish };
}
