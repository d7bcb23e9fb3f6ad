export function quantile(values: readonly number[], part: number): number | undefined;
export function median(values: readonly number[]): number | undefined;
export function medianOf(values: readonly (number | undefined)[]): number | undefined;
export function randomFrom(seed: number): () => number;
export function medianInterval(
  values: readonly number[],
  how?: { rounds?: number; seed?: number },
): { low: number; high: number } | undefined;
