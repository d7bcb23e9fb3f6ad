export function pack(
  what: {
    target: string;
    files: readonly string[];
    from?: string;
    notices: string;
    koffi?: string;
    folder: string;
    file: string;
  },
  progress: { log: string },
): Promise<void>;
