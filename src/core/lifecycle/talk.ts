import { Failure } from '../../shared/failure.js';
import { sayingLine } from '../../shared/games.js';
import type { Server } from './server.js';

/** Asks for a save and waits for the game's word on it. Rejects unsupported, and what `writeLine` rejects. */
export async function save(server: Server, timeoutMs: number): Promise<{ confirmed: boolean; tookMs: number }> {
  const { saveLine } = server.settings.game;
  if (saveLine === undefined) throw new Failure('unsupported', { id: server.id, what: 'save' });
  const begun = Date.now();
  const calledOff = new AbortController();
  const { lines } = server;
  const saved = lines.has('saveEnd') ? lines.next('saveEnd', timeoutMs, calledOff.signal) : Promise.resolve(undefined);
  try {
    await server.writeLine(saveLine);
    const line = await Promise.race([saved, server.ending.then(() => undefined)]);
    return { confirmed: line !== undefined, tookMs: Date.now() - begun };
  } finally {
    calledOff.abort();
  }
}

/** Tells the players something. Rejects unsupported, and what `writeLine` rejects. */
export async function announce(server: Server, text: string): Promise<void> {
  const { sayLine } = server.settings.game;
  if (sayLine === undefined) throw new Failure('unsupported', { id: server.id, what: 'announce' });
  await server.writeLine(sayingLine(sayLine, text));
}
