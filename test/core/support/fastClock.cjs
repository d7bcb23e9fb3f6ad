// Loaded before a core: its clock, and nothing else of it, goes so many times faster. What lasts for hours is seen in minutes,
// while loads are measured as they are.
const times = Number(process.env.GSP_TEST_CLOCK);
if (times > 0 && (process.argv[1] ?? '').endsWith('core.js')) {
  const Real = Date;
  const origin = Real.now();
  const now = () => Math.round(origin + (Real.now() - origin) * times);
  globalThis.Date = class extends Real {
    constructor(...given) {
      if (given.length === 0) super(now());
      else super(...given);
    }
    static now() {
      return now();
    }
  };
}
