import { isAscii, isUtf8 } from 'node:buffer';
import { decoded } from '../../node/encoding/decode.js';

/** How the lines of one console become text. Where nobody has said in which encoding they are, each line tells. */
export class ConsoleEncoding {
  /** As somebody has said. */
  private said: string | null = null;
  /** The last line that was no ASCII was in this one of the system's. */
  private told: string | undefined;
  private others: readonly string[] | undefined;

  /** system: see systemEncodings; asked only when a line is no UTF-8. */
  constructor(private readonly system: () => readonly string[]) {}

  /** encoding: a label; null: to be found out. */
  use(encoding: string | null): void {
    if (encoding === this.said) return;
    this.said = encoding;
    this.told = undefined;
  }

  /** As somebody has said; undefined where nobody has. */
  get asSaid(): string | undefined {
    return this.said ?? undefined;
  }

  /** In which encoding the server is to be answered; undefined: UTF-8. */
  get forAnswers(): string | undefined {
    const label = this.said ?? this.told;
    return label === 'utf-8' ? undefined : label;
  }

  /** For lines of an earlier time: what they tell is not noted here. */
  copy(): ConsoleEncoding {
    const copy = new ConsoleEncoding(this.system);
    copy.use(this.said);
    return copy;
  }

  /** Whether all of these lines are to be read as UTF-8, which needs no look at each. */
  isAllUtf8(lines: Buffer): boolean {
    if (this.said !== null) return this.said === 'utf-8';
    if (isUtf8(lines)) this.noteUtf8(lines);
    // Where there is nothing else that they could be, their faults are shown as what they are.
    else return this.ofSystem.length === 0;
    return true;
  }

  /** One whole line. */
  decode(line: Buffer): string {
    if (this.said !== null) return decoded(line, this.said);
    if (isUtf8(line)) {
      this.noteUtf8(line);
      return line.toString('utf8');
    }
    return this.byBestEncoding(line);
  }

  private get ofSystem(): readonly string[] {
    return (this.others ??= this.system());
  }

  private noteUtf8(bytes: Buffer): void {
    if (this.told !== undefined && !isAscii(bytes)) this.told = undefined;
  }

  /** The one in which the fewest bytes make no sense; the earlier one where they are equal. */
  private byBestEncoding(line: Buffer): string {
    let best = { label: undefined as string | undefined, text: line.toString('utf8'), faults: Infinity };
    for (const label of this.ofSystem) {
      const text = decoded(line, label);
      const faults = faultsIn(text);
      if (faults < best.faults) best = { label, text, faults };
      if (faults === 0) break;
    }
    // A game may cut its own UTF-8 in the middle of a character.
    const utf8 = line.toString('utf8');
    if (best.label === undefined || faultsIn(utf8) < best.faults) return utf8;
    this.told = best.label;
    return best.text;
  }
}

function faultsIn(text: string): number {
  let faults = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) faults++;
  return faults;
}
