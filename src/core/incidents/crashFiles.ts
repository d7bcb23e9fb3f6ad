import fs from 'node:fs';
import path from 'node:path';
import type { CrashReports } from '../../shared/games.js';
import { parseJvmError, parseMinecraftReport, parseUnrealContext, type Excerpt } from './crashParsers.js';
import type { GameReport } from './record.js';

/** Where the game's own report of a crash may be. */
export interface CrashPlace {
  /** Which reports the game can leave, the most telling first. */
  readonly reports: readonly CrashReports[];
  /** Nearest first. */
  readonly folders: readonly string[];
  /** Unix milliseconds: what is older tells of an earlier start. */
  readonly since: number;
}

interface Kind {
  readonly kind: GameReport['kind'];
  /** Never above the folders that are given: every Java program leaves such a file where it runs. */
  readonly isNear?: true;
  /** Files that could be one, below a folder. */
  candidates(folder: string): Promise<string[]>;
  parse(text: string): Excerpt | undefined;
}

const maxBytes = 256 * 1024;
const parents = 4;

const unreal = (project: string): Kind => ({
  kind: 'unreal',
  candidates: async (folder) => {
    const crashes = path.join(folder, project, 'Saved', 'Crashes');
    return (await names(crashes)).map((name) => path.join(crashes, name, 'CrashContext.runtime-xml'));
  },
  parse: parseUnrealContext,
});

const minecraft: Kind = {
  kind: 'minecraft',
  candidates: async (folder) => {
    const reports = path.join(folder, 'crash-reports');
    return (await names(reports)).filter((name) => name.endsWith('.txt')).map((name) => path.join(reports, name));
  },
  parse: parseMinecraftReport,
};

const jvm: Kind = {
  kind: 'jvm',
  isNear: true,
  candidates: async (folder) =>
    (await names(folder)).filter((name) => /^hs_err_pid\d+\.log$/.test(name)).map((name) => path.join(folder, name)),
  parse: parseJvmError,
};

function kindOf(reports: CrashReports): Kind {
  switch (reports.kind) {
    case 'unreal':
      return unreal(reports.project);
    case 'minecraft':
      return minecraft;
    case 'jvm':
      return jvm;
  }
}

/** The newest report of this start; undefined where there is none, or none that says anything yet. Never rejects. */
export async function findReport(place: CrashPlace): Promise<GameReport | undefined> {
  for (const kind of place.reports.map(kindOf)) {
    for (const folder of kind.isNear === true ? place.folders : withParents(place.folders)) {
      const file = await newest(await kind.candidates(folder), place.since);
      if (file === undefined) continue;
      const excerpt = kind.parse(await head(file));
      if (excerpt !== undefined) return { kind: kind.kind, file, ...excerpt };
    }
  }
  return undefined;
}

/** A server is started from somewhere below its game's folder: each folder, then those above. */
export function withParents(folders: readonly string[]): string[] {
  const all = new Set(folders);
  for (const folder of folders) {
    let above = folder;
    for (let n = 0; n < parents; n++) {
      above = path.dirname(above);
      all.add(above);
    }
  }
  return [...all];
}

async function newest(files: readonly string[], since: number): Promise<string | undefined> {
  let found: { file: string; at: number } | undefined;
  for (const file of files) {
    const stat = await fs.promises.stat(file).catch(() => undefined);
    if (stat?.isFile() !== true || stat.mtimeMs < since) continue;
    if (found === undefined || stat.mtimeMs > found.at) found = { file, at: stat.mtimeMs };
  }
  return found?.file;
}

async function names(folder: string): Promise<string[]> {
  return await fs.promises.readdir(folder).catch(() => []);
}

/** The beginning of a file as text; empty where it cannot be read. Unreal writes UTF-16 where ASCII is not enough. */
async function head(file: string): Promise<string> {
  let handle: fs.promises.FileHandle | undefined;
  try {
    handle = await fs.promises.open(file, 'r');
    const buffer = Buffer.alloc(maxBytes);
    const { bytesRead } = await handle.read(buffer, 0, maxBytes, 0);
    const isWide = buffer[0] === 0xff && buffer[1] === 0xfe;
    return buffer.toString(isWide ? 'utf16le' : 'utf8', 0, bytesRead).replace(/^\uFEFF/, '');
  } catch {
    return '';
  } finally {
    await handle?.close().catch(() => undefined);
  }
}
