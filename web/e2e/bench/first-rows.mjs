// Opens the concepts page in a fresh browser profile and prints, as JSON, when its first rows were there.
// Slow is CPU 4x and 150 ms, 1.6/0.75 Mbit/s: what Lighthouse calls slow 4G.
import { chromium } from "playwright-core";

const url = process.env.LABELSCOPE_URL;
const token = process.env.LABELSCOPE_TOKEN;
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

async function open(slow) {
  const browser = await chromium.launch({ executablePath: process.env.LABELSCOPE_CHROMIUM, args: flags });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  // Signed in before the clock starts, as on any visit but the first.
  const answer = await context.request.post(`${url}/labelscope/v1/sign-in`, { data: { token }, headers: { origin: url } });
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
  const page = await context.newPage();
  await page.addInitScript(() => {
    window.__rows = undefined;
    window.__longest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.__longest = Math.max(window.__longest, entry.duration);
    }).observe({ type: "longtask", buffered: true });
    const look = () => {
      const rows = document.querySelectorAll('[role="row"][aria-rowindex], tr[aria-rowindex]');
      const filled = [...rows].filter((row) => /concept number/.test(row.textContent ?? ""));
      if (filled.length >= 5) window.__rows = performance.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  const cdp = await context.newCDPSession(page);
  await cdp.send("Network.enable");
  let bytes = 0;
  let requests = 0;
  cdp.on("Network.requestWillBeSent", (event) => { if (event.request.url.startsWith("http")) requests += 1; });
  cdp.on("Network.loadingFinished", (event) => { bytes += event.encodedDataLength; });
  if (slow) {
    await cdp.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 });
    await cdp.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  }
  await page.goto(`${url}/demo/concepts`, { waitUntil: "commit" });
  await page.waitForFunction(() => window.__rows !== undefined, null, { timeout: 120_000, polling: 50 });
  const at = { bytes, requests };
  const seen = await page.evaluate(() => ({ rows: window.__rows, longest: window.__longest, fcp: performance.getEntriesByName("first-contentful-paint")[0]?.startTime }));
  await browser.close();
  return { ...seen, ...at };
}

const median = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];

async function several(slow, runs) {
  const all = [];
  for (let i = 0; i < runs; i += 1) all.push(await open(slow));
  const pick = (name) => Math.round(median(all.map((one) => one[name])));
  return {
    runs,
    first_rows_ms: pick("rows"),
    first_contentful_paint_ms: pick("fcp"),
    longest_task_ms: pick("longest"),
    transferred_bytes_at_first_rows: pick("bytes"),
    requests_at_first_rows: pick("requests"),
  };
}

console.log(JSON.stringify({ concepts: 100_000, unthrottled: await several(false, 5), cpu4x_slow4g: await several(true, 3) }));
