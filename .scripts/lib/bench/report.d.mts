export interface Measure<R> {
  readonly title: string;
  value(result: R): number | undefined;
}
export interface Bar<R> extends Measure<R> {
  readonly unit: string;
  /** The value must be less. */
  readonly limit: number;
}
export interface Verdict {
  readonly title: string;
  readonly unit: string;
  readonly limit: number;
  readonly measured: number | undefined;
  readonly met: boolean | undefined;
}
export interface Column {
  readonly heading: string;
  readonly isProduct: boolean;
}
export function figure(value: number | undefined): string;
export function figureBeside(value: number | undefined, product: number | undefined): string;
export function tableOf<R extends Column>(measures: readonly Measure<R>[], results: readonly R[]): string[][];
export function textTable(cells: readonly (readonly string[])[]): string;
export function markdownTable(cells: readonly (readonly string[])[]): string;
export function judge<R>(bars: readonly Bar<R>[], product: R): Verdict[];
export function barLines(verdicts: readonly Verdict[]): string[];
export interface Section {
  readonly heading: string;
  readonly about?: string;
  readonly cells: readonly (readonly string[])[];
}
export interface Page {
  readonly cells: readonly (readonly string[])[];
  readonly remarks: readonly string[];
  readonly bars: readonly string[];
  readonly facts: readonly string[];
  readonly sections: readonly Section[];
}
export function pageOf(bench: { readonly name: string; readonly about: string }, page: Page, level?: number): string;
