import type { Definition } from '../../shared/contract.js';
import { passwordKeys, portOfPassword } from '../../shared/secrets.js';
import type { OwnSettings } from '../ports.js';
import { readArk } from './ark/gameUserSettings.js';
import { readMinecraft } from './minecraft/serverProperties.js';
import { readPalworld } from './palworld/settingsFile.js';
import { placeOf, type ReadOwnSettings } from './places.js';
import { SettingsFiles } from './settingsFiles.js';
import { readTeeworlds } from './teeworlds/config.js';

/** Games whose own settings are read, by their ids in the catalogue. */
const readers: Readonly<Record<string, ReadOwnSettings>> = {
  palworld: readPalworld,
  minecraft: readMinecraft,
  'ark-se': readArk,
  'ark-sa': readArk,
  teeworlds: readTeeworlds,
};

/** What games say in their own files: passwords and ports that nobody has to type again. */
export class OwnSettingsReader {
  /** Files that were read before. */
  readonly files = new SettingsFiles();

  constructor(private readonly dataDir: string) {}

  /** Where it can be spoken to by what its settings say; a console without its password is of no use. Never throws. */
  usablePorts(definition: Definition): NonNullable<Definition['connection']> {
    const own = this.readOwnSettings(definition);
    if (own === undefined) return {};
    const { passwords, ports, host } = own;
    const usable = Object.entries(ports).filter(([port]) => {
      const key = passwordKeys.find((one) => portOfPassword[one] === port);
      return key === undefined || passwords[key] !== undefined;
    });
    return { ...(host === undefined ? {} : { host }), ...Object.fromEntries(usable) };
  }

  /** Undefined where the game has no settings that can be read. Costs a look at the files' times. Never throws. */
  readOwnSettings(definition: Definition): OwnSettings | undefined {
    const reader = Object.hasOwn(readers, definition.game) ? readers[definition.game] : undefined;
    if (reader === undefined) return undefined;
    const place = placeOf(definition, this.dataDir);
    return place === undefined ? undefined : reader(place, this.files);
  }
}
