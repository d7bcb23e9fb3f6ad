import type { Dialect } from './dialects.js';
import { maxLength, NoFrame, type Frame } from './frames.js';

/** more: not whole yet. ask: not whole yet, and the mark is to be sent now. whole: that was all. */
export type AnswerState = 'more' | 'ask' | 'whole';

/** Gathers the answer to one command from the packets that come, and knows when it is whole. Pure: no clock, no socket. */
export class Answer {
  hasBegun = false;
  private readonly bodies: Buffer[] = [];
  private bytes = 0;
  private isAsked: boolean;

  /** mark: the identifier of the packet whose own answer shows that this one is whole. */
  constructor(
    private readonly dialect: Dialect,
    private readonly id: number,
    private readonly mark: number,
  ) {
    this.isAsked = dialect.end.by === 'echo';
  }

  /** Throws NoFrame where it gets longer than any game's. Packets of others are passed over. */
  take(frame: Frame): AnswerState {
    if (this.isAsked && frame.id === this.mark) return 'whole';
    if (!this.isMine(frame)) return 'more';
    this.hasBegun = true;
    this.bytes += frame.body.length;
    if (this.bytes > maxLength) throw new NoFrame();
    this.bodies.push(frame.body);
    const { end } = this.dialect;
    if (end.by === 'first-packet') return 'whole';
    if (end.by !== 'short-packet' || this.isAsked) return 'more';
    if (frame.body.toString().length < end.units) return 'whole';
    this.isAsked = true;
    return 'ask';
  }

  isMine(frame: Frame): boolean {
    return frame.id === this.id || (this.dialect.answersAsZero === true && frame.id === 0);
  }

  /** Milliseconds of silence after which an answer that has begun is whole; undefined where it never is by that. */
  get silenceMs(): number | undefined {
    const { end } = this.dialect;
    return this.hasBegun && end.by !== 'first-packet' ? end.silenceMs : undefined;
  }

  /** A mark was sent and has not been answered: the line is not to be used for another command. */
  get isMarkOut(): boolean {
    return this.isAsked;
  }

  /** Decoded as a whole, so that a character may lie across packets. What is no UTF-8 becomes replacement characters. */
  get text(): string {
    return Buffer.concat(this.bodies).toString();
  }
}
