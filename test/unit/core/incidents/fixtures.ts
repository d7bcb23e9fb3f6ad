import type { Incident, IncidentPoint } from '../../../../src/core/incidents/record.js';

export const crashedAt = new Date(2026, 10, 22, 14, 3, 12).getTime();

export function point(secondsBefore: number, change: Partial<IncidentPoint> = {}): IncidentPoint {
  return {
    at: crashedAt - secondsBefore * 1000,
    ...{ cpu: 120, memory: 8 * 1024 ** 3, ioRead: 0, ioWrite: 2048, threads: 40, players: 2 },
    ...{ tickRate: null, frameTime: null, apiTime: null, hostCpu: 55, hostMemory: 70 },
    ...change,
  };
}

export function incident(change: Partial<Incident> = {}): Incident {
  return {
    version: 1,
    id: 'pal',
    name: 'Pal World',
    game: 'palworld',
    exit: { code: null, signal: 'SIGSEGV', cause: 'crash', at: crashedAt },
    writtenAt: crashedAt + 20,
    pid: 4242,
    startedAt: crashedAt - 7_800_000,
    wasUp: true,
    isWatched: true,
    players: ['Alice', 'Bob'],
    isSaving: false,
    lastSaveAt: crashedAt - 240_000,
    byOom: false,
    next: { is: 'stays', at: null, used: 0, max: 3 },
    memoryTotal: 16 * 1024 ** 3,
    samples: [point(300, { cpu: 80, memory: 3 * 1024 ** 3 }), point(2)],
    consoleFile: '/data/logs/pal/console.log',
    lines: ['one', 'two'],
    said: null,
    outOfMemory: null,
    report: null,
    ...change,
  };
}
