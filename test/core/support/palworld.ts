import fs from 'node:fs';
import path from 'node:path';
import type { Definition } from '../../../src/shared/contract.js';
import type { Bench } from './bench.js';
import { freePort } from './games.js';

export interface FakePalworld {
  readonly definition: Definition;
  readonly port: number;
  readonly password: string;
  readonly folder: string;
  /** What it was told, in order. */
  told(): string[];
  saves(): number;
  /** Players come and go, or its interface stops answering. */
  order(change: { players?: string[]; mode?: 'well' | 'silent' | 'closed' }): Promise<void>;
}

export const adminPassword = 'hunter2-of-palworld';

/** A folder as Palworld's, with its settings and a program of ours in the game's place. */
export async function palworldIn(
  bench: Pick<Bench, 'file'>,
  id: string,
  change: Partial<Definition> = {},
): Promise<FakePalworld> {
  const port = await freePort();
  const folder = bench.file(id);
  const config = path.join(folder, 'Pal/Saved/Config/LinuxServer');
  fs.mkdirSync(config, { recursive: true });
  const options = `Difficulty=None,ServerName="Probe",AdminPassword="${adminPassword}",RESTAPIEnabled=True,RESTAPIPort=${port}`;
  const text = `[/Script/Pal.PalGameWorldSettings]\nOptionSettings=(${options})\n`;
  fs.writeFileSync(path.join(config, 'PalWorldSettings.ini'), text);
  const program = path.resolve(import.meta.dirname, 'palworldServer.mjs');
  const read = (name: string): string => {
    const file = path.join(folder, name);
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  };
  return {
    ...{ port, folder, password: adminPassword },
    definition: {
      ...{ id, name: `Palworld ${id}`, game: 'palworld', connection: { restPort: port } },
      // Its folder also names whose it is, so that it ends with its test.
      launch: { command: process.execPath, args: [program, folder], cwd: folder },
      ...change,
    },
    told: () => read('told.txt').split('\n').filter(Boolean),
    saves: () => (JSON.parse(read('world.json') || '{"saves":0}') as { saves: number }).saves,
    order: async (order) => {
      const answer = await fetch(`http://127.0.0.1:${port}/control`, { method: 'POST', body: JSON.stringify(order) });
      if (!answer.ok) throw new Error(`control answered ${answer.status}`);
    },
  };
}
