// Which packages can be made, and what is asked of `npm run package`.

/** One that any system can install, and that has nothing of koffi. */
export const universal = 'universal';

/** As vsce and the Marketplace name them. */
const systems = ['win32-x64', 'win32-arm64', 'linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

export const help = `npm run package [-- --target NAME…]
  --target NAME   ${systems.slice(0, 3).join(', ')},
                  ${systems.slice(3).join(', ')},
                  ${universal} (the one that is made when none is named), or all of the six; may be given several times
  --help          this

Packages for Windows hold what the numbers and the starts of servers on Windows need; the others leave it out.
They are written into out/.`;

/**
 * The targets in the order asked for, each once.
 *
 * @param {readonly string[]} words
 * @returns {string[] | undefined} undefined where help was asked for; throws at what it does not know
 */
export function parseArguments(words) {
  const targets = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === '--help' || word === '-h') return undefined;
    const [option, joined] = word.split(/=(.*)/s);
    if (option !== '--target') throw new Error(`${word} is not known here.\n${help}`);
    const name = joined ?? words[++at];
    if (name === 'all') targets.push(...systems);
    else if (name === universal || systems.includes(name)) targets.push(name);
    else throw new Error(`${name ? `There is no target ${name}` : '--target needs a name'}.\n${help}`);
  }
  return targets.length === 0 ? [universal] : [...new Set(targets)];
}

/** The architecture whose koffi.node the package holds; undefined where it holds none. */
export function windowsArch(target) {
  return target.startsWith('win32-') ? target.slice('win32-'.length) : undefined;
}

/** `game-server-panel-0.1.0-win32-x64.vsix`; the universal one is named without a target. */
export function packageName({ name, version }, target) {
  return `${name}-${version}${target === universal ? '' : `-${target}`}.vsix`;
}
