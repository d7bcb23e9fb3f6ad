import path from 'node:path';

/** The folder of the clone. */
export const clone = path.resolve(import.meta.dirname, '..', '..', '..');
export const screenshots = path.join(clone, 'out', 'test', 'screenshots');

/** What `npm test` found on this machine, by the name it has in the environment. */
export function given(name: `GSP_${string}`): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: run these with \`npm test -- e2e\`.`);
  return value;
}

/** Why tests of a part cannot run on this machine, or undefined; `npm test` prints and counts it. */
export function whySkipped(...parts: readonly ('VSCODE' | 'BROWSER' | 'GAMES' | 'VSCODE_LOGS')[]): string | undefined {
  const reasons = parts.map((part) => process.env[`GSP_SKIP_${part}`]).filter((reason) => reason !== undefined);
  return reasons.length > 0 ? reasons.join('; ') : undefined;
}
