// The vendor's older JavaScript client, which speaks REST, against our server: the same calls from Node and from a page.
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { readFileSync } from "node:fs";
import { root, token } from "../environment";
import { expect, test } from "./fixtures";

/** As much of the client as the calls below need; it has no types of its own. */
interface Listed<T> { length: number; rawData: T[] }
interface Named { id: string; name?: string }
interface Legacy {
  App: new (options: { apiKey: string; apiEndpoint: string; userId: string; appId: string }) => {
    concepts: {
      create(concepts: Named[]): Promise<Listed<Named>>;
      list(page: { page: number; perPage: number }): Promise<Listed<Named>>;
      get(id: string): Promise<Named>;
      search(name: string, language?: string): Promise<Listed<Named>>;
      update(concepts: Named[]): Promise<Listed<Named>>;
    };
    inputs: {
      create(inputs: unknown[]): Promise<Listed<Named>>;
      list(page: { page: number; perPage: number }): Promise<Listed<Named>>;
      get(id: string): Promise<Named & { rawData: { data: { concepts: Named[]; metadata: unknown } } }>;
      mergeConcepts(inputs: unknown): Promise<Listed<Named>>;
      deleteConcepts(inputs: unknown): Promise<Listed<Named>>;
      search(queries: unknown[], page?: { page: number; perPage: number }): Promise<{ hits: { score: number; input: Named }[] }>;
      getStatus(): Promise<{ counts: Record<string, number> }>;
      delete(id: string | string[]): Promise<{ data: { status: { code: number } } }>;
    };
    models: {
      create(id: string, concepts: Named[]): Promise<Named>;
      list(page: { page: number; perPage: number }): Promise<Listed<Named>>;
      get(id: string): Promise<Named>;
      getOutputInfo(id: string): Promise<{ rawData: { output_info: { data: { concepts: Named[] } } } }>;
      delete(ids: string): Promise<{ status: { code: number } }>;
    };
  };
}

interface Findings {
  created: string[];
  read: string;
  renamed: string | undefined;
  found: string[];
  inputs: string[];
  listed: boolean;
  merged: string[];
  removed: string[];
  metadata: unknown;
  byConcept: string[];
  byMetadata: string[];
  nearby: string[];
  counted: boolean;
  model: string;
  modelConcepts: string[];
  modelGone: number;
  one: number;
  several: number;
  missing: string;
}

/** Everything that the client can do here. It runs in Node and in the page, so it may lean on nothing around it. */
async function flow(given: { client?: Legacy; url: string; token: string; app: string; mark: string; picture: string }): Promise<Findings> {
  const client = given.client ?? (globalThis as unknown as { LegacyClient: Legacy }).LegacyClient;
  const app = new client.App({ apiKey: given.token, apiEndpoint: given.url, userId: "me", appId: given.app });
  const id = (name: string) => `${name}-${given.mark}`;
  const created = await app.concepts.create([{ id: id("cat"), name: `Café ${given.mark}` }, { id: id("dog"), name: id("dog") }]);
  const read = await app.concepts.get(id("cat"));
  const renamed = await app.concepts.update([{ id: id("dog"), name: `hound ${given.mark}` }]);
  const found = await app.concepts.search(`CAFE ${given.mark.slice(0, 4)}*`);
  const inputs = await app.inputs.create([
    { id: id("i1"), base64: given.picture, concepts: [{ id: id("cat"), value: true }], metadata: { mark: given.mark, deep: { k: 1 } }, geo: { longitude: 10, latitude: 50 } },
    { id: id("i2"), base64: given.picture, concepts: [{ id: id("cat"), value: false }], metadata: { mark: given.mark } },
  ]);
  const page = await app.inputs.list({ page: 1, perPage: 1000 });
  const merging = [{ id: id("i1"), concepts: [{ id: id("dog"), value: true }] }];
  await app.inputs.mergeConcepts(merging);
  const merged = await app.inputs.get(id("i1"));
  const removing = [{ id: id("i1"), concepts: [{ id: id("dog") }] }];
  const byConcept = await app.inputs.search([{ concept: { id: id("cat"), type: "input" } }], { page: 1, perPage: 50 });
  const byMetadata = await app.inputs.search([{ input: { metadata: { mark: given.mark } } }]);
  const nearby = await app.inputs.search([
    { input: { metadata: { mark: given.mark } } },
    { input: { geo: { longitude: 10.1, latitude: 50.1, type: "withinKilometers", value: 100 } } },
  ]);
  await app.inputs.deleteConcepts(removing);
  const removed = await app.inputs.get(id("i1"));
  const status = await app.inputs.getStatus();
  const model = await app.models.create(id("model"), [{ id: id("cat") }]);
  const info = await app.models.getOutputInfo(id("model"));
  const modelGone = await app.models.delete(id("model"));
  const one = await app.inputs.delete(id("i1"));
  const several = await app.inputs.delete([id("i2")]);
  // A page's console tells every 404 as an error of its own.
  const missing = given.client
    ? await app.concepts.get("no-such-concept").then(
        () => "found",
        (error: { response?: { data?: { status?: { code?: number } } } }) => String(error.response?.data?.status?.code),
      )
    : "not asked";
  const ids = (hits: { hits: { input: { id: string } }[] }) => hits.hits.map((hit) => hit.input.id).sort();
  return {
    created: created.rawData.map((c) => c.id),
    read: read.name ?? "",
    renamed: renamed.rawData[0]?.name,
    found: found.rawData.map((c) => c.id),
    inputs: inputs.rawData.map((i) => i.id),
    listed: page.rawData.some((i) => i.id === id("i2")),
    merged: merged.rawData.data.concepts.map((c) => c.id),
    removed: removed.rawData.data.concepts.map((c) => c.id),
    metadata: removed.rawData.data.metadata,
    byConcept: ids(byConcept),
    byMetadata: ids(byMetadata),
    nearby: ids(nearby),
    counted: (status.counts.processed ?? 0) >= 2,
    model: model.id,
    modelConcepts: info.rawData.output_info.data.concepts.map((c) => c.id),
    modelGone: modelGone.status.code,
    one: one.data.status.code,
    several: several.data.status.code,
    missing,
  };
}

function expected(mark: string, missing: string): Findings {
  const id = (name: string) => `${name}-${mark}`;
  return {
    created: [id("cat"), id("dog")],
    read: `Café ${mark}`,
    renamed: `hound ${mark}`,
    found: [id("cat")],
    inputs: [id("i1"), id("i2")],
    listed: true,
    merged: [id("cat"), id("dog")],
    removed: [id("cat")],
    metadata: { mark, deep: { k: 1 } },
    byConcept: [id("i1")],
    byMetadata: [id("i1"), id("i2")],
    nearby: [id("i1")],
    counted: true,
    model: id("model"),
    modelConcepts: [id("cat")],
    modelGone: 10000,
    one: 10000,
    several: 10000,
    missing,
  };
}

const picture = readFileSync(join(root, "testdata/indoor85/images/indoor_001.jpg")).toString("base64");

/** What other files find in the app they share does not change. */
const app = `of-the-legacy-client-${process.pid}`;

test.beforeAll(async () => {
  const headers = { authorization: `Key ${token}` };
  const made = await fetch(`${process.env.LABELSCOPE_URL}/v2/users/me/apps`, { method: "POST", headers, body: JSON.stringify({ apps: [{ id: app }] }) });
  expect(made.ok, await made.text()).toBe(true);
});

test("the legacy client, in Node", async ({ baseURL }) => {
  const client = createRequire(__filename)("clarifai") as Legacy;
  const found = await flow({ client, url: baseURL ?? "", token, app, mark: "node7f3a", picture });
  expect(found).toEqual(expected("node7f3a", "11101"));
});

test.describe("in a page", () => {
  // The page's own policy lets no foreign script in; here the script is the test.
  test.use({ bypassCSP: true });

  test("the legacy client, in Chromium", async ({ page, baseURL }) => {
    const bundle = buildSync({
      stdin: { contents: 'globalThis.LegacyClient = require("clarifai");', resolveDir: root },
      bundle: true,
      write: false,
      platform: "browser",
      format: "iife",
      banner: { js: "var process = { env: {} }; var global = globalThis;" },
      logLevel: "error",
    });
    await page.goto("/");
    await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? "" });
    const given = { url: baseURL ?? "", token, app, mark: "page91bc", picture };
    const found = await page.evaluate(flow, given);
    expect(found).toEqual(expected("page91bc", "not asked"));
  });
});
