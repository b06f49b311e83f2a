// One call through the wasm: abort signals in, errors as a class out.
import { LabelscopeError, type Failure } from "./error.js";
import { Canceller } from "../wasm/labelscope_npm.js";

/** Runs one call of the wasm. What it holds there is freed whatever happens. */
export async function under(
  signal: AbortSignal | undefined,
  call: (canceller: Canceller) => Promise<unknown>,
): Promise<unknown> {
  signal?.throwIfAborted();
  const canceller = new Canceller();
  const abort = (): void => canceller.cancel();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return JSON.parse(String(await call(canceller)));
  } catch (error) {
    signal?.throwIfAborted();
    throw typeof error === "string" ? new LabelscopeError(JSON.parse(error) as Failure) : error;
  } finally {
    signal?.removeEventListener("abort", abort);
    canceller.free();
  }
}

/** Waits, and ends at once when the signal aborts. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
