import { setTimeout as pause } from 'node:timers/promises';
import { palworld } from '../../../../src/core/games/palworld/adapter.js';
import { RconClients } from '../../../../src/core/games/rcon/clients.js';
import { RestClients } from '../../../../src/core/games/rest/restClient.js';
import { GameLinks } from '../../../../src/core/games/runner/gameLinks.js';
import type { Definition } from '../../../../src/shared/contract.js';
import { effective } from '../../../../src/shared/definition.js';
import { Failure } from '../../../../src/shared/failure.js';
import { cpuSeconds, residentBytes } from '../../support/measure.js';
import { serve } from '../../support/serve.js';

const ids: string[] = [];
let links: GameLinks | undefined;

interface Ports {
  readonly rest: readonly number[];
  readonly rcon: readonly number[];
}

function makeLinks(intervalMs: number): GameLinks {
  return new GameLinks({
    adapters: { palworld },
    secret: () => 'swordfish',
    rcon: new RconClients(),
    rest: new RestClients(),
    admin: {
      of: () => {
        throw new Failure('unsupported');
      },
    },
    isBusy: () => false,
    intervals: () => ({ pollIntervalMs: intervalMs, busyPollIntervalMs: 2 * intervalMs }),
    changed: () => undefined,
    named: () => undefined,
    log: { write: (level, tag, text, data) => console.log(level, tag, text, data ?? '') },
  });
}

function up(at: GameLinks, id: string, connection: NonNullable<Definition['connection']>): void {
  ids.push(id);
  at.up(id, effective({ id, name: id, game: 'palworld', launch: { command: 'x' }, connection }));
}

/** The process that asks: nothing else happens in it. Commands are called by .scripts/lib/bench/games.mjs. */
serve({
  async begin({ rest, rcon, intervalMs, seconds }: Ports & { intervalMs: number; seconds: number }) {
    links = makeLinks(intervalMs);
    for (const restPort of rest) up(links, `rest-${restPort}`, { restPort });
    for (const rconPort of rcon) up(links, `rcon-${rconPort}`, { rconPort });
    await pause(seconds * 1000);
  },
  async measure({ seconds }: { seconds: number }) {
    const before = cpuSeconds();
    await pause(seconds * 1000);
    return { cpuSeconds: cpuSeconds() - before, resident: residentBytes() };
  },
  answering: () => ids.filter((id) => links?.facts(id).api.is === 'ok').length,
  cease: () => {
    for (const id of ids) links?.down(id);
  },
});
