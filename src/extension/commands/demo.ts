import type { Definition } from '../../shared/contract.js';

/**
 * The demo server's entry; the first free one of demo, demo-2, … The placeholders are filled in by whoever starts it, so
 * that it still starts after an update has moved the program.
 */
export function demoDefinition(taken: ReadonlySet<string>, name: string): Definition {
  let n = 1;
  const idOf = (): string => (n === 1 ? 'demo' : `demo-${String(n)}`);
  while (taken.has(idOf())) n++;
  const id = idOf();
  return {
    id,
    name: n === 1 ? name : `${name} ${String(n)}`,
    game: 'demo',
    launch: { command: '${node}', args: ['${demoServer}', `\${dataDir}/worlds/${id}.json`] },
  };
}
