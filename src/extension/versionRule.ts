/** Compares versions as semver does, as far as ours go: numbers, then a pre-release before its release. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  for (let i = 0; i < 3; i++) {
    const difference = (left.numbers[i] ?? 0) - (right.numbers[i] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  if (left.pre === right.pre) return 0;
  if (left.pre === '') return 1;
  if (right.pre === '') return -1;
  return Math.sign(left.pre.localeCompare(right.pre, 'en', { numeric: true }));
}

function split(version: string): { numbers: number[]; pre: string } {
  const [core = '', ...pre] = (version.split('+')[0] ?? '').split('-');
  return { numbers: core.split('.').map((part) => Number.parseInt(part, 10) || 0), pre: pre.join('-') };
}

/** Only a newer window replaces what runs; an older one lives with it, or two windows would replace each other forever. */
export function shouldRetire(running: string, own: string): boolean {
  return compareVersions(own, running) > 0;
}
