import type { Effective } from '../../shared/definition.js';
import { Failure } from '../../shared/failure.js';
import type { ConsolePort, GameConsole, Launch } from '../ports.js';

/** What takes lines to a game. */
export interface LineTools {
  readonly launch: Launch;
  readonly consoles: ConsolePort;
  /** The console of a game that has one beside its stdin, where it is set up. */
  gameConsole(this: void, effective: Effective): GameConsole | undefined;
}

/** Whose console it is. */
interface Addressee {
  readonly settings: Effective;
  readonly consoleFile: string;
}

/** The way that a line took, and what the game said to it where that can be told. */
export interface SentLine {
  readonly via: GameConsole['via'] | 'stdin';
  readonly reply: string | null;
}

/**
 * One line to a running game's console, whichever it has. isOurs: we have started it, and have its stdin. Rejects
 * no-channel, busy, and what a console rejects.
 */
export async function sendLine(
  { settings: effective, consoleFile }: Addressee,
  line: string,
  isOurs: boolean,
  tools: LineTools,
): Promise<SentLine> {
  const { definition, game } = effective;
  const console = tools.gameConsole(effective);
  if (console === undefined || (isOurs && game.readsStdin === true)) {
    // Such a game never reads its stdin: what is written there is only lost.
    if (game.channel !== undefined) throw new Failure('no-channel', { id: definition.id });
    try {
      await tools.launch.write(definition.id, line, tools.consoles.encodingOf(consoleFile));
      return { via: 'stdin', reply: null };
    } catch (error) {
      if (console === undefined || !Failure.is(error, 'no-channel')) throw error;
    }
  }
  return { via: console.via, reply: await console.send(line) };
}
