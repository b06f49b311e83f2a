// The installed package in Chromium, from a page whose policy allows wasm and nothing else.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";

const { chromium } = createRequire(join(process.env.LABELSCOPE_ROOT, "package.json"))("playwright-core");
const baseUrl = process.env.LABELSCOPE_URL;
const port = Number(process.env.LABELSCOPE_PAGE_PORT);
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };
const POLICY = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${baseUrl}`;
const PAGE = '<!doctype html><title>Test</title><script type="module" src="/page.js"></script>';
const SCRIPT = 'import * as all from "/node_modules/labelscope/dist/index.js"; globalThis.labelscope = all;';

const site = createServer(async (request, response) => {
  const path = new URL(request.url, "http://page").pathname;
  const fixed = { "/": PAGE, "/page.js": SCRIPT }[path];
  try {
    const body = fixed ?? (await readFile(join(process.cwd(), path)));
    response.writeHead(200, {
      "content-type": TYPES[path === "/" ? ".html" : extname(path)] ?? "text/plain",
      "content-security-policy": POLICY,
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
let browser;

before(async () => {
  await new Promise((resolve) => site.listen(port, "127.0.0.1", resolve));
  const args = process.env.LABELSCOPE_CHROMIUM_FLAGS.split(" ").filter((flag) => flag !== "" && flag !== "--headless");
  browser = await chromium.launch({ executablePath: process.env.LABELSCOPE_CHROMIUM, args });
});

after(async () => {
  await browser?.close();
  site.closeAllConnections();
  site.close();
});

test("a page lists concepts and meets an error", async () => {
  const page = await browser.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.waitForFunction("globalThis.labelscope !== undefined");
  const seen = await page.evaluate(
    async ({ baseUrl, token }) => {
      const { Labelscope, LabelscopeError } = globalThis.labelscope;
      const ls = new Labelscope({ baseUrl, token, appId: "npm-page" });
      await ls.apps.create({ apps: [{ id: "npm-page" }] });
      await ls.concepts.create({ concepts: [{ id: "a" }, { id: "b" }, { id: "c" }] });
      const ids = (await ls.concepts.list({ per_page: 2 }).toArray()).map((concept) => concept.id);
      const error = await ls.concepts.get({ concept_id: "z" }).catch((e) => e);
      const controller = new AbortController();
      const call = ls.concepts.list({}, { signal: controller.signal }).toArray();
      controller.abort();
      const aborted = await call.catch((e) => e.name);
      await ls.free();
      return { ids: ids.sort(), known: error instanceof LabelscopeError, kind: error.kind, aborted };
    },
    { baseUrl, token: process.env.LABELSCOPE_TOKEN },
  );
  assert.deepEqual(seen, { ids: ["a", "b", "c"], known: true, kind: "not_found", aborted: "AbortError" });
  assert.deepEqual(complaints, []);
});
