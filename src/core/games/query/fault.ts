import { Failure } from '../../../shared/failure.js';

/** What a game has said is not what it should have. field: what of it, as its documents call it. */
export const badReply = (field: string): Failure => new Failure('bad-reply', { field });
