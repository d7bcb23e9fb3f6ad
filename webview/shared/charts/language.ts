/**
 * Must be imported before uPlot, which asks Intl for the browser's language while it loads and would take the whole panel
 * with it where that is one that Intl refuses: with LANG=C Chromium calls it en-US@posix.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US' });
}

export {};
