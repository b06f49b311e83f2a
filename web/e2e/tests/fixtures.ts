// A signed-in page that fails its test on any console error, and an axe check.
import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { token } from "../environment";

export const test = base.extend<{ page: Page }>({
  page: async ({ page, baseURL }, use, info) => {
    const errors: string[] = [];
    const kind = info.title.includes("legacy client") ? "javascript" : "browser";
    page.on("request", (request) => noteCall(kind, request.method(), request.url()));
    // The browser notes every refusal of the API in its console; a test that provokes one says so.
    const refused = info.annotations.some((a) => a.type === "refused");
    // So with a line that breaks.
    const broken = info.annotations.some((a) => a.type === "broken");
    page.on("console", (message) => {
      const expected = (refused && /status of 4\d\d/.test(message.text())) || (broken && /net::ERR_/.test(message.text()));
      if (message.type() === "error" && !expected) errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(String(error)));
    const reply = await page.request.post("/labelscope/v1/sign-in", { data: { token }, headers: { origin: baseURL ?? "" } });
    expect(reply.ok(), await reply.text()).toBe(true);
    await use(page);
    expect(errors, "errors in the browser's console").toEqual([]);
  },
});

export { expect };

/** Notes a call of the API, for docs/coverage.md: what the table says is called is called. */
export function noteCall(kind: "browser" | "javascript", method: string, url: string): void {
  const folder = process.env.LABELSCOPE_CALLED;
  const { pathname } = new URL(url);
  if (folder && pathname.startsWith("/v2/")) appendFileSync(join(folder, `${kind}.txt`), `${method} ${pathname}\n`);
}

/** No violation of the WCAG A and AA rules on the page as it stands. */
export async function accessible(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  const said = found.violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.map((n) => `    ${n.html}\n    ${n.failureSummary}`).join("\n")}`);
  expect(said.join("\n"), "axe").toBe("");
}

/** Pictures for people to look at; they stay out of the repository. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.LABELSCOPE_SHOTS;
  if (!folder) return;
  const size = page.viewportSize() ?? { width: 1280, height: 800 };
  for (const [width, height, suffix] of [[1280, 800, "wide"], [390, 844, "narrow"]] as const) {
    await page.setViewportSize({ width, height });
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.waitForTimeout(150);
      await page.screenshot({ path: `${folder}/${name}-${suffix}-${theme}.png` });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(size);
}
