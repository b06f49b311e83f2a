// Paints a matrix of 1,000 × 1,000 and 100 curves of 1,000 points in one browser, by the workbench's own charts, Plotly and
// uPlot, and prints, as JSON, how long each takes. The made-up data are the same for all.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const built = process.env.LABELSCOPE_CHARTS;
const modules = createRequire(import.meta.url);
const version = (name) => JSON.parse(readFileSync(join(modules.resolve(`${name}/package.json`)), "utf8")).version;
const from = (name, file) => join(dirname(modules.resolve(`${name}/package.json`)), file);
const files = {
  "/charts.js": join(built, "charts.js"),
  "/charts_bg.wasm": join(built, "charts_bg.wasm"),
  "/main.css": "web/styles/.bundle/main.css",
  "/plotly.js": from("plotly.js-dist-min", "plotly.min.js"),
  "/uplot.js": from("uplot", "dist/uPlot.iife.min.js"),
  "/uplot.css": from("uplot", "dist/uPlot.min.css"),
};
const kinds = { ".js": "text/javascript", ".wasm": "application/wasm", ".css": "text/css" };
const page_text = `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/main.css"><link rel="stylesheet" href="/uplot.css">
<style>body{overflow:auto;height:auto}#place{width:760px;min-height:760px}</style><div id="place"></div>
<script src="/plotly.js"></script><script src="/uplot.js"></script>
<script type="module">import init, * as own from "/charts.js"; await init({ module_or_path: "/charts_bg.wasm" }); window.own = own;</script>`;
const server = createServer((request, reply) => {
  const file = files[request.url];
  if (request.url === "/") reply.setHeader("content-type", "text/html").end(page_text);
  else if (file) reply.setHeader("content-type", kinds[extname(file)]).end(readFileSync(file));
  else reply.writeHead(404).end();
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}/`;

const flags = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const browser = await chromium.launch({ executablePath: process.env.LABELSCOPE_CHROMIUM, args: flags });

/** What happens in the page; `what` names one measurement. It gives times in ms. */
async function measure(what) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(url);
  await page.waitForFunction(() => window.own && window.Plotly && window.uPlot);
  const times = await page.evaluate(async (what) => {
    const place = document.getElementById("place");
    const side = 1000;
    // The same numbers every time: a small generator.
    let seed = 20261123;
    const random = () => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32);
    const cells = new Float32Array(side * side);
    for (let i = 0; i < side; i += 1) cells[i * side + i] = 50 + Math.floor(random() * 50);
    for (let i = 0; i < 20_000; i += 1) cells[Math.floor(random() * cells.length)] += 1 + Math.floor(random() * 5);
    const count = 100, points = 1000;
    const x = new Float32Array(count * points), y = new Float32Array(count * points);
    for (let c = 0; c < count; c += 1) {
      const power = 1 + 9 * random();
      for (let p = 0; p < points; p += 1) {
        x[c * points + p] = p / (points - 1);
        y[c * points + p] = 1 - (p / (points - 1)) ** power * (0.95 + 0.05 * random());
      }
    }
    const z = what === "plotly-matrix" ? Array.from({ length: side }, (_, i) => cells.subarray(i * side, (i + 1) * side)) : [];
    // After the frame that is painted next.
    const painted = () => new Promise((done) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => done(performance.now()); port2.postMessage(0); }));
    await painted();
    const begun = performance.now();
    const [who, chart] = what.split("-");
    if (what === "own-matrix") own.matrix(place, cells);
    if (what === "own-curves") own.curves(place, x, y, points);
    if (what === "plotly-matrix") await Plotly.newPlot(place, [{ type: "heatmap", z }], { width: 760, height: 760 });
    if (what === "plotly-curves") await Plotly.newPlot(place, Array.from({ length: count }, (_, c) => ({ type: "scatter", mode: "lines", x: x.subarray(c * points, (c + 1) * points), y: y.subarray(c * points, (c + 1) * points) })), { width: 760, height: 400 });
    if (what === "uplot-curves") {
      const series = Array.from({ length: count }, (_, c) => Array.from(y.subarray(c * points, (c + 1) * points)));
      new uPlot({ width: 760, height: 400, scales: { x: { time: false } }, legend: { show: false }, series: [{}, ...series.map((_, c) => ({ stroke: `hsl(${c * 3.6} 60% 50%)` }))] }, [Array.from(x.subarray(0, points)), ...series], place);
    }
    const first = (await painted()) - begun;
    // Then the pointer goes over it; what counts is from the event to the number being told.
    const hovers = [];
    if (chart === "matrix") {
      await new Promise((done) => setTimeout(done, 100));
      const over = who === "own" ? document.querySelector(".heat-view") : document.querySelector(".nsewdrag");
      const box = over.getBoundingClientRect();
      const said = () => document.querySelector(".read-out").textContent;
      let told = 0;
      if (who === "plotly") place.on("plotly_hover", () => (told += 1));
      for (let i = 0; i < 200; i += 1) {
        const at = { clientX: box.left + random() * box.width, clientY: box.top + random() * box.height, bubbles: true };
        const before = who === "own" ? said() : told;
        await painted();
        const start = performance.now();
        over.dispatchEvent(who === "own" ? new PointerEvent("pointermove", at) : new MouseEvent("mousemove", at));
        const deadline = start + 1000;
        while ((who === "own" ? said() : told) === before && performance.now() < deadline) await new Promise((done) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = done; port2.postMessage(0); });
        hovers.push((await painted()) - start);
      }
    }
    return { first, hovers };
  }, what);
  await page.close();
  return times;
}

const sorted = (list) => [...list].sort((a, b) => a - b);
const median = (list) => sorted(list)[Math.floor(list.length / 2)];
const round = (ms) => Math.round(ms * 10) / 10;

async function several(what, runs = 5) {
  const all = [];
  for (let i = 0; i < runs; i += 1) all.push(await measure(what));
  const figures = { runs, first_paint_ms: round(median(all.map((one) => one.first))) };
  const hovers = sorted(all.flatMap((one) => one.hovers));
  if (hovers.length > 0) {
    figures.hover_median_ms = round(median(hovers));
    figures.hover_p95_ms = round(hovers[Math.floor(hovers.length * 0.95)]);
  }
  return figures;
}

const figures = {
  matrix_1000x1000: { own: await several("own-matrix"), plotly: await several("plotly-matrix", 3) },
  curves_100x1000: { own: await several("own-curves"), plotly: await several("plotly-curves", 3), uplot: await several("uplot-curves") },
  versions: { plotly: version("plotly.js-dist-min"), uplot: version("uplot"), chromium: browser.version() },
};
await browser.close();
server.close();
console.log(JSON.stringify(figures));
