import type { GameFacts, Told, Via } from '../../ports.js';
import type { Reading } from '../adapter.js';

/** What people see of a reading. */
const fields = ['players', 'maxPlayers', 'names', 'tickRate', 'frameTime'] as const;
type Field = (typeof fields)[number];

/** What one reading has told. at: Unix milliseconds; tookMs: how long it took. */
export interface Answer {
  readonly reading: Reading;
  readonly via: Via;
  readonly at: number;
  readonly tookMs: number;
}

export const fieldsOf = (reading: Reading): Field[] => fields.filter((field) => reading[field] !== undefined);

/** What each of a game's readings has told last, best reading first. */
export class Answers {
  private readonly last = new Map<number, Answer & { readonly round: number }>();
  private round = 0;

  /** Answers from now on are newer than those of before, and as new as one another. */
  beginRound(): void {
    this.round += 1;
  }

  /** place: of the reading in the adapter's list. */
  note(place: number, answer: Answer): void {
    this.last.set(place, { ...answer, round: this.round });
  }

  /** Whether it is worth asking that reading for what others have not told; it is where it was never heard. */
  mayAdd(place: number, told: ReadonlySet<Field>): boolean {
    const answer = this.last.get(place);
    return answer === undefined || fieldsOf(answer.reading).some((field) => !told.has(field));
  }

  /** What that reading told last, at most so many milliseconds ago. */
  latest(place: number, now: number, maxAgeMs: number): Reading | undefined {
    const answer = this.last.get(place);
    return answer !== undefined && now - answer.at <= maxAgeMs && answer.at <= now ? answer.reading : undefined;
  }

  clear(): void {
    this.last.clear();
  }

  /** Each value from the newest round that has told it, and within that from the best reading. maxAgeMs: what is older is forgotten. */
  facts(now: number, maxAgeMs: number): Omit<GameFacts, 'api'> {
    // Of a later time than now: the clock was set back.
    const fresh = [...this.last]
      .filter(([, { at }]) => now - at <= maxAgeMs && at <= now)
      .sort(([place, a], [otherPlace, b]) => b.round - a.round || place - otherPlace)
      .map(([, answer]) => answer);
    const told = <F extends Field>(field: F): Told<NonNullable<Reading[F]>> | null => {
      const answer = fresh.find(({ reading }) => reading[field] !== undefined);
      const value = answer?.reading[field];
      return answer === undefined || value == null ? null : { value, source: answer.via, at: answer.at };
    };
    return {
      players: told('players'),
      maxPlayers: told('maxPlayers'),
      names: told('names'),
      tickRate: told('tickRate')?.value ?? null,
      frameTime: told('frameTime')?.value ?? null,
      apiTime: fresh[0]?.tookMs ?? null,
    };
  }
}
