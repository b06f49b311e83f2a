// What takes time.
import { pause } from "./call.js";
import type { CallOptions } from "./options.js";
import { pause_ms } from "../wasm/labelscope_npm.js";

/** How to wait. */
export interface WaitOptions<T> extends CallOptions {
  /** Called with what each look finds until it is over. */
  onProgress?: ((state: T) => void) | undefined;
}

interface WithStatus {
  status?: { code?: number };
}

/** Something that was started and takes time. Awaited by itself it gives how it stood when it began. */
export class Job<T extends WithStatus> implements PromiseLike<T> {
  readonly #started: Promise<T>;
  readonly #look: (started: T, options: CallOptions) => Promise<T>;
  readonly #goesOn: readonly number[];
  readonly #options: CallOptions;

  constructor(
    started: Promise<T>,
    look: (started: T, options: CallOptions) => Promise<T>,
    goesOn: readonly number[],
    options: CallOptions = {},
  ) {
    this.#started = started;
    this.#look = look;
    this.#goesOn = goesOn;
    this.#options = options;
  }

  then<A = T, B = never>(
    done?: ((value: T) => A | PromiseLike<A>) | null,
    failed?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#started.then(done, failed);
  }

  /** Waits until it is over, well or not: the status of what comes back tells. */
  async ready(options: WaitOptions<T> = {}): Promise<T> {
    const signal = options.signal ?? this.#options.signal;
    const started = await this.#started;
    let state = started;
    for (let made = 0; this.#goesOn.includes(state.status?.code ?? 0); made += 1) {
      options.onProgress?.(state);
      await pause(pause_ms(made), signal);
      state = await this.#look(started, { signal });
    }
    return state;
  }
}
