// Reads what Linux says of processes. Pure, so that a test can look at it.

/** The number behind `name:` at the start of a line; 0 where there is none. */
export function numberOf(text, name) {
  const found = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text);
  return found ? Number(found[1]) : 0;
}

/** The same in bytes, where the text has kilobytes. */
export const kilobytesOf = (text, name) => numberOf(text, name) * 1024;

/** Nanoseconds on a CPU, from a schedstat file. */
export const schedstatOf = (text) => Number(/^\d+/.exec(text)?.[0] ?? 0);

/** How often a thread was put aside or gave way, from its status file. */
export const switchesOf = (text) =>
  numberOf(text, 'voluntary_ctxt_switches') + numberOf(text, 'nonvoluntary_ctxt_switches');
