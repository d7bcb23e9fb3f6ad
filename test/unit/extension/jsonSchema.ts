/** As much of JSON Schema as the schemas in media use; anything else in it is an error here. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly enumDescriptions?: readonly string[];
  readonly anyOf?: readonly Schema[];
}

const checked = [
  ...['type', 'properties', 'required', 'additionalProperties', 'items', 'minItems', 'enum', 'anyOf'],
  ...['minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'format'],
];
const spoken = ['$schema', 'title', 'description', 'default', 'examples', 'enumDescriptions', 'patternErrorMessage'];
const editor = ['allowComments', 'allowTrailingCommas', 'defaultSnippets'];
const known = new Set([...checked, ...spoken, ...editor]);

/** Paths of what is wrong; empty when the value fits. */
export function faultsOf(value: unknown, schema: Schema, path = ''): string[] {
  const strange = Object.keys(schema).filter((key) => !known.has(key));
  if (strange.length > 0) throw new Error(`${path}: keyword ${strange.join(', ')}`);
  if (schema.type !== undefined && ![schema.type].flat().some((type) => isA(value, type))) return [`${path}: type`];
  const faults = schema.enum === undefined || schema.enum.includes(value) ? [] : [`${path}: enum`];
  const { anyOf } = schema;
  if (anyOf?.every((one) => faultsOf(value, one, path).length > 0) === true) faults.push(`${path}: anyOf`);
  if (typeof value === 'string') faults.push(...textFaults(value, schema).map((fault) => `${path}: ${fault}`));
  if (typeof value === 'number') {
    if (value < (schema.minimum ?? -Infinity)) faults.push(`${path}: minimum`);
    if (value > (schema.maximum ?? Infinity)) faults.push(`${path}: maximum`);
  }
  if (Array.isArray(value)) {
    if (value.length < (schema.minItems ?? 0)) faults.push(`${path}: minItems`);
    const { items } = schema;
    if (items !== undefined) faults.push(...value.flatMap((item, index) => faultsOf(item, items, `${path}[${index}]`)));
  } else if (typeof value === 'object' && value !== null) faults.push(...objectFaults(value, schema, path));
  return faults;
}

function isA(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

function textFaults(text: string, schema: Schema): string[] {
  const faults: string[] = [];
  if (text.length < (schema.minLength ?? 0)) faults.push('minLength');
  if (text.length > (schema.maxLength ?? Infinity)) faults.push('maxLength');
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(text)) faults.push('pattern');
  if (schema.format === 'regex') {
    try {
      new RegExp(text, 'u');
    } catch {
      faults.push('format');
    }
  }
  return faults;
}

function objectFaults(value: object, schema: Schema, path: string): string[] {
  const fields = Object.entries(value) as [string, unknown][];
  const missing = (schema.required ?? []).filter((key) => !(key in value)).map((key) => `${path}.${key}: required`);
  return [
    ...missing,
    ...fields.flatMap(([key, field]) => {
      const own = schema.properties?.[key] ?? schema.additionalProperties;
      return own === undefined ? [] : faultsOf(field, own, `${path}.${key}`);
    }),
  ];
}
