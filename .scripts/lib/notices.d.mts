export const bundledFile: string;
export function packagesIn(outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>): string[];
export function notices(folders: readonly string[]): string;
