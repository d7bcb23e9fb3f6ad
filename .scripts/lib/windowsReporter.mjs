// A reporter for node:test: one line of JSON per test that has ended, of whatever depth, suites left out.
/** As Node 20 says of tests that were not asked for; later ones do not tell of them. */
const notAsked = 'test name does not match pattern';

export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { name, details, skip, todo } = data;
    if (details?.type === 'suite' || skip === notAsked) continue;
    const error = details?.error;
    // A test that failed for those in it only is not counted a second time.
    if (error?.failureType === 'subtestsFailed') continue;
    const isSkipped = skip !== undefined || todo !== undefined;
    yield `${JSON.stringify({ name, status: isSkipped ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed', skip })}\n`;
  }
}
