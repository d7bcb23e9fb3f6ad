import { expect, test } from 'vitest';
import { viewParts } from '../../../../src/core/lifecycle/view.js';

type Server = Parameters<typeof viewParts>[0];
type Tools = Parameters<typeof viewParts>[1];

const save = {
  ...{ lastAt: 1000, nextAt: null, running: false, tookMs: null, intervalMs: null, isLearned: false, bytes: null },
};
const server = { id: 'demo', talk: {}, process: null } as unknown as Server;

function partsOf(own: Partial<typeof save> | { nextAt: number }, insightOf?: Tools['insightOf']): unknown {
  return viewParts(server, {
    ...{ games: { facts: () => ({}), can: () => ({ actions: [] }) }, consoles: { encodingOf: () => undefined } },
    ...{ alertsOf: () => 0, maintenanceOf: () => undefined, secrets: { missing: () => [] } },
    care: { save: () => ({ ...save, ...own }), perPlayer: () => ({ cpu: null, memory: null }) },
    ...(insightOf === undefined ? {} : { insightOf }),
  } as unknown as Tools);
}

const standing = { anomalies: 2, learned: { days: 3, of: 7 }, nextSaveAt: 5000 };

test('what is out of the ordinary is shown, and the save that its rhythm foretells', () => {
  const parts = partsOf({}, () => standing);
  expect(parts).toMatchObject({ anomalies: 2, learned: { days: 3, of: 7 }, save: { nextAt: 5000 } });
  expect(parts).not.toHaveProperty('nextSaveAt');
});

test('what the game tells of its saves goes before the rhythm', () => {
  expect(partsOf({ nextAt: 4000 }, () => standing)).toMatchObject({ save: { nextAt: 4000 } });
});

test('where nobody looks nothing is shown of it', () => {
  for (const parts of [partsOf({}), partsOf({}, () => undefined)]) {
    expect(parts).toMatchObject({ save: { nextAt: null } });
    expect(parts).not.toHaveProperty('anomalies');
    expect(parts).not.toHaveProperty('learned');
  }
});
