export interface BenchName {
  readonly name: string;
  readonly about: string;
  /** It reads a folder that has to be named. */
  readonly needsData?: boolean;
}
export function helpOf(benches: readonly BenchName[]): string;
export function parseBenchArguments<B extends BenchName>(
  words: readonly string[],
  benches: readonly B[],
): {
  bench: B | undefined;
  quick: boolean;
  data: string | undefined;
  results: string | undefined;
  publish: boolean;
};
