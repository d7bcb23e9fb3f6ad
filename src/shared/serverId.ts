/** Ids that would clash with metric sources, or that Windows refuses as file names. */
const reserved = new Set(['host', 'monitor', 'all', 'con', 'prn', 'aux', 'nul']);
const windowsDevice = /^(com|lpt)[0-9]$/;
const shape = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** True for an id that can name a server, its folder of logs and its pipe on every platform. */
export function isServerId(id: string): boolean {
  return shape.test(id) && !reserved.has(id) && !windowsDevice.test(id);
}

/** A free id made of a name: lower case, dashes, a number behind it when taken. Never empty. */
export function serverIdFor(name: string, taken: ReadonlySet<string>): string {
  const ascii = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 34)
    .replace(/-+$/, '');
  const base = isServerId(ascii) ? ascii : ascii === '' ? 'server' : `${ascii}-server`;
  let id = base;
  for (let n = 2; taken.has(id) || !isServerId(id); n++) id = `${base}-${n}`;
  return id;
}
