import type { Definition } from '../shared/contract.js';
import type { Effective } from '../shared/definition.js';
import type { PasswordKey } from '../shared/secrets.js';
import { adapters } from './games/adapters.js';
import { gameConsoleFor } from './games/gameConsole.js';
import { AdminClients } from './games/openttd/adminClient.js';
import { RconClients } from './games/rcon/clients.js';
import { RestClients } from './games/rest/restClient.js';
import { GameLinks, type GameLinksOptions } from './games/runner/gameLinks.js';
import type { GameConsole } from './ports.js';

type Told = Pick<GameLinksOptions, 'isBusy' | 'intervals' | 'changed' | 'named' | 'log'>;

/** All that talks to games, on connections of its own. */
export class GameTools {
  readonly links: GameLinks;
  private readonly rcon = new RconClients();
  private readonly rest = new RestClients();
  private readonly admin = new AdminClients();

  constructor(
    private readonly secret: (definition: Definition, key: PasswordKey) => string | undefined,
    told: Told,
  ) {
    const { rcon, rest, admin } = this;
    this.links = new GameLinks({ adapters, secret, rcon, rest, admin, ...told });
  }

  /** The console that a game has on a port, where it is set up. */
  console(effective: Effective): GameConsole | undefined {
    return gameConsoleFor(effective, (key) => this.secret(effective.definition, key), this.rcon);
  }

  async dispose(): Promise<void> {
    this.links.dispose();
    this.rcon.dispose();
    this.admin.dispose();
    await this.rest.dispose();
  }
}
