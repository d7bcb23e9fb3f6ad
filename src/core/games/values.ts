import * as v from 'valibot';
import { secretValue } from '../../shared/secrets.js';
import type { OwnSettings } from '../ports.js';

/** What one file, or a command line, says. */
export type Values = Omit<OwnSettings, 'at'>;

/** A password that can be used; a game without one leaves the value empty. */
export function password(text: string | undefined): string | undefined {
  return v.is(secretValue, text) ? text : undefined;
}

export function port(text: string | undefined, usual?: number): number | undefined {
  if (text === undefined) return usual;
  const number = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  return number >= 1 && number <= 65_535 ? number : undefined;
}

export function isOn(text: string | undefined): boolean {
  return /^\s*(?:true|1)\s*$/i.test(text ?? '');
}

/** Without the keys that have no value. */
export function present<T>(all: { readonly [K in keyof T]: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Partial<T>;
}
