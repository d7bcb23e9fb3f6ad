import fs from 'node:fs';
import { errorCode } from '../../node/files.js';

/** What a file holds; text: undefined where there is no file. trouble: why nobody can tell, as a sentence. */
export interface FileText {
  readonly text?: string | undefined;
  readonly trouble?: string;
}

const maxBytes = 4 * 1024 * 1024;

/** Never throws. */
export function readText(file: string): FileText {
  try {
    if (fs.statSync(file).size > maxBytes) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
    return { text: fs.readFileSync(file, 'utf8') };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return {};
    return { trouble: `The file cannot be read (${errorCode(error) ?? 'unknown'})` };
  }
}

export function isSameText(one: FileText, other: FileText): boolean {
  return one.text === other.text && one.trouble === other.trouble;
}
