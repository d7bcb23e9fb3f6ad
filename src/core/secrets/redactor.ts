/** Shorter ones stand in every other line by chance; hiding them would hide the lines. */
const shortest = 4;
const most = 2000;

/** Takes known secrets out of texts. What was once known stays hidden: an old password may still be in use somewhere. */
export class Redactor {
  private readonly known = new Set<string>();
  private pattern: RegExp | undefined;

  add(secret: string): void {
    if (secret.length < shortest || this.known.has(secret)) return;
    this.known.add(secret);
    for (const oldest of this.known) {
      if (this.known.size <= most) break;
      this.known.delete(oldest);
    }
    this.pattern = undefined;
  }

  readonly redact = (text: string): string => {
    if (this.known.size === 0) return text;
    this.pattern ??= patternOf(this.known);
    return text.replace(this.pattern, '***');
  };
}

function patternOf(secrets: Iterable<string>): RegExp {
  // As they are, and as they stand within JSON and in addresses.
  const forms = new Set(
    [...secrets].flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), inAddress(secret)]),
  );
  // The longest first: of two secrets one may begin like the other.
  const sorted = [...forms].sort((a, b) => b.length - a.length);
  return new RegExp(sorted.map((form) => form.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')).join('|'), 'g');
}

function inAddress(secret: string): string {
  try {
    return encodeURIComponent(secret);
  } catch {
    // Half of a surrogate pair cannot stand in an address.
    return secret;
  }
}
