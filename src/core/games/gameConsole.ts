import { consoleOnPort, type Effective } from '../../shared/definition.js';
import { Failure } from '../../shared/failure.js';
import type { PasswordKey } from '../../shared/secrets.js';
import type { GameConsole } from '../ports.js';
import { EconClient } from './econ.js';
import type { RconClients } from './rcon/clients.js';

/** A save may take as long as it is waited for in a stop. */
const saveMs = 60_000;

/**
 * The console that a game has on a port, where its row names one and the definition says where it is. `secret` answers this
 * server's password of that key. A password that is missing is told by each command, not here: it may be given while the
 * server runs.
 */
export function gameConsoleFor(
  effective: Effective,
  secret: (key: PasswordKey) => string | undefined,
  rcon: RconClients,
): GameConsole | undefined {
  const { game, stop, connection } = effective;
  const { id } = effective.definition;
  const { host = '127.0.0.1' } = connection;
  const console = consoleOnPort(effective);
  if (console === undefined) return undefined;
  const { via, port } = console;
  const password = (): string => {
    const key = `${via}Password` as const;
    const known = secret(key);
    if (known === undefined) throw new Failure('secret-missing', { id, key });
    return known;
  };
  if (via === 'econ') {
    return { via, send: async (line) => await new EconClient({ host, port, password: password() }).command(line) };
  }
  return {
    via,
    async send(line) {
      const client = rcon.of(id, { host, port, dialect: game.rcon ?? 'source' }, password);
      const endsGame = line === stop.line;
      return await client.command(line, line === game.saveLine ? { ms: saveMs, endsGame } : { endsGame });
    },
  };
}
