import { Failure } from '../../../shared/failure.js';
import type { GameAction } from '../adapter.js';

const maxLength = 500;

/**
 * The arguments that an action has fields for; an optional one that is empty counts as none. Throws invalid-definition
 * (`field`, `detail`).
 */
export function actionArgs({ fields }: GameAction, args: Readonly<Record<string, unknown>>): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [field, need] of Object.entries(fields)) {
    const value = Object.hasOwn(args, field) ? args[field] : undefined;
    const isNone = value === undefined || value === null || value === '';
    if (isNone && need === 'optional') continue;
    const detail = faultOf(value);
    if (detail !== null) throw new Failure('invalid-definition', { field, detail });
    given[field] = value as string;
  }
  return given;
}

function faultOf(value: unknown): string | null {
  if (typeof value !== 'string') return 'must be text';
  if (value.trim() === '') return 'is empty';
  if (value.length > maxLength) return `is longer than ${maxLength} characters`;
  return /[\p{Cc}\u2028\u2029]/u.test(value) ? 'must be a single line without control characters' : null;
}
