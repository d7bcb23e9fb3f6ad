import type { Happening, ToldPlayer } from '../ports.js';

interface Present {
  id: string | null;
  /** As it is told now. */
  name: string;
  /** As it was told first: who has joined by a name leaves by it. */
  readonly joinedAs: string;
  /** Null where the joining was not seen. */
  readonly since: number | null;
}

/** Without a list for so long, who is new may have been on for long, and who is gone has left when nobody looked. */
const gapMs = 5 * 60_000;

/**
 * Who plays on one server, by lists that its game tells now and then; what is different from one to the next has happened. A
 * list that could not be had is none, and changes nothing. Players are told apart by id where the game tells it, else by name.
 */
export class ToldPlayers {
  private present: Present[] = [];
  /** Null: nothing is known of who was on before the next list. */
  private listedAt: number | null = null;

  /** It has just started, with nobody on it: whoever is in the first list has joined. */
  begun(at: number): void {
    this.present = [];
    this.listedAt = at;
  }

  /** Nothing is known any more: the next list tells who is on, and nothing of what has happened. */
  clear(): void {
    this.present = [];
    this.listedAt = null;
  }

  /** All who play at that time. Leaving is told before joining. */
  told(list: readonly ToldPlayer[], at: number): Happening[] {
    const before = this.listedAt;
    // Longer ago, or a clock that was set: what lies between was not seen.
    const isSeen = before !== null && at >= before && at - before <= gapMs;
    const { stayed, gone, fresh } = matched(this.present, list);
    // Who has left while nobody looked was there at the last look.
    const left = gone.map((one) => leaving(one, isSeen || before === null ? at : Math.min(before, at)));
    const joined = fresh.map(({ id, name }) => ({ id, name, joinedAs: name, since: isSeen ? at : null }));
    this.present = [...stayed, ...joined];
    this.listedAt = at;
    return [...left, ...(isSeen ? joined.map(({ name }): Happening => ({ is: 'joined', at, name })) : [])];
  }

  /** since: Unix milliseconds, null where the joining was not seen. */
  online(): { name: string; id: string | null; since: number | null }[] {
    return this.present.map(({ name, id, since }) => ({ name, id, since }));
  }

  /** The server has ended, and all leave with it. */
  end(at: number): Happening[] {
    const left = this.present.map((one) => leaving(one, at));
    this.clear();
    return left;
  }
}

function leaving({ joinedAs, since }: Present, at: number): Happening {
  return { is: 'left', at, name: joinedAs, playedMs: since === null ? null : Math.max(0, at - since) };
}

/** Each of the list is one of those present, or new; by id first, then by name where one of the two has no id. */
function matched(
  present: readonly Present[],
  list: readonly ToldPlayer[],
): { stayed: Present[]; gone: Present[]; fresh: ToldPlayer[] } {
  const known = new Set(present);
  const stayed: Present[] = [];
  const stays = (one: Present, told: ToldPlayer): void => {
    known.delete(one);
    stayed.push({ ...one, id: told.id ?? one.id, name: told.name === '' ? one.name : told.name });
  };
  const ids = new Set<string>();
  const rest: ToldPlayer[] = [];
  const byId = new Map(present.flatMap((one) => (one.id === null ? [] : [[one.id, one] as const])));
  for (const told of list) {
    if (told.id !== null && ids.has(told.id)) continue;
    if (told.id !== null) ids.add(told.id);
    const one = told.id === null ? undefined : byId.get(told.id);
    if (one === undefined) rest.push(told);
    else stays(one, told);
  }
  const byName = new Map<string, Present[]>();
  for (const one of known) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  const fresh: ToldPlayer[] = [];
  for (const told of rest) {
    // Still connecting: some games tell of those before they have a name.
    if (told.name === '') continue;
    const same = byName.get(told.name) ?? [];
    const place = same.findIndex(({ id }) => id === null || told.id === null);
    const [one] = place < 0 ? [] : same.splice(place, 1);
    if (one === undefined) fresh.push(told);
    else stays(one, told);
  }
  return { stayed, gone: [...known], fresh };
}
