export function parseFilter(words: readonly string[]): { files: string[]; pattern: string | undefined };
export function resultOf(what: {
  file: string;
  report: string;
  said: string;
  outcome: number | string | null;
  late?: number;
  pattern?: string;
}): { passed: number; failed: string[]; skipped: string[]; failures: string[] };
