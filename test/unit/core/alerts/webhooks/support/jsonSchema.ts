type Schema = Readonly<Record<string, unknown>>;

const silent = new Set(['$schema', '$id', 'title', 'description', 'examples']);

/**
 * What a value has against a JSON schema, as `path: what`. Only the words that the schema of webhooks is written in are known;
 * any other throws, so that none is passed over.
 */
export function faultsAgainst(schema: Schema, value: unknown, path = '$'): string[] {
  return Object.entries(schema).flatMap(([word, wanted]) => {
    if (silent.has(word)) return [];
    const check = checks[word];
    if (check === undefined) throw new Error(`${path}: nobody here knows "${word}"`);
    return check(wanted, value, path);
  });
}

type Check = (wanted: unknown, value: unknown, path: string) => string[];

const fault = (isRight: boolean, text: string): string[] => (isRight ? [] : [text]);
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const checks: Readonly<Record<string, Check>> = {
  type: (wanted, value, path) => fault(isOfType(value, wanted), `${path}: not ${String(wanted)}`),
  const: (wanted, value, path) => fault(value === wanted, `${path}: not ${String(wanted)}`),
  enum: (wanted, value, path) => fault((wanted as unknown[]).includes(value), `${path}: none of ${String(wanted)}`),
  minLength: (wanted, value, path) =>
    fault(typeof value !== 'string' || value.length >= Number(wanted), `${path}: too short`),
  minimum: (wanted, value, path) => fault(typeof value !== 'number' || value >= Number(wanted), `${path}: too small`),
  required: (wanted, value, path) =>
    (wanted as string[])
      .filter((key) => isObject(value) && !Object.hasOwn(value, key))
      .map((key) => `${path}.${key}: missing`),
  properties: (wanted, value, path) =>
    isObject(value)
      ? Object.entries(wanted as Record<string, Schema>).flatMap(([key, inner]) =>
          Object.hasOwn(value, key) ? faultsAgainst(inner, value[key], `${path}.${key}`) : [],
        )
      : [],
  items: (wanted, value, path) =>
    Array.isArray(value)
      ? value.flatMap((item: unknown, index) => faultsAgainst(wanted as Schema, item, `${path}[${index}]`))
      : [],
};

function isOfType(value: unknown, type: unknown): boolean {
  if (type === 'object') return isObject(value);
  if (type === 'array') return Array.isArray(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}
