import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { encoded } from '../../node/encoding/encode.js';
import { errorCode } from '../../node/files.js';
import { Failure } from '../../shared/failure.js';

/** PIPE_BUF of Linux: up to here a write goes in whole or not at all. */
const pipeBufBytes = 4096;

/**
 * Opens a server's stdin: a FIFO held read-write by the server itself, so that it never sees an end of file, whoever
 * comes and goes at the other end. The caller closes the descriptor once the server has it.
 */
export function openServerStdin(file: string): number {
  // A new FIFO for every start: a survivor of the last one must not read this one's commands.
  fs.rmSync(file, { force: true });
  execFileSync('mkfifo', ['-m', '600', file], { timeout: 5000, stdio: 'ignore' });
  // Blocking, since the flag is shared with the server: many a game takes EAGAIN for an end of file.
  return fs.openSync(file, fs.constants.O_RDWR);
}

/** encoding: of the line, by label; else UTF-8. Rejects no-channel when nobody reads there, busy when the server has not read for so long that the pipe is full. */
export function writeServerStdin(file: string, line: string, encoding?: string): void {
  let fd: number;
  try {
    fd = fs.openSync(file, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK);
  } catch (error) {
    throw new Failure('no-channel', { detail: errorCode(error) ?? null }, String(error));
  }
  try {
    const bytes = encoded(line + '\n', encoding);
    if (bytes.length > pipeBufBytes) {
      throw new Failure('invalid-definition', { field: 'line', detail: `longer than ${pipeBufBytes} bytes` });
    }
    if (fs.writeSync(fd, bytes) !== bytes.length) throw new Failure('busy', { what: 'stdin' }, 'stdin is full');
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') throw new Failure('busy', { what: 'stdin' }, 'stdin is full');
    throw error;
  } finally {
    fs.closeSync(fd);
  }
}
