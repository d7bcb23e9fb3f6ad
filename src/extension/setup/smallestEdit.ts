/** What differs between two texts: from and to in the older one, and what comes in between. Undefined where nothing does. */
export function smallestEdit(
  before: string,
  after: string,
): { readonly from: number; readonly to: number; readonly text: string } | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  // A border within a line end, or within one character, is none to an editor.
  while (start > 0 && /[\r\ud800-\udbff]/.test(before[start - 1] ?? '')) start--;
  while (end > 0 && /[\n\udc00-\udfff]/.test(before[before.length - end] ?? '')) end--;
  return { from: start, to: before.length - end, text: after.slice(start, after.length - end) };
}
