import path from 'node:path';
import { whyNoNative } from '../../node/windows/native.js';
import type { FileRangePort, OomPort, PriorityPort, ProcessReaderPort, SignalPort, SpareStarter } from '../ports.js';
import { LinuxFileRanges } from './linux/linuxFileRanges.js';
import { LinuxOom } from './linux/linuxOom.js';
import { LinuxPriority } from './linux/linuxPriority.js';
import { LinuxProcesses } from './linux/linuxProcesses.js';
import { LinuxSignals } from './linux/linuxSignals.js';
import { ShellSpare } from './posix/spareStarter.js';
import { PortableFileRanges, PortableOom, PortablePriority } from './portable.js';
import { portablePorts } from './portable/portable.js';
import { WindowsPriority } from './windows/windowsPriority.js';
import { WindowsProcesses } from './windows/windowsProcesses.js';
import { WindowsSignals } from './windows/windowsSignals.js';

export interface Platform {
  readonly processes: ProcessReaderPort;
  readonly signals: SignalPort;
  readonly priority: PriorityPort;
  readonly oom: OomPort;
  readonly fileRanges: FileRangePort;
  /** To be called before lowering; undefined where a child need not stay as low as its parent. */
  spare(exec: string, args: readonly string[], cwd: string): SpareStarter | undefined;
}

const shell: Platform['spare'] = (exec, args, cwd) => new ShellSpare(exec, args, cwd);

export function platformFor(platform: NodeJS.Platform): Platform {
  if (platform === 'linux') {
    return {
      processes: new LinuxProcesses(),
      signals: new LinuxSignals(),
      priority: new LinuxPriority(),
      oom: new LinuxOom(),
      fileRanges: new LinuxFileRanges(),
      spare: shell,
    };
  }
  const others = { oom: new PortableOom(), fileRanges: new PortableFileRanges() };
  if (platform === 'win32' && whyNoNative() === undefined) {
    return {
      processes: new WindowsProcesses(),
      signals: new WindowsSignals(path.join(__dirname, 'stopHelper.js')),
      priority: new WindowsPriority(),
      ...others,
      spare: () => undefined,
    };
  }
  return {
    ...portablePorts(platform),
    priority: new PortablePriority(),
    ...others,
    spare: platform === 'win32' ? () => undefined : shell,
  };
}
