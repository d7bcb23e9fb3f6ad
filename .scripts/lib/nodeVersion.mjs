// Old syntax on purpose: this file must load on any Node that can load modules at all, so that it can say what is wrong.

/** Ends the process with a clear sentence when Node is older than the lowest version named for its major, or than all. */
export function requireNode(lowest) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const floors = lowest.map((version) => version.split('.').map(Number));
  const own = floors.find(([floorMajor]) => floorMajor === major);
  const newest = floors[floors.length - 1];
  if (own ? minor >= own[1] : major > newest[0]) return;
  console.error(
    `Node ${process.versions.node} is too old here: ${lowest.join(' or ')} or newer is needed. Get it from https://nodejs.org`,
  );
  process.exit(1);
}
