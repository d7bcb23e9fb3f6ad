/** Made at the first call: on other systems, and before it is needed, there is nothing to be loaded. */
export function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
