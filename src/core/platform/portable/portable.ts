import { isAlive } from '../../../node/processIdentity.js';
import { whyNoNative } from '../../../node/windows/native.js';
import type { ProcessReaderPort, ProcessRef, SignalPort } from '../../ports.js';
import { PsIdentities } from './identities.js';
import { pidusageSource } from './pidusageSource.js';
import { PortableProcesses } from './processes.js';
import { psSource } from './ps.js';
import { PsSignals, WindowsPlainSignals } from './signals.js';
import { noSurroundings, PsSurroundings } from './surroundings.js';

interface Ports {
  readonly processes: ProcessReaderPort;
  readonly signals: SignalPort;
}

/** Each question starts a program: more often than this it would cost the games more than it tells. */
const usualMs = 10_000;

/** Processes and signals by what is there on every Mac, or on every Windows. */
export function portablePorts(platform: NodeJS.Platform, everyMs = usualMs): Ports {
  return platform === 'win32' ? withoutNative(everyMs) : byPs(platform, everyMs);
}

/** Where Windows cannot be called, as when the binary for that is missing. */
function withoutNative(everyMs: number): Ports {
  const alive = ({ pid, startTime }: ProcessRef): boolean => isAlive(pid, startTime);
  const shortfall = `koffi: ${whyNoNative() ?? 'not used'}`;
  return {
    processes: new PortableProcesses({
      source: pidusageSource,
      around: noSurroundings,
      isAlive: alive,
      shortfall,
      everyMs,
    }),
    signals: new WindowsPlainSignals(alive),
  };
}

function byPs(platform: NodeJS.Platform, everyMs: number): Ports {
  const identities = new PsIdentities(() => processes.answer);
  const alive = (process: ProcessRef): boolean => identities.isAlive(process);
  const around = new PsSurroundings(platform);
  const processes = new PortableProcesses({ source: psSource, around, isAlive: alive, shortfall: null, everyMs });
  return { processes, signals: new PsSignals(alive, platform) };
}
