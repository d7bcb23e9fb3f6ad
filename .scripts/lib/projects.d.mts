interface Project {
  name: string;
  needs: readonly string[];
  byName?: boolean;
}
interface VitestProject extends Project {
  parallel: boolean;
  testTimeoutMs: number;
  onWindows?: undefined;
}
interface WindowsProject extends Project {
  onWindows: true;
}
export const projects: readonly (VitestProject | WindowsProject)[];
