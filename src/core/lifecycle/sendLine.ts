import type { Effective } from '../../shared/definition.js';
import { Failure } from '../../shared/failure.js';
import type { GameConsole, Launch } from '../ports.js';

/** What takes lines to a game. */
export interface LineTools {
  readonly launch: Launch;
  /** The console of a game that has one beside its stdin, where it is set up. */
  gameConsole(this: void, effective: Effective): GameConsole | undefined;
}

/** The way that a line took, and what the game said to it where that can be told. */
export interface SentLine {
  readonly via: GameConsole['via'] | 'stdin';
  readonly reply: string | null;
}

/** One line to a running game's console, whichever it has. Rejects no-channel, busy, and what a console rejects. */
export async function sendLine(effective: Effective, line: string, tools: LineTools): Promise<SentLine> {
  const { id } = effective.definition;
  const console = tools.gameConsole(effective);
  if (console !== undefined) return { via: console.via, reply: await console.send(line) };
  // Such a game never reads its stdin: what is written there is only lost.
  if (effective.game.channel !== undefined) throw new Failure('no-channel', { id });
  await tools.launch.write(id, line);
  return { via: 'stdin', reply: null };
}
