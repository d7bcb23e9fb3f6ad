// Where the time of a program goes, from a CPU profile of its bundle. Pure, so that a test can look at it.

/** Parts of the core, by the beginning of the file's path; the first that fits counts. */
const areas = [
  ['the tree of processes', /^src\/core\/platform\/linux\/(linuxTree|processIndex|processEntry|marked|childAccounts)/],
  ['the host', /^src\/core\/platform\/linux\/(linuxHost|linuxOom|linuxPressure)/],
  ['reading the processes', /^src\/core\/(platform|sampling)\//],
  ['the store', /^(src\/core\/store\/|src\/core\/recording\.|.*sql-wasm)/],
  [
    'RPC',
    /^(node_modules\/vscode-jsonrpc\/|src\/core\/(clients|service|hello)\.|src\/node\/(peer|coreConnection|endpoint))/,
  ],
  ['the launcher link', /^src\/core\/launcherLink\//],
  ['consoles', /^src\/core\/console\//],
  ['servers and their games', /^src\/core\/(lifecycle|games|saves|players|perPlayer|gameCare)/],
  ['alerts, events, incidents', /^src\/core\/(alerts|events|incidents)/],
];
const outside = 'outside JavaScript';
const collector = 'collecting garbage';
const runtime = 'Node itself';
/** Reads for everybody: who asked is what counts. */
const helper = /^src\/core\/platform\/linux\/procFile/;

/** The part of the core that a source file belongs to. */
export function areaOf(file) {
  return areas.find(([, pattern]) => pattern.test(file))?.[0] ?? 'the rest of the core';
}

function chainOf(node, parents) {
  const chain = [];
  for (let at = node; at; at = parents.get(at.id)) chain.push(at);
  return chain;
}

/** Whose time a node is: `area` and `place` (file and function), or undefined while nothing is done. */
function ownerOf(node, parents, sourceOf) {
  const own = node.callFrame.functionName;
  if (own === '(idle)' || own === '(root)') return undefined;
  if (own === '(garbage collector)') return { area: collector, place: collector };
  if (own === '(program)') return { area: outside, place: outside };
  const frames = chainOf(node, parents)
    .map(({ callFrame }) => ({ source: sourceOf(callFrame), name: callFrame.functionName }))
    .filter(({ source }) => source !== undefined);
  const frame = frames.find(({ source }) => !helper.test(source.file)) ?? frames[0];
  if (!frame) return { area: runtime, place: `${runtime}: ${own || 'anonymous'}` };
  const { file, line } = frame.source;
  return { area: areaOf(file), place: `${file}:${line}`, file };
}

function add(totals, key, ms) {
  totals.set(key, (totals.get(key) ?? 0) + ms);
}

const ranked = (totals) =>
  [...totals].map(([name, ms]) => ({ name, ms })).sort((a, b) => b.ms - a.ms || a.name.localeCompare(b.name));

/**
 * @param profile as Node writes it: microseconds of the monotonic clock
 * @param window `from` and `to` on that clock, microseconds; what is outside does not count
 * @param sourceOf the source file and line of a call frame, or undefined where it is not of the bundle
 * @returns milliseconds by area, and by function with its file and line, the most first; `system` is what went into calls
 *   of the file system, whoever made them
 */
export function whereTimeGoes(profile, { from, to }, sourceOf) {
  const parents = new Map();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  for (const node of profile.nodes) for (const child of node.children ?? []) parents.set(child, node);
  const owners = new Map(profile.nodes.map((node) => [node.id, ownerOf(node, parents, sourceOf)]));
  const [byArea, byPlace] = [new Map(), new Map()];
  let system = 0;
  let at = profile.startTime;
  profile.samples.forEach((id, index) => {
    at += profile.timeDeltas[index];
    const owner = owners.get(id);
    if (!owner || at < from || at > to) return;
    // A sample stands for the time until the next one.
    const ms = Math.max(0, profile.timeDeltas[index + 1] ?? 0) / 1000;
    add(byArea, owner.area, ms);
    add(byPlace, owner.place, ms);
    const { functionName, url } = nodes.get(id).callFrame;
    if (url === '' && /^(read|open|close|fstat|readdir|write\w*|fdatasync|fsync|statfs)$/.test(functionName))
      system += ms;
  });
  return { areas: ranked(byArea), places: ranked(byPlace), system };
}

/** The two tables, with shares of the whole in percent. */
export function profileCells({ areas: found, places, system }, { minutes, most = 16 }) {
  const total = found.reduce((sum, { ms }) => sum + ms, 0);
  const line = ({ name, ms }) => [name, (ms / minutes).toFixed(2), `${((100 * ms) / total).toFixed(0)} %`];
  const head = (what) => [what, 'ms a minute', 'share'];
  return {
    areas: [head('part of the core'), ...found.map(line), line({ name: 'all', ms: total })],
    places: [head('function'), ...places.slice(0, most).map(line)],
    system: line({ name: 'of all, in calls of the file system', ms: system }),
  };
}
