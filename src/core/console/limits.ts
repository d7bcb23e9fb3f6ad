/** When a console file is cut, in bytes, and how many older files are kept of it. */
export interface ConsoleLimits {
  readonly rotateBytes: number;
  readonly keepFiles: number;
}

export const defaultLimits: ConsoleLimits = { rotateBytes: 10 * 1024 * 1024, keepFiles: 5 };
