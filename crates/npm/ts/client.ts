import { under } from "./call.js";
import type { CallOptions } from "./options.js";
import * as generated from "./generated.js";
import { Datasets, Evaluations, Inputs } from "./jobs.js";
import type { Sender } from "./paging.js";
import { loaded } from "./load.js";
import { Core } from "../wasm/labelscope_npm.js";

/** Where to send, and as whom. */
export interface LabelscopeOptions {
  /** Such as `http://127.0.0.1:8080`. `https://api.clarifai.com` is sent 15 requests a second at most. */
  baseUrl: string;
  /** Absent: by the session's cookie, from a page of the same origin. */
  token?: string;
  /** Whose apps; `me`, unless told otherwise, is the owner of the token. */
  userId?: string;
  /** Which app. A call can name another by `user_app_id`. */
  appId?: string;
  /** In the place of the global `fetch`. It gets a `Request`. */
  fetch?: (request: Request) => Promise<Response>;
}

/** An answer as it came. */
export interface RawReply {
  status: number;
  body: unknown;
}

/** A client of the data API. Make one and keep it; `free` gives its memory back. */
export class Labelscope implements Sender {
  readonly #core: Promise<Core>;
  readonly #scope: { user_id: string; app_id?: string };
  readonly annotationFilters = new generated.AnnotationFiltersOperations(this);
  readonly annotations = new generated.AnnotationsOperations(this);
  readonly apps = new generated.AppsOperations(this);
  readonly concepts = new generated.ConceptsOperations(this);
  readonly datasets = new Datasets(this);
  readonly evaluations = new Evaluations(this);
  readonly inputs = new Inputs(this);
  readonly models = new generated.ModelsOperations(this);
  readonly searches = new generated.SearchesOperations(this);
  readonly statusCodes = new generated.StatusCodesOperations(this);
  readonly users = new generated.UsersOperations(this);

  constructor({ baseUrl, token, userId = "me", appId, fetch }: LabelscopeOptions) {
    this.#scope = appId === undefined ? { user_id: userId } : { user_id: userId, app_id: appId };
    this.#core = loaded().then(() => new Core(baseUrl, token, fetch as ((request: Request) => unknown) | undefined));
    // A failure to load is told by the first call; here nobody listens yet.
    this.#core.catch(() => undefined);
  }

  /** Sends an operation by its name, typed by the table of operations. */
  async call<N extends keyof generated.Operations>(
    name: N,
    request: generated.Operations[N]["request"],
    options: CallOptions = {},
  ): Promise<generated.Operations[N]["reply"]> {
    return this.send(name, request, options);
  }

  /** Sends an operation by its name. */
  async send<R>(name: string, request: object, options: CallOptions = {}): Promise<R> {
    const own = (request as { user_app_id?: object }).user_app_id;
    const text = JSON.stringify({ ...request, user_app_id: { ...this.#scope, ...own } });
    const core = await this.#core;
    return (await under(options.signal, (canceller) => core.send(name, text, canceller))) as R;
  }

  /** Calls any path below the base. A failure that the API puts into words is an answer here. */
  async raw(
    method: string,
    path: string,
    { query = "", json, signal }: { query?: string; json?: unknown } & CallOptions = {},
  ): Promise<RawReply> {
    const body = json === undefined ? undefined : JSON.stringify(json);
    const core = await this.#core;
    return (await under(signal, (canceller) => core.call(method, path, query, body, canceller))) as RawReply;
  }

  /** Gives back what the client holds in the wasm. Calls after it fail. */
  async free(): Promise<void> {
    (await this.#core).free();
  }
}
