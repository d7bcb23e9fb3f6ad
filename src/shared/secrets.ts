import * as v from 'valibot';
import type { Definition } from './contract.js';

type Port = keyof Omit<NonNullable<Definition['connection']>, 'host'>;

/** The connection port that asks for each password. */
export const portOfPassword = {
  restPassword: 'restPort',
  rconPassword: 'rconPort',
  telnetPassword: 'telnetPort',
  econPassword: 'econPort',
  adminPassword: 'adminPort',
} as const satisfies Record<string, Port>;

export type PasswordKey = keyof typeof portOfPassword;
export const passwordKeys = Object.keys(portOfPassword) as PasswordKey[];

/** The id under which webhooks are kept that belong to no single server. */
export const alertsId = 'alerts';

/** The key of a webhook's address. */
export type WebhookKey = `webhook.${string}`;

/** One of the passwords, or `webhook.<name>`. */
export const secretKey = v.pipe(
  v.string('must be text'),
  v.regex(
    new RegExp(`^(?:${passwordKeys.join('|')}|webhook\\.[A-Za-z0-9_-]{1,40})$`),
    () => `must be one of ${passwordKeys.join(', ')} or webhook.<name>`,
  ),
);

/** What a secret may be. The messages are our own: valibot's would repeat the value, and they reach logs. */
export const secretValue = v.pipe(
  v.string('must be text'),
  v.minLength(1, 'is empty'),
  v.maxLength(1024, 'is longer than 1024 characters'),
  v.regex(/^[^\0\r\n]*$/, 'must be a single line'),
);

/** The password keys that a definition's connection asks for. */
export function passwordsAskedBy({ connection }: Pick<Definition, 'connection'>): PasswordKey[] {
  return passwordKeys.filter((key) => connection?.[portOfPassword[key]] !== undefined);
}
