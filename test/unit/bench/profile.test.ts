import { describe, expect, test } from 'vitest';
import { areaOf, profileCells, whereTimeGoes, type Profile } from '../../../.scripts/lib/bench/profileTable.mjs';

const frame = (functionName: string, url = '', lineNumber = 0) => ({ functionName, url, lineNumber, columnNumber: 0 });
const files = ['src/core/rounds.ts', 'src/core/platform/linux/linuxTree.ts', 'src/core/platform/linux/procFile.ts'];

/** Root > a round > the tree > a helper > a read; beside it what nobody of ours has called. A sample each millisecond. */
const profile = (samples: number[]): Profile => ({
  startTime: 1_000_000,
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 3, 4, 5, 9] },
    { id: 2, callFrame: frame('(idle)') },
    { id: 3, callFrame: frame('(program)') },
    { id: 4, callFrame: frame('(garbage collector)') },
    { id: 5, callFrame: frame('a', '/core.js', 0), children: [6] },
    { id: 6, callFrame: frame('b', '/core.js', 1), children: [7] },
    { id: 7, callFrame: frame('c', '/core.js', 2), children: [8] },
    { id: 8, callFrame: frame('read') },
    { id: 9, callFrame: frame('processTimers', 'node:internal/timers') },
  ],
  samples,
  timeDeltas: samples.map(() => 1000),
});
const sourceOf = ({ url, lineNumber }: { url: string; lineNumber: number }) =>
  url === '/core.js' ? { file: files[lineNumber]!, line: 10 + lineNumber } : undefined;
const always = { from: 0, to: Infinity };

describe('where the time goes', () => {
  test('a read is the time of who wanted it, not of the helper', () => {
    const { areas, places, system } = whereTimeGoes(profile([8, 8, 7, 2]), always, sourceOf);
    expect(areas).toEqual([{ name: 'the tree of processes', ms: 3 }]);
    expect(places).toEqual([{ name: 'src/core/platform/linux/linuxTree.ts:11', ms: 3 }]);
    expect(system).toBe(2);
  });

  test('what is not ours has rows of its own, and waiting has none', () => {
    const { areas } = whereTimeGoes(profile([2, 3, 3, 4, 9, 5, 2]), always, sourceOf);
    expect(areas).toEqual([
      { name: 'outside JavaScript', ms: 2 },
      { name: 'collecting garbage', ms: 1 },
      { name: 'Node itself', ms: 1 },
      { name: 'the rest of the core', ms: 1 },
    ]);
  });

  test('what was before and after the window does not count', () => {
    const found = whereTimeGoes(profile([5, 5, 5, 5, 2]), { from: 1_002_000, to: 1_003_000 }, sourceOf);
    expect(found.areas).toEqual([{ name: 'the rest of the core', ms: 2 }]);
  });

  test('is told per minute and as a share', () => {
    const cells = profileCells(whereTimeGoes(profile([8, 8, 8, 5, 2]), always, sourceOf), { minutes: 2 });
    expect(cells.areas).toEqual([
      ['part of the core', 'ms a minute', 'share'],
      ['the tree of processes', '1.50', '75 %'],
      ['the rest of the core', '0.50', '25 %'],
      ['all', '2.00', '100 %'],
    ]);
    expect(cells.system.slice(1)).toEqual(['1.50', '75 %']);
  });
});

test.each([
  ['src/core/platform/linux/linuxProcesses.ts', 'reading the processes'],
  ['src/core/platform/linux/linuxHost.ts', 'the host'],
  ['src/core/store/journal/frame.ts', 'the store'],
  ['sql-wasm.js', 'the store'],
  ['node_modules/vscode-jsonrpc/lib/node/main.js', 'RPC'],
  ['src/core/alerts/alerts.ts', 'alerts, events, incidents'],
  ['src/shared/metrics.ts', 'the rest of the core'],
])('%s is %s', (file, area) => {
  expect(areaOf(file)).toBe(area);
});
