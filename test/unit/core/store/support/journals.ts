import { expect } from 'vitest';
import type { StoreFiles } from '../../../../../src/core/store/files.js';
import { Journal, type Opened } from '../../../../../src/core/store/journal/journal.js';
import { MemoryFiles } from './memoryFiles.js';

export const name = 'metrics.journal';
const now = Date.UTC(2026, 10, 22, 18, 52, 39, 123);
/** What a damaged one is copied to. */
export const asideOf = `${name}-damaged-2026-11-22T18-52-39.123Z`;

export const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
export const texts = (payloads: readonly Uint8Array[]): string[] =>
  payloads.map((one) => Buffer.from(one).toString('latin1'));

export const open = (files: StoreFiles): Promise<Opened> => Journal.open(files, name, now);

/** What an open answers, besides the state, where there is nothing to read. */
export const nothing = { header: null, frames: [], tornBytes: 0, damaged: [], aside: null };

/** What is there for the next program, which must be without damage. */
export async function found(files: StoreFiles): Promise<{ header: unknown; frames: string[]; tornBytes: number }> {
  const { journal, header, frames, tornBytes, damaged, aside } = await open(files);
  expect({ damaged, aside }).toEqual({ damaged: [], aside: null });
  await journal.close();
  return { header, frames: texts(frames), tornBytes };
}

export async function begun(files: StoreFiles, header: unknown, ...frames: string[]): Promise<Journal> {
  const { journal } = await open(files);
  await journal.restart(header, frames.map(bytes));
  return journal;
}

/** A journal's file with the header {generation: 1} and these frames. */
export async function fileWith(...frames: string[]): Promise<Buffer> {
  const memory = new MemoryFiles();
  const journal = await begun(memory, { generation: 1 }, ...frames);
  await journal.close();
  return Buffer.from((await memory.read(name))!);
}
