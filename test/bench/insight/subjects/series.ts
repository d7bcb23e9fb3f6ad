import { readFileSync, writeFileSync } from 'node:fs';
import { Detector } from '../../../../src/core/insight/detector/detector.js';
import { ThreeSigma } from '../../../../src/core/insight/detector/threeSigma.js';
import { cpuSeconds } from '../../support/measure.js';
import { serve } from '../../support/serve.js';
import { readSeries, type Row } from '../csv.js';

const detectors = { detector: Detector, threeSigma: ThreeSigma };

/** One series through one detector. Commands are called by .scripts/lib/bench/insight.mjs. */
serve({
  run({ detector, from, to }: { detector: keyof typeof detectors; from: string; to: string }) {
    let rows: readonly Row[];
    try {
      rows = readSeries(readFileSync(from, 'utf8'), from);
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
    const times = Float64Array.from(rows, ({ at }) => at);
    const values = Float64Array.from(rows, ({ number }) => number);
    const scores = new Float64Array(rows.length);
    const made = new detectors[detector]();
    const before = cpuSeconds();
    for (let row = 0; row < rows.length; row += 1) scores[row] = made.feed(times[row] ?? NaN, values[row] ?? NaN);
    const cpuMicroseconds = 1e6 * (cpuSeconds() - before);
    const lines = rows.map(({ timestamp, value }, row) => `${timestamp},${value},${String(scores[row])}`);
    writeFileSync(to, `${['timestamp,value,anomaly_score', ...lines].join('\n')}\n`);
    return { samples: rows.length, cpuMicroseconds };
  },
});
