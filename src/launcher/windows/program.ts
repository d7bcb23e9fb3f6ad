import fs from 'node:fs';
import { cleanEnvironment } from '../../node/environment.js';
import { Failure } from '../../shared/failure.js';
import type { SpawnRequest } from '../../shared/launcherProtocol.js';
import { batchArguments, commandInterpreter, isBatchFile } from './batchFile.js';
import { commandLine, longestCommandLine } from './commandLine.js';
import { mergeEnvironment } from './environmentBlock.js';
import { findCommand } from './findCommand.js';

export interface Program {
  readonly application: string;
  readonly commandLine: string;
  readonly env: Record<string, string>;
  /** What a batch file's interpreter is given; undefined for programs. */
  readonly batch: string | undefined;
}

/**
 * What has to be run for a request, and with what. Rejects command-not-found, not-executable, io for a folder that is not
 * there, invalid-definition.
 */
export function programFor(request: SpawnRequest): Program {
  const { command, args, cwd, id, nonce } = request;
  const env = mergeEnvironment(cleanEnvironment(process.env), { ...request.env, GSP_SERVER: `${id}:${nonce}` });
  const file = findCommand(command, cwd, env, (candidate) => fs.existsSync(candidate));
  if (file === undefined) throw new Failure('command-not-found', { command });
  if (isDirectory(file)) throw new Failure('not-executable', { command: file });
  if (!isDirectory(cwd)) throw new Failure('io', { file: cwd, detail: 'ENOENT' }, 'no such folder');
  if (args.some((arg) => arg.includes('\0'))) refuse('NUL');
  if (isBatchFile(file)) {
    const application = commandInterpreter(process.env);
    const batch = batchArguments(file, args);
    return { application, commandLine: `"${application}" ${batch}`, env, batch };
  }
  const line = commandLine(file, args);
  if (line.length >= longestCommandLine) refuse('too long');
  return { application: file, commandLine: line, env, batch: undefined };
}

function isDirectory(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function refuse(detail: string): never {
  throw new Failure('invalid-definition', { field: 'args', detail });
}
