// Runs beside each other: two classifiers on the same digits.
import type { Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { digits, evaluate } from "./digits";
import { accessible, expect, shoot, test } from "./fixtures";
import { send } from "./own-app";

test.describe.configure({ mode: "serial" });

// Ten neighbours often tie: of equal scores the concept whose id comes first is the surest, as in the reference file.
const knn10 = { accuracy: "0.9110", gain: "0.0289", f1Gain: "+0.0308", bothRight: 790, fixed: 55, p: "0.0060" };
const broken = 29;
const bothWrong = 25;

const runs: { knn10: string; logreg: string; failed: string } = { knn10: "", logreg: "", failed: "" };

const address = (...ids: string[]) => `/beside/compare?runs=${ids.join(",")}`;

/** A row of the differences. */
function figure(page: Page, name: RegExp) {
  return page.getByRole("table", { name: "Figures of both runs and their difference" }).getByRole("row", { name });
}

/** What is shown of the ledger. */
function ledger(page: Page) {
  return page.getByRole("region", { name: "Ledger" });
}

test("figures of two classifiers differ as computed elsewhere, and it is said what means something", async ({ page }) => {
  test.setTimeout(150_000);
  await digits(page, "beside", ["knn10", "logreg"]);
  runs.knn10 = await evaluate(page, "beside", "knn10", "knn10-1", "digits");
  runs.logreg = await evaluate(page, "beside", "logreg", "logreg-1", "digits");
  await page.goto(address(runs.knn10, runs.logreg));
  await expect(page.getByText(/^same ground truth: .*digits.*, 899 inputs$/)).toBeVisible();
  const accuracy = figure(page, /^Accuracy/);
  await expect(accuracy).toContainText(knn10.accuracy);
  await expect(accuracy).toContainText("0.9399");
  await expect(accuracy).toContainText(`+${knn10.gain}`);
  await expect(accuracy).toContainText("Better");
  await expect(figure(page, /^Macro F1/)).toContainText(knn10.f1Gain);
  await expect(figure(page, /^Log loss lower is better/)).toContainText("−0.2795");
  // Its interval holds 0.
  await expect(figure(page, /^Brier score/)).toContainText("Not distinguishable");
  await expect(page.getByText("95 % interval, paired bootstrap, 4,000 draws")).toBeVisible();
  const against = page.getByRole("table", { name: "Inputs by outcome in both runs" });
  for (const [name, count] of [["right in both", knn10.bothRight], ["broken", broken], ["fixed", knn10.fixed], ["wrong in both", bothWrong]] as const) {
    await expect(against.getByRole("button", { name: `${count} ${name}` })).toHaveText(String(count));
  }
  await expect(page.getByText(`McNemar, exact: p = ${knn10.p}. ${knn10.fixed} fixed against ${broken} broken would be rare by chance.`)).toBeVisible();
  // The same page shows the same intervals.
  const said = await accuracy.getByRole("img").getAttribute("aria-label");
  await page.reload();
  await expect(accuracy.getByRole("img")).toHaveAttribute("aria-label", said ?? "none");
  await expect(page.getByRole("img", { name: /^F1 by class, knn10 to logreg\. 8: 0\.7\d+ to 0\.890;/ })).toBeVisible();
  await expect(page.getByRole("grid", { name: "Confusion matrix of logreg less that of knn10" })).toBeVisible();
  await expect(page.getByRole("img", { name: /^PR curve: Precision over Recall\. knn10 0\.\d{3}, logreg 0\.983/i })).toBeVisible();
  await accessible(page);
  await shoot(page, "compare");
});

test("the ledger holds what was fixed and broken, by outcome, class and id", async ({ page }) => {
  await page.goto(address(runs.knn10, runs.logreg));
  const count = ledger(page).getByRole("status");
  await expect(count).toHaveText(`${knn10.fixed + broken} inputs`);
  const rows = ledger(page).locator("tbody tr[aria-rowindex]");
  // The first of the test digits that changed.
  await expect(rows.first()).toContainText("digit_0037");
  await expect(rows.first()).toContainText("Fixed");
  await expect(rows.first().locator("td")).toHaveText(["9", "3, wrong", "0.50", "9", "0.37", "Fixed"]);
  await expect.poll(() => rows.first().locator("img").evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  await ledger(page).getByRole("button", { name: "Broken 29" }).click();
  await expect(count).toHaveText(`${knn10.fixed} inputs`);
  await expect(page).toHaveURL(/outcome=fixed/);
  await page.goBack();
  await expect(count).toHaveText(`${knn10.fixed + broken} inputs`);
  await page.getByRole("button", { name: "25 wrong in both" }).click();
  await expect(count).toHaveText(`${bothWrong} inputs`);
  await expect(ledger(page).getByRole("button", { name: "Still wrong 25" })).toHaveAttribute("aria-pressed", "true");
  await ledger(page).getByRole("searchbox", { name: "Input's id" }).fill("no such digit");
  await expect(ledger(page).getByText("No input has this outcome.")).toBeVisible();
  await ledger(page).getByRole("searchbox", { name: "Input's id" }).fill("");
  await expect(count).toHaveText(`${bothWrong} inputs`);
  await ledger(page).getByRole("button", { name: "Still wrong 25" }).click();
  // No outcome chosen: all inputs, of which only those in view are in the page.
  await expect(count).toHaveText("899 inputs");
  expect(await rows.count()).toBeLessThan(60);
  const saved = page.waitForEvent("download");
  await ledger(page).getByRole("button", { name: "Save as CSV" }).click();
  const file = await (await saved).path();
  const lines = readFileSync(file, "utf8").trim().split("\r\n");
  expect(lines.length).toBe(900);
  expect(lines.filter((l) => l.endsWith(",Fixed")).length).toBe(knn10.fixed);
  await accessible(page);
  await page.goto(address(runs.knn10, runs.logreg));
  await rows.first().getByRole("link", { name: "digit_0037" }).click();
  await expect(page).toHaveURL(/\/beside\/inputs\?input=digit_0037/);
  await expect(page.getByRole("heading", { name: "digit_0037" })).toBeVisible();
});

test("a class leads to its inputs, and all that is chosen stands in the address", async ({ page }) => {
  await page.goto(address(runs.knn10, runs.logreg));
  await page.locator(".dumbbell .pair").first().click();
  await expect(page).toHaveURL(/concept=8/);
  await expect(ledger(page).getByText("Class 8")).toBeVisible();
  await page.getByRole("combobox", { name: "Curve", exact: true }).selectOption({ label: "ROC curve" });
  await page.getByRole("spinbutton", { name: "Threshold, as a number" }).fill("0.25");
  await page.getByRole("spinbutton", { name: "Threshold, as a number" }).blur();
  await expect(page).toHaveURL(/t=0\.25/);
  await page.reload();
  await expect(page.getByRole("spinbutton", { name: "Threshold, as a number" })).toHaveValue("0.25");
  await expect(page.getByRole("img", { name: /^ROC curve: True positive rate over False positive rate/ })).toBeVisible();
  await expect(ledger(page).getByText("Class 8")).toBeVisible();
  const changed = await ledger(page).getByRole("status").textContent();
  await ledger(page).getByRole("button", { name: "All classes" }).click();
  await expect(ledger(page).getByRole("status")).toHaveText(`${knn10.fixed + broken} inputs`);
  expect(changed).not.toBe(`${knn10.fixed + broken} inputs`);
});

test("the same figures stand in a table and a file", async ({ page }) => {
  await page.goto(address(runs.knn10, runs.logreg));
  const card = page.getByRole("region", { name: "F1 by class", exact: true });
  await expect(card.getByRole("img")).toBeVisible();
  await card.getByRole("button", { name: "Show as table" }).click();
  await expect(card.getByRole("row")).toHaveCount(11);
  await expect(card.getByRole("row").nth(1)).toContainText("8");
  await accessible(page);
  const saved = page.waitForEvent("download");
  await page.getByRole("region", { name: "Differences", exact: true }).getByRole("button", { name: "Save as CSV" }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe("knn10-logreg-differences.csv");
  const text = readFileSync(await download.path(), "utf8");
  // Spreadsheets take a file without it for Latin-1.
  expect(text.startsWith("\u{feff}")).toBe(true);
  const [head, ...lines] = text.trim().split("\r\n");
  expect(head).toBe("Figure,knn10,logreg,Difference,Interval from,to,Verdict");
  expect(lines.find((l) => l.startsWith("Accuracy,"))).toMatch(/^Accuracy,0\.91\d+,0\.93\d+,0\.02\d+,0\.0\d+,0\.0\d+,Better$/);
});

test("curves and matrix can be walked by the keyboard", async ({ page }) => {
  await page.goto(address(runs.knn10, runs.logreg));
  const chart = page.getByRole("group", { name: /^PR curve: .*Arrow keys/ });
  await chart.focus();
  await page.keyboard.press("ArrowRight");
  await expect(chart.locator("[aria-live=polite]")).toContainText(/^knn10: Recall 0\.\d+, Precision [01]\.\d+, threshold [01]\.\d+/);
  await page.keyboard.press("ArrowDown");
  await expect(chart.locator("[aria-live=polite]")).toContainText(/^logreg: /);
  const matrix = page.getByRole("grid", { name: "Confusion matrix of logreg less that of knn10" });
  const cell = (at: number) => matrix.getByRole("gridcell").getByRole("button").nth(at);
  await cell(0).focus();
  await page.keyboard.press("ArrowRight");
  await expect(cell(1)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(cell(11)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/concept=\d/);
});

test("runs are swapped, taken out and added", async ({ page }) => {
  await page.goto(address(runs.knn10, runs.logreg));
  await expect(figure(page, /^Accuracy/)).toContainText(`+${knn10.gain}`);
  await page.getByRole("button", { name: "Swap the runs" }).click();
  await expect(figure(page, /^Accuracy/)).toContainText(`−${knn10.gain}`);
  await expect(figure(page, /^Accuracy/)).toContainText("Worse");
  await page.getByRole("button", { name: "What to do with knn10" }).click();
  await page.getByRole("button", { name: "Take it out" }).click();
  await expect(page.getByRole("heading", { name: "One run only" })).toBeVisible();
  await expect(page.getByText(/^logreg on digits.* is ready$/)).toBeVisible();
  await accessible(page);
  await shoot(page, "compare-one");
  await page.getByRole("button", { name: "Add knn10 on digits" }).click();
  await expect(figure(page, /^Accuracy/)).toContainText(`−${knn10.gain}`);
  await page.getByRole("button", { name: "Add run" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a run" });
  await expect(dialog.getByText("No other evaluation fits.")).toBeVisible();
  await accessible(page);
});

test("what cannot be compared says why", { annotation: { type: "refused" } }, async ({ page }) => {
  await page.goto("/beside/compare");
  await expect(page.getByRole("heading", { name: "Compare evaluations" })).toBeVisible();
  await accessible(page);
  await shoot(page, "compare-none");
  await page.goto(address(runs.knn10, "no-such-evaluation"));
  await expect(page.getByRole("alert")).toContainText("no-such-evaluation cannot be compared");
  await accessible(page);
  // A version without predictions: its evaluation failed.
  const scope = { user_id: "me", app_id: "beside" };
  await send(page, "POST", "/apps/beside/models", { model: { id: "silent", name: "silent", model_type_id: "visual-classifier", model_version: { id: "silent-1" } } });
  const wanted = { model: { id: "silent", ...scope, model_version: { id: "silent-1" } }, ground_truth_dataset: { id: "digits", ...scope } };
  const begun = await send(page, "POST", "/apps/beside/evaluations", { eval_metrics: [wanted] });
  runs.failed = begun.eval_metrics[0].id;
  await expect.poll(async () => (await send(page, "GET", `/apps/beside/evaluations/${runs.failed}`)).eval_metrics.status.code, { timeout: 20_000 }).toBe(21313);
  await page.goto(address(runs.knn10, runs.failed));
  await expect(page.getByRole("alert")).toContainText("silent cannot be compared");
  await page.getByRole("alert").getByRole("button", { name: "Take it out" }).click();
  await expect(page.getByRole("heading", { name: "One run only" })).toBeVisible();
});
