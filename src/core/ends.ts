import path from 'node:path';
import type { End } from './incidents/incidents.js';
import { echoOf } from './lifecycle/echo.js';
import { launchRequest } from './lifecycle/launchRequest.js';
import type { ServerRecord } from './lifecycle/record.js';
import type { EndReport, ServerFace } from './lifecycle/serverTools.js';
import type { Exit } from './lifecycle/state.js';

/** An end as the record of it wants it told: what the server's life knows, and where to look for more. */
export function endOf(server: ServerFace, report: EndReport, dataDir: string, memoryTotal: number | null): End {
  const { exit, process, wasUp, players, isSaving, lastSaveAt, byOom, consoleOffset } = report;
  return {
    ...common(server, dataDir),
    ...{ exit, wasUp, isSaving, lastSaveAt, byOom, consoleOffset, memoryTotal, isWatched: true },
    pid: process.pid,
    startedAt: process.startedAt,
    players: players === null ? null : [...players],
  };
}

/** One that nobody saw: only what an earlier core has noted is known. */
export function unseenEndOf(server: ServerFace, exit: Exit, record: ServerRecord, dataDir: string): End {
  const { pid, startedAt, isUp, consoleOffset } = record;
  return {
    ...common(server, dataDir),
    ...{ exit, startedAt, consoleOffset, pid: pid ?? 0, wasUp: isUp, isWatched: false },
    ...{ players: null, isSaving: null, lastSaveAt: null, byOom: false, memoryTotal: null },
  };
}

type Common = Pick<
  End,
  'isEcho' | 'id' | 'name' | 'game' | 'consoleFile' | 'crashPattern' | 'crashReports' | 'folders' | 'next'
>;

function common(server: ServerFace, dataDir: string): Common {
  const { id, definition, settings, consoleFile } = server;
  const { command, cwd } = launchRequest(settings, dataDir, '', consoleFile);
  // A bare name is found on PATH, which tells nothing about the game's folder.
  const home = /[\\/]/.test(command) ? [path.dirname(path.resolve(cwd, command))] : [];
  return {
    ...{ id, consoleFile, name: definition.name, game: definition.game },
    crashPattern: settings.patterns.crash,
    crashReports: settings.game.crashReports ?? [],
    folders: [...new Set([cwd, ...home])],
    isEcho: echoOf(settings.game),
    next: () => {
      const { state, restarts } = server.view();
      const { used, max, nextAt } = restarts;
      const isBack = state === 'starting' || state === 'running';
      if (state === 'restarting' || isBack) return { is: 'restart', at: isBack ? Date.now() : nextAt, used, max };
      return { is: state === 'failed' ? 'gave-up' : 'stays', at: null, used, max };
    },
  };
}
