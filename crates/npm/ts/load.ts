// The wasm, loaded once. `index.js` and `node.js` say how, before a client is made.
let how: (() => Promise<unknown>) | undefined;
let once: Promise<unknown> | undefined;

/** Sets how the wasm is loaded. */
export function loadBy(load: () => Promise<unknown>): void {
  how = load;
}

/** Loads it at the first call; after a failure the next call tries again. */
export function loaded(): Promise<unknown> {
  if (how === undefined) return Promise.reject(new Error("nothing says how the wasm is loaded"));
  once ??= how().catch((error: unknown) => {
    once = undefined;
    throw error;
  });
  return once;
}
