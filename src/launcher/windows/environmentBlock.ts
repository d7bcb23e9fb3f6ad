import { Failure } from '../../shared/failure.js';

/** Windows itself, and with it most programs, needs it to find its own parts. */
const always = 'SystemRoot';

/**
 * An environment for a Windows program: `base`, and over it what is wanted, null taking away. Names differ in more than
 * their case; the spelling is that of who came last. Rejects invalid-definition {field: 'env'} for what cannot be one.
 */
export function mergeEnvironment(
  base: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const merged = new Map<string, [name: string, value: string]>();
  for (const [name, value] of Object.entries(base)) merged.set(name.toUpperCase(), [name, value]);
  for (const [name, value] of Object.entries(wanted)) {
    if (name === '' || /[=\0]/.test(name) || (value?.includes('\0') ?? false)) {
      throw new Failure('invalid-definition', { field: 'env', detail: name });
    }
    if (value === null) merged.delete(name.toUpperCase());
    else merged.set(name.toUpperCase(), [name, value]);
  }
  const root = base[always] ?? 'C:\\Windows';
  if (!merged.has(always.toUpperCase())) merged.set(always.toUpperCase(), [always, root]);
  return Object.fromEntries(merged.values());
}

/** As CreateProcessW takes it: `name=value` by name, in whatever case, each and all ended by a NUL, UTF-16. */
export function environmentBlock(env: Readonly<Record<string, string>>): Buffer {
  const upper = Object.entries(env).map(([name, value]) => ({ key: name.toUpperCase(), text: `${name}=${value}\0` }));
  upper.sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
  return Buffer.from(`${upper.map(({ text }) => text).join('')}\0`, 'utf16le');
}

/** A variable, in whatever case its name is written. */
export function variable(env: Readonly<Record<string, string>>, name: string): string | undefined {
  const upper = name.toUpperCase();
  return Object.entries(env).find(([key]) => key.toUpperCase() === upper)?.[1];
}
