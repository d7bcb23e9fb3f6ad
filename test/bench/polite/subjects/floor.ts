import { serve } from '../../support/serve.js';

/** A Node that does nothing but wake up: less is not possible with Node. */
serve({
  begin: ({ intervalMs }: { intervalMs: number }) => {
    setInterval(() => undefined, intervalMs);
  },
  rounds: () => undefined,
});
