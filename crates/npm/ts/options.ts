/** What every call takes beside its request. */
export interface CallOptions {
  /** Aborts the call, its pauses and its further attempts. */
  signal?: AbortSignal | undefined;
}
