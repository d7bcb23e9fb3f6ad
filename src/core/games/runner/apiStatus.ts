import type { Failure } from '../../../shared/failure.js';
import type { ApiState, GameFacts, Via } from '../../ports.js';

/** What polling all ways that are set up has come to. via: the way that it is about. */
export interface Verdict {
  readonly is: ApiState;
  readonly via: Via | null;
}

/** answered: the best way that did; failures: of all ways that are set up, best first. */
export function judge(answered: Via | undefined, failures: readonly (readonly [Via, Failure])[]): Verdict {
  if (answered !== undefined) return { is: 'ok', via: answered };
  const [first] = failures;
  if (first === undefined) return { is: 'none', via: null };
  const refusing = failures.find(([, { code }]) => code === 'auth-rejected');
  if (refusing !== undefined) return { is: 'refused', via: refusing[0] };
  const silent = failures.find(([, { code }]) => code !== 'secret-missing');
  return silent === undefined ? { is: 'locked', via: first[0] } : { is: 'silent', via: silent[0] };
}

/** The state of a game's ways, and since when. */
export class ApiStatus {
  private current: GameFacts['api'];

  constructor(now: number, verdict: Verdict) {
    this.current = { ...verdict, since: now };
  }

  get now(): GameFacts['api'] {
    return this.current;
  }

  /** True where the state is another one; another way alone changes no `since`. */
  becomes({ is, via }: Verdict, now: number): boolean {
    const isOther = this.current.is !== is;
    this.current = { is, via, since: isOther ? now : this.current.since };
    return isOther;
  }
}
