import os from 'node:os';

/** What has to be known of the PC to read figures: one line each. */
export function machineFacts({ fileSystem }) {
  const cpus = os.cpus();
  return {
    date: new Date().toISOString(),
    cpu: `${cpus[0]?.model.trim() ?? 'unknown'}, ${cpus.length} logical`,
    memory: `${(os.totalmem() / 1024 ** 3).toFixed(0)} GB`,
    system: `${os.type()} ${os.release()}`,
    node: process.versions.node,
    fileSystem,
    'load at the start': os
      .loadavg()
      .map((value) => value.toFixed(1))
      .join(' '),
  };
}
