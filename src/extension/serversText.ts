export const fileTemplate = '{\n  "version": 1,\n  "servers": []\n}\n';

/**
 * Where the entry with this id says so. A search, not a parser: it is for putting the cursor there, also in a file that
 * cannot be parsed right now.
 */
export function entryOffset(text: string, id: string): number | undefined {
  const match = new RegExp(`"id"\\s*:\\s*"${id.replace(/[^a-z0-9-]/g, '')}"`).exec(text);
  return match?.index;
}
