export interface FoundProcess {
  pid: number;
  command: string;
}
export const canFindProcesses: boolean;
export function processesWith(variable: string, value: string): FoundProcess[];
export function waitUntilGone(variable: string, value: string, graceMs: number): Promise<FoundProcess[]>;
export function killAll(variable: string, value: string, limitMs?: number): Promise<FoundProcess[]>;
