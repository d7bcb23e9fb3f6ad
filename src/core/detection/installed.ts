import path from 'node:path';
import type { Definition } from '../../shared/contract.js';
import { gameRow } from '../../shared/games.js';
import { Look, type Listing } from './look.js';
import { layouts, minecraftJar, ownScripts, type Layout } from './layouts.js';
import { steamServers } from './steam.js';
import { usualPlaces, type UsualPlaces } from './usualPlaces.js';

/** A server that lies on the disk, and how it is started. */
export interface Installed {
  readonly game: string;
  /** Where it is, in every way to write it that is known. */
  readonly folders: readonly string[];
  readonly launch: Definition['launch'];
}

const deadlineMs = 10_000;

/** The servers on the disk. Two who ask at the same time share one look. */
export class InstalledServers {
  private found: Installed[] = [];
  private looking: Promise<void> | undefined;

  constructor(
    private readonly placesOf: (look: Look) => Promise<UsualPlaces> = usualPlaces,
    private readonly ms: number = deadlineMs,
  ) {}

  /** After ten seconds what was found until then. Never rejects. */
  async find(): Promise<readonly Installed[]> {
    // A look that hangs, in a folder of a PC that is gone, is not begun a second time beside itself.
    this.looking ??= this.look().finally(() => {
      this.looking = undefined;
    });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.ms);
    });
    await Promise.race([this.looking, late]);
    clearTimeout(timer);
    return [...this.found];
  }

  private async look(): Promise<void> {
    this.found = [];
    const look = new Look(AbortSignal.timeout(this.ms));
    const { found } = this;
    await findInstalled(look, await this.placesOf(look), (one) => found.push(one));
  }
}

/** Tells each as it is found, Steam's first. Never rejects. */
async function findInstalled(look: Look, places: UsualPlaces, add: (one: Installed) => void): Promise<void> {
  const finder = new Finder(look, places, add);
  for (const { game, folder } of await steamServers(look, places)) {
    const listing = await look.list(folder);
    if (listing !== undefined) await finder.addGame(listing, layoutOf(game));
  }
  for (const folder of places.folders) {
    const listing = await look.list(folder);
    if (listing === undefined) continue;
    await finder.addAny(listing);
    for (const name of listing.folders) {
      if (look.isOver) return;
      if (isPassedOver(name)) continue;
      const below = await look.list(path.join(folder, name));
      if (below !== undefined) await finder.addAny(below);
    }
  }
}

/** Hidden ones, and what no server is in. */
function isPassedOver(name: string): boolean {
  return name.startsWith('.') || name.startsWith('$') || name === 'node_modules';
}

/** A game that has no layout of its own lies in its folder with what its row names. */
function layoutOf(game: string): Layout {
  const { executables = [], launchers = [] } = gameRow(game) ?? {};
  return layouts.find((layout) => layout.game === game) ?? { game, shows: [...launchers, ...executables] };
}

class Finder {
  constructor(
    private readonly look: Look,
    private readonly places: UsualPlaces,
    private readonly add: (one: Installed) => void,
  ) {}

  async addAny(listing: Listing): Promise<void> {
    for (const layout of layouts) if (await this.addGame(listing, layout)) return;
    const launch = this.minecraftIn(listing);
    if (launch !== undefined) this.add({ game: 'minecraft', folders: spellings(listing), launch });
  }

  /** Whether it was there. */
  async addGame(listing: Listing, layout: Layout): Promise<boolean> {
    const { beside } = layout;
    const program = await this.programIn(listing, layout);
    if (program === undefined) return false;
    if (beside !== undefined && ![...listing.files, ...listing.folders].some((name) => beside.includes(name))) {
      return false;
    }
    const launch = this.byScript(listing, layout) ?? this.byProgram(program, layout);
    if (launch !== undefined) this.add({ game: layout.game, folders: spellings(listing), launch });
    return launch !== undefined;
  }

  private async programIn({ folder, files, folders }: Listing, layout: Layout): Promise<string | undefined> {
    const { isWindows } = this.places;
    // What runs here without help comes first.
    const shows = layout.shows.filter((one) => isWindows || !isForWindows(one));
    const foreign = isWindows ? [] : layout.shows.filter((one) => /\.exe$/i.test(one));
    for (const one of [...shows, ...foreign]) {
      const [first = '', ...below] = one.split('/');
      const name = (below.length === 0 ? files : folders).find((all) => all.toLowerCase() === first.toLowerCase());
      if (name === undefined || (isWindows && !isForWindows(one))) continue;
      const file = path.join(folder, name, ...below);
      if (below.length === 0 || (await this.look.isFile(file))) return file;
    }
    return undefined;
  }

  private byScript({ folder, files }: Listing, layout: Layout): Definition['launch'] | undefined {
    const names = [...(gameRow(layout.game)?.launchers ?? []), ...(layout.isScripted === true ? ownScripts : [])];
    const script = this.firstOf(names, files);
    if (script === undefined) return undefined;
    const args = layout.launcherArgs?.[script.toLowerCase()];
    return { command: path.join(folder, script), ...(args === undefined ? {} : { args: [...args] }), cwd: folder };
  }

  /** By itself, or by Wine where it is for Windows and this is not; undefined where there is no Wine. */
  private byProgram(program: string, { args = [], env }: Layout): Definition['launch'] | undefined {
    const cwd = path.dirname(program);
    const all = args.length === 0 ? {} : { args: [...args] };
    if (this.places.isWindows) return { command: program, ...all, cwd };
    if (!isForWindows(program)) {
      return { command: program, ...all, cwd, ...(env === undefined ? {} : { env: { ...env } }) };
    }
    return this.places.wine === null ? undefined : { command: this.places.wine, args: [program, ...args], cwd };
  }

  /** Started once, so that it has its settings. */
  private minecraftIn({ folder, files }: Listing): Definition['launch'] | undefined {
    if (!files.includes('server.properties')) return undefined;
    const script = this.firstOf([...(gameRow('minecraft')?.launchers ?? []), ...ownScripts], files);
    if (script !== undefined) return { command: path.join(folder, script), cwd: folder };
    const rank = (jar: string): number => (/-launch\.jar$/i.test(jar) ? 0 : /^server\.jar$/i.test(jar) ? 1 : 2);
    const [jar] = files
      .filter((name) => minecraftJar.test(name) && !/installer/i.test(name))
      // Of several versions the newest.
      .sort((a, b) => rank(a) - rank(b) || b.localeCompare(a, 'en', { numeric: true }));
    return jar === undefined ? undefined : { command: 'java', args: ['-jar', jar, 'nogui'], cwd: folder };
  }

  private firstOf(names: readonly string[], files: readonly string[]): string | undefined {
    const fitting = names.filter((name) => isForWindows(name) === this.places.isWindows && !name.endsWith('.jar'));
    return fitting.flatMap((name) => files.find((file) => file.toLowerCase() === name) ?? [])[0];
  }
}

function spellings({ folder, real }: Listing): string[] {
  return [...new Set([folder, real])];
}

function isForWindows(file: string): boolean {
  return /\.(?:exe|bat|cmd)$/i.test(file);
}
