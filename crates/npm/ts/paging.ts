// Listings: page by page, item by item.
import type { CallOptions } from "./options.js";

/** The same message to send: what it always has in a reply may be left out of a request. */
export type Loose<T> = T extends readonly (infer U)[]
  ? readonly Loose<U>[]
  : T extends object
    ? { [K in keyof T]?: Loose<T[K]> | undefined }
    : T;

/** How an operation pages: by number in its fields, by number in a message, or after an id. */
export interface Paging {
  style: "page" | "pagination" | "last_id";
  /** The reply's field with the items. */
  items: string;
}

/** Sends operations by name. */
export interface Sender {
  send<R>(name: string, request: object, options?: CallOptions): Promise<R>;
}

/** A page, and where a listing can go on after it. */
export interface Page<T, R> {
  items: T[];
  /** The whole reply. */
  reply: R;
  /** For the same request: merged into it, the listing begins after this page. */
  next: { page: number } | { pagination: { page: number; per_page: number } } | { last_id: string };
}

interface Paged {
  page?: number;
  per_page?: number;
  pagination?: { page?: number; per_page?: number };
}

/** A listing. Nothing is asked of the server until it is iterated, and no page before it is needed. */
export class List<T, R> implements AsyncIterable<T> {
  readonly #sender: Sender;
  readonly #name: string;
  readonly #request: object;
  readonly #paging: Paging;
  readonly #options: CallOptions;

  constructor(sender: Sender, name: string, request: object, paging: Paging, options: CallOptions) {
    this.#sender = sender;
    this.#name = name;
    this.#request = request;
    this.#paging = paging;
    this.#options = options;
  }

  /** Page by page, until one is empty. */
  async *pages(): AsyncGenerator<Page<T, R>, void, undefined> {
    const { style, items: field } = this.#paging;
    const asked = this.#request as Paged;
    const at = style === "pagination" ? (asked.pagination ?? {}) : asked;
    const per_page = at.per_page || 100;
    let page = at.page || 1;
    let last: { last_id?: string } = {};
    for (;;) {
      const place =
        style === "page" ? { page, per_page } : style === "pagination" ? { pagination: { page, per_page } } : { per_page, ...last };
      const reply = await this.#sender.send<R>(this.#name, { ...this.#request, ...place }, this.#options);
      const items = ((reply as Record<string, unknown>)[field] ?? []) as T[];
      const end = items.at(-1);
      if (end === undefined) return;
      page += 1;
      const last_id = (end as { id?: string }).id ?? "";
      last = { last_id };
      const next = style === "page" ? { page } : style === "pagination" ? { pagination: { page, per_page } } : { last_id };
      yield { items, reply, next };
    }
  }

  /** Item by item. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }

  /** The items as an array: all, or the first `limit`. */
  async toArray({ limit = Infinity }: { limit?: number } = {}): Promise<T[]> {
    const all: T[] = [];
    if (limit <= 0) return all;
    for await (const item of this) {
      all.push(item);
      if (all.length >= limit) break;
    }
    return all;
  }
}
