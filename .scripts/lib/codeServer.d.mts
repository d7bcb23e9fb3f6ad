export interface Program {
  /** The Node that VS Code's server runs on. */
  node: string;
  /** The server's main file. */
  entry: string;
}
export interface RunningServer {
  pid: number;
  /** Without a slash at its end. */
  url: string;
  exited: Promise<number | null>;
  /** Asks it to end, and ends it after the grace. */
  stop(graceMs?: number): Promise<void>;
}
export interface ProfileSettings {
  user?: Record<string, unknown>;
  /** Those with the scope `machine`. */
  machine?: Record<string, unknown>;
}
export function profileFolders(root: string): { userData: string; extensions: string };
export function prepareSettings(root: string, settings?: ProfileSettings): void;
export function linkExtension(root: string, source: string): void;
export function installVsix(
  options: Program & { root: string; vsix: string; env: Record<string, string> },
): Promise<void>;
export function startCodeServer(
  options: Program & {
    root: string;
    folder: string;
    port?: number;
    args?: readonly string[];
    env: Record<string, string>;
    logFile: string;
  },
): Promise<RunningServer>;
