import { programName } from '../../node/windows/images.js';
import { jobPids } from '../../node/windows/jobs.js';

/** They serve a console, and end with its last program. */
const consoleHosts = new Set(['conhost.exe', 'openconsole.exe']);

/** The living processes of a start, by `<id>:<nonce>`, but for those that only serve its console. */
export function jobPrograms(mark: string): number[] {
  return jobPids(mark).filter((pid) => !consoleHosts.has(programName(pid) ?? ''));
}
