export interface PackagedFile {
  readonly name: string;
  readonly packed: number;
  readonly bytes: number;
  read(): Buffer;
}
export const maxBytes: number;
export const nativeFile: string;
export const noticesFile: string;
export function listPackaged(from?: string): Promise<string[]>;
export function namedIn(manifest: object): string[];
export function addedFiles(target: string): string[];
export function faults(files: readonly string[], manifest: object, target: string): string[];
export function nativeFaults(content: Buffer, target: string): string[];
export function readPackage(file: string): PackagedFile[];
export function packageFaults(file: string, manifest: object, target: string): string[];
