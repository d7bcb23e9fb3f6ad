import type { Effective } from '../../shared/definition.js';
import type { PlayerCountPort } from '../ports.js';
import { demoPlayers } from './demo/status.js';

/** Asks the game itself how many play, where it can be asked. */
export const playerCounts: PlayerCountPort = {
  ask: async ({ definition }: Effective) => {
    const { host = '127.0.0.1', queryPort } = definition.connection ?? {};
    if (definition.game !== 'demo' || queryPort === undefined) return null;
    return await demoPlayers(host, queryPort);
  },
};
