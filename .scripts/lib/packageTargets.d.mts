export const universal: string;
export const help: string;
export function parseArguments(words: readonly string[]): string[] | undefined;
export function windowsArch(target: string): string | undefined;
export function packageName(manifest: { name: string; version: string }, target: string): string;
