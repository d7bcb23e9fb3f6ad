import type { Effective } from '../../shared/definition.js';
import { Failure } from '../../shared/failure.js';
import type { PasswordKey } from '../../shared/secrets.js';
import type { GameConsole } from '../ports.js';
import { EconClient } from './econ.js';

/**
 * The console that a game has beside its stdin, where its row names one and the definition says where it is. `secret`
 * answers this server's password of that key. A password that is missing is told by each command, not here: it may be
 * given while the server runs.
 */
export function gameConsoleFor(
  effective: Effective,
  secret: (key: PasswordKey) => string | undefined,
): GameConsole | undefined {
  const { definition, game } = effective;
  const { host = '127.0.0.1', econPort } = definition.connection ?? {};
  if (game.channel !== 'econ' || econPort === undefined) return undefined;
  return {
    via: 'econ',
    async send(line) {
      const key = 'econPassword';
      const password = secret(key);
      if (password === undefined) throw new Failure('secret-missing', { id: definition.id, key });
      return await new EconClient({ host, port: econPort, password }).command(line);
    },
  };
}
