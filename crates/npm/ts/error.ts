/** Why a call failed, in one word. */
export type ErrorKind =
  | "not_found"
  | "unauthorized"
  | "invalid"
  | "throttled"
  | "server"
  | "network"
  | "timeout"
  | "cancelled";

/** What the wasm tells about a failure. */
export interface Failure {
  kind: ErrorKind;
  message: string;
  code?: number;
  details?: string;
  reqId?: string;
  httpStatus?: number;
  isRetryable?: boolean;
  advice?: string;
}

/** A call that failed. A call that its caller aborted fails with the signal's reason instead. */
export class LabelscopeError extends Error {
  override readonly name = "LabelscopeError";
  /** Why, in one word. */
  readonly kind: ErrorKind;
  /** The API's code, as in `StatusCode`; 0 where it did not answer. */
  readonly code: number;
  /** What the API says exactly; empty where it did not answer. */
  readonly details: string;
  /** Under which the server has logged the call; empty where there is none. */
  readonly reqId: string;
  /** The HTTP status; 0 where there was no answer. */
  readonly httpStatus: number;
  /** May the same call succeed later? A write may have worked though its answer was lost. */
  readonly isRetryable: boolean;
  /** What a person can do about it, in a sentence. */
  readonly advice: string;

  constructor(failure: Failure) {
    super(failure.message);
    this.kind = failure.kind;
    this.code = failure.code ?? 0;
    this.details = failure.details ?? "";
    this.reqId = failure.reqId ?? "";
    this.httpStatus = failure.httpStatus ?? 0;
    this.isRetryable = failure.isRetryable ?? false;
    this.advice = failure.advice ?? "";
  }
}
