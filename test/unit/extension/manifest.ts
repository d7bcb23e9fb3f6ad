import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../../..');

export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(root, file), 'utf8')) as unknown;
}

interface MenuItem {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

export interface Manifest {
  readonly activationEvents: string[];
  readonly l10n: string;
  readonly contributes: {
    readonly commands: { command: string; title: string; category: string }[];
    readonly menus: Record<string, MenuItem[]>;
    readonly configuration: { properties: Record<string, Property> }[];
    readonly jsonValidation: { fileMatch: string[]; url: string }[];
  };
}

export interface Property {
  readonly type: string;
  readonly default: unknown;
  readonly scope: string;
  readonly enum?: string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Record<string, Property>;
  readonly additionalProperties?: boolean;
}

export const manifest = readJson('package.json') as Manifest;
