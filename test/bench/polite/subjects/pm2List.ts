import { createRequire } from 'node:module';
import path from 'node:path';
import { serve } from '../../support/serve.js';

interface Begin {
  readonly intervalMs: number;
  /** Where pm2 is installed. */
  readonly packages: string;
}

interface Pm2 {
  connect(done: (error?: Error) => void): void;
  list(done: (error?: Error) => void): void;
}

let rounds = 0;

/** Somebody who looks at pm2's numbers: its daemon measures when it is asked. */
serve({
  async begin({ intervalMs, packages }: Begin) {
    const pm2 = createRequire(path.join(packages, 'package.json'))('pm2') as Pm2;
    await new Promise<void>((resolve, reject) => {
      pm2.connect((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    setInterval(() => {
      pm2.list((error) => {
        if (!error) rounds += 1;
      });
    }, intervalMs);
  },
  rounds: () => rounds,
});
