import type { Effective } from '../../shared/definition.js';
import type { PlayerCountPort } from '../ports.js';
import { demo } from './demo/adapter.js';

const ms = 2000;

/** Asks the game itself how many play, where it can be asked. */
export const playerCounts: PlayerCountPort = {
  ask: async ({ definition }: Effective) => {
    const { host = '127.0.0.1', queryPort } = definition.connection ?? {};
    const [ask] = demo.readings;
    if (definition.game !== demo.id || queryPort === undefined || ask?.via !== 'query') return null;
    const talk = { host, port: queryPort, ms, signal: AbortSignal.timeout(ms) };
    return await ask.run(talk).then(
      ({ players = null }) => players,
      () => null,
    );
  },
};
