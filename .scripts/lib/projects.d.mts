export const projects: readonly {
  name: string;
  parallel: boolean;
  testTimeoutMs: number;
  needs: readonly string[];
  byName?: boolean;
}[];
