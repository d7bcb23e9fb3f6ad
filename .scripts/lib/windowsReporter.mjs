// A reporter for node:test: one line of JSON per test that has ended, of whatever depth, suites left out.
export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const { name, details, skip, todo } = data;
    if (details?.type === 'suite') continue;
    const error = details?.error;
    // A test that failed for those in it only is not counted a second time.
    if (error?.failureType === 'subtestsFailed') continue;
    const isSkipped = skip !== undefined || todo !== undefined;
    yield `${JSON.stringify({ name, status: isSkipped ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed', skip })}\n`;
  }
}
