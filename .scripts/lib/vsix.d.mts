export interface PackagedFile {
  readonly name: string;
  readonly packed: number;
  readonly bytes: number;
}
export const maxBytes: number;
export function listPackaged(): Promise<string[]>;
export function namedIn(manifest: object): string[];
export function faults(files: readonly string[], manifest: object): string[];
export function readPackage(file: string): PackagedFile[];
