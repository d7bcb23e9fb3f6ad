// A Minecraft server that is free to install, and players for it: flying-squid and minecraft-protocol, from npm.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureComponent } from './cache.mjs';
import { runNpm } from './run.mjs';

const dependencies = { 'flying-squid': '1.12.0', 'minecraft-protocol': '1.66.2' };

/** The folder that has both in its node_modules, installed if need be. */
export async function ensureFlyingSquid(progress) {
  const version = dependencies['flying-squid'];
  return await ensureComponent({
    name: `flying-squid-${version}`,
    recipe: `1 ${JSON.stringify(dependencies)}`,
    files: Object.keys(dependencies).map((name) => path.join('node_modules', name, 'package.json')),
    onWait: (pid) => progress.say(`Waiting for another run (process ${pid}) that is installing flying-squid`),
    async install(draft) {
      progress.say(`Installing the Minecraft server flying-squid ${version} from npm (about a minute, 500 MB)`);
      writeFileSync(path.join(draft, 'package.json'), JSON.stringify({ private: true, dependencies }));
      await runNpm(['install', '--ignore-scripts', '--no-package-lock'], { cwd: draft, log: progress.log });
    },
  });
}
