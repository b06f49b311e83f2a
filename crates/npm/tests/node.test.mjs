// The installed package in Node, against a server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Labelscope, LabelscopeError, StatusCode } from "labelscope";

const baseUrl = process.env.LABELSCOPE_URL;
const token = process.env.LABELSCOPE_TOKEN;
const ls = new Labelscope({ baseUrl, token, userId: "me", appId: "npm" });

test("an app is made, filled and paged", async () => {
  await ls.apps.create({ apps: [{ id: "npm" }] });
  const concepts = Array.from({ length: 25 }, (_, n) => ({ id: `node-${String(n).padStart(2, "0")}`, name: `ö ${n}` }));
  const made = await ls.concepts.create({ concepts });
  assert.equal(made.concepts.length, 25);
  const names = [];
  for await (const concept of ls.concepts.list({ id: "node-", per_page: 10 })) names.push(concept.name);
  assert.equal(new Set(names).size, 25);
  assert.ok(names.includes("ö 24"));
  assert.equal((await ls.concepts.list({ id: "node-", per_page: 4 }).toArray({ limit: 7 })).length, 7);
  const pages = ls.concepts.list({ id: "node-", per_page: 10 }).pages();
  const { value: first } = await pages.next();
  await pages.return();
  const rest = await ls.concepts.list({ id: "node-", per_page: 10, ...first.next }).toArray();
  assert.equal(first.items.length + rest.length, 25);
});

test("an id goes into the path as one segment", async () => {
  const id = "a b%2Fc?d#ö";
  await ls.concepts.create({ concepts: [{ id, name: "odd" }] });
  assert.equal((await ls.concepts.get({ concept_id: id })).concept.id, id);
});

test("a failure has its code, its words and the id of the request", async () => {
  await assert.rejects(ls.concepts.get({ concept_id: "no such one" }), (error) => {
    assert.ok(error instanceof LabelscopeError && error instanceof Error);
    assert.equal(error.code, StatusCode.CONN_DOES_NOT_EXIST);
    assert.equal(error.httpStatus, 404);
    assert.equal(error.kind, "not_found");
    assert.notEqual(error.reqId, "");
    assert.equal(error.isRetryable, false);
    return true;
  });
  await assert.rejects(ls.concepts.get({ concept_id: "" }), { kind: "invalid" });
  await assert.rejects(ls.send("GetNothing", {}), { kind: "invalid", message: /GetNothing/ });
  const stranger = new Labelscope({ baseUrl, token: "a wrong token", appId: "npm" });
  await assert.rejects(stranger.concepts.list().toArray(), { kind: "unauthorized" });
  await stranger.free();
});

test("inputs stream by id, and a dataset becomes a version and an archive", async () => {
  const inputs = Array.from({ length: 7 }, (_, n) => ({ id: `t${n}`, data: { text: { raw: `text ${n}` } } }));
  await ls.inputs.create({ inputs });
  assert.equal((await ls.inputs.processed({ input_id: "t0" }).ready()).status.code, StatusCode.INPUT_SUCCESS);
  const ids = (await ls.inputs.stream({ per_page: 3 }).toArray()).map((input) => input.id);
  assert.deepEqual([...ids].sort(), inputs.map((input) => input.id));
  await ls.datasets.create({ datasets: [{ id: "d" }] });
  await ls.datasets.addInputs({ dataset_id: "d", dataset_inputs: ids.map((id) => ({ input: { id } })) });
  const version = await ls.datasets.createVersion({ dataset_id: "d", id: "v1" }).ready();
  assert.equal(version.status.code, StatusCode.DATASET_VERSION_READY);
  const done = await ls.datasets.export({ dataset_id: "d", dataset_version_id: "v1", format: 3 }).ready();
  assert.equal(done.status.code, StatusCode.DATASET_VERSION_EXPORT_SUCCESS);
  assert.ok(Number(done.size) > 0);
});

test("an aborted call fails with the signal's reason", async () => {
  const reason = new Error("enough");
  await assert.rejects(ls.concepts.list({}, { signal: AbortSignal.abort(reason) }).toArray(), reason);
  const controller = new AbortController();
  const never = new Labelscope({ baseUrl, appId: "npm", fetch: () => new Promise(() => undefined) });
  const call = never.concepts.get({ concept_id: "a" }, { signal: controller.signal });
  setTimeout(() => controller.abort(reason), 10);
  await assert.rejects(call, reason);
  await never.free();
});

test("a fetch of one's own is asked, and a busy server is asked again", async () => {
  const asked = [];
  const own = new Labelscope({
    baseUrl: "http://somewhere.invalid",
    token: "t",
    appId: "a",
    fetch: async (request) => {
      asked.push([request.method, new URL(request.url).pathname, request.headers.get("authorization")]);
      return asked.length === 1
        ? Response.json({ status: { code: 11005 } }, { status: 429 })
        : Response.json({ status: { code: 10000 }, concept: { id: "c" } });
    },
  });
  assert.equal((await own.concepts.get({ concept_id: "c" })).concept.id, "c");
  assert.deepEqual(asked, Array(2).fill(["GET", "/v2/users/me/apps/a/concepts/c", "Key t"]));
  await own.free();
});

test("any path can be called", async () => {
  const { status, body } = await ls.raw("GET", "/labelscope/v1/info");
  assert.equal(status, 200);
  assert.equal(typeof body, "object");
  assert.equal((await ls.raw("GET", "/v2/users/me/apps/none")).status, 404);
  await ls.free();
});
