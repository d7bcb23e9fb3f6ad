export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}
export interface Profile {
  readonly startTime: number;
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame; readonly children?: number[] }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}
export interface Share {
  readonly name: string;
  readonly ms: number;
}
export interface TimeSpent {
  readonly areas: Share[];
  readonly places: Share[];
  readonly system: number;
}
export function areaOf(file: string): string;
export function whereTimeGoes(
  profile: Profile,
  window: { readonly from: number; readonly to: number },
  sourceOf: (frame: CallFrame) => { file: string; line: number } | undefined,
): TimeSpent;
export function profileCells(
  found: TimeSpent,
  how: { readonly minutes: number; readonly most?: number },
): { areas: string[][]; places: string[][]; system: string[] };
