/** Shorter parts of an address are words like `api`; hiding them would hide what is said. */
const shortest = 6;

/** Who may be named: the host, without the path, the query or a name and password. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return '?';
  }
}

/** Takes out of a text what a receiver may have repeated of its own address: the address is the key to the channel. */
export function withoutAddress(text: string, url: string): string {
  let clean = text;
  for (const secret of secretsOf(url)) clean = clean.replaceAll(secret, '***');
  return clean;
}

/** The longest first: the whole before its parts. */
function secretsOf(url: string): string[] {
  const secrets = new Set([url]);
  if (URL.canParse(url)) {
    const { href, pathname, search, username, password, searchParams, hash } = new URL(url);
    const parts = [...pathname.split('/'), ...searchParams.values(), username, password, hash.slice(1)];
    for (const part of [href, pathname + search, pathname, ...parts]) {
      secrets.add(part).add(decoded(part)).add(part.replaceAll('&', '&amp;'));
    }
  }
  return [...secrets].filter(({ length }) => length >= shortest).sort((a, b) => b.length - a.length);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
