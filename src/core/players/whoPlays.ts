import type { Happening, ToldPlayer } from '../ports.js';
import { ToldPlayers } from './toldPlayers.js';

/** A line that names who has joined may be read a little later than the list that has them. */
const listsAhead = 2;

/**
 * Who plays on one server, where its game tells lists of them: what happens between two lists, unless its lines tell that
 * already. Some builds of a game print who joins, and others do not.
 */
export class WhoPlays {
  private readonly players = new ToldPlayers();
  private linesTell = false;
  /** Lists with somebody in it, while it is not known whether its lines tell. */
  private lists = 0;

  /** A start of it begins. at: when, with nobody on it; null where it was found running. */
  begun(at: number | null): void {
    this.linesTell = false;
    this.lists = 0;
    if (at === null) this.players.clear();
    else this.players.begun(at);
  }

  /** Its lines have named somebody. */
  named(): void {
    this.linesTell = true;
  }

  /** Somebody plays of whom its lines have said nothing: what follows from them is worth nothing. */
  get linesAreMute(): boolean {
    return !this.linesTell && this.lists >= listsAhead;
  }

  /** All who play at that time. mayBeNamed: its lines could tell who joins and leaves. Empty where they do. */
  told(list: readonly ToldPlayer[], at: number, mayBeNamed: boolean): Happening[] {
    if (list.length > 0) this.lists++;
    const isOpen = mayBeNamed && !this.linesTell && list.length > 0 && this.lists < listsAhead;
    if (isOpen) return [];
    const happenings = this.players.told(list, at);
    return mayBeNamed && this.linesTell ? [] : happenings;
  }

  /** As of the last list. since: Unix milliseconds, null where the joining was not seen. */
  online(): { name: string; id: string | null; since: number | null }[] {
    return this.players.online();
  }

  /** All leave with it; empty where its lines tell who does. */
  end(at: number): Happening[] {
    const leaving = this.players.end(at);
    return this.linesTell ? [] : leaving;
  }
}
