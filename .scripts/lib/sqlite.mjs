// SQLite's own program, not ours: for the test that reads the history's file with another one.
import { aptInstall, whyNoApt } from './apt.mjs';
import { onPath } from './run.mjs';

/** Its path; installed where it is missing and that is allowed. Throws with the reason where it is not. */
export async function ensureSqlite(progress) {
  const there = onPath('sqlite3');
  if (there) return there;
  const reason = whyNoApt();
  if (reason) throw new Error(`needs sqlite3: ${reason}`);
  progress.say('Installing the Debian package sqlite3');
  await aptInstall(['sqlite3'], progress.log);
  const installed = onPath('sqlite3');
  if (!installed) throw new Error('the package sqlite3 does not hold what was expected');
  return installed;
}
