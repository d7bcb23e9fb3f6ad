import path from 'node:path';
import { whyNoNative } from '../node/windows/native.js';
import { PosixStarter } from './posix/posixStarter.js';
import type { Starter } from './starter.js';
import { PlainStarter } from './windows/plainStarter.js';
import { WindowsStarter } from './windows/windowsStarter.js';

/** What starts servers on this system. */
export function starterFor(dataDir: string): Starter {
  if (process.platform !== 'win32') return new PosixStarter(dataDir);
  if (whyNoNative() !== undefined) return new PlainStarter();
  return new WindowsStarter(dataDir, path.join(__dirname, 'stopHelper.js'));
}
