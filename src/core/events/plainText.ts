const colourCodes = /\u001b\[[0-9;]*[A-Za-z]/g; // eslint-disable-line no-control-regex -- names are coloured with these
/** Control characters, and those that turn the direction of what follows them. */
const unprintable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** What players and people have written, safe to be kept and shown: no control characters, and only so many characters. */
export function plainText(text: string, most: number): string {
  const plain = text.replace(colourCodes, '').replace(unprintable, '').trim();
  return Array.from(plain).slice(0, most).join('');
}
