export interface BenchName {
  readonly name: string;
  readonly about: string;
}
export function helpOf(benches: readonly BenchName[]): string;
export function parseBenchArguments<B extends BenchName>(
  words: readonly string[],
  benches: readonly B[],
): { bench: B | undefined; quick: boolean; results: string | undefined; publish: boolean };
