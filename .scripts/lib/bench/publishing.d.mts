import type { Column } from './report.mjs';

export interface MainMeasure<R> {
  readonly title: { readonly en: string; readonly ko: string };
  value(result: R): number | undefined;
}
export function replaceBetween(page: string, name: string, text: string): string;
export function mainTable<R extends Column>(
  measures: readonly MainMeasure<R>[],
  found: { readonly results: readonly R[]; readonly date: string; readonly machine: string },
  language: 'en' | 'ko',
): string;
