// One evaluation in its page: figures, matrix, curves, classes, and the inputs behind every number. What is expected stands in
// the reference files, computed with pycocotools and scikit-learn.
import type { Page } from "@playwright/test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../environment";
import { digits, evaluate } from "./digits";
import { accessible, expect, shoot, test } from "./fixtures";
import { ownApp, send } from "./own-app";

test.describe.configure({ mode: "serial" });

const reference = (name: string) => JSON.parse(readFileSync(join(root, "testdata", name), "utf8"));

/** The figure of a tile. */
function tile(page: Page, name: string) {
  return page.locator(".tile").filter({ has: page.locator("dt", { hasText: new RegExp(`^${name.replace(/[.]/g, "\\.")}$`) }) }).locator(".fig");
}

/** The threshold, typed into the slider's field. */
async function threshold(page: Page, value: string): Promise<void> {
  const field = page.getByRole("spinbutton", { name: "Threshold, as a number" });
  await field.fill(value);
  await field.blur();
}

/** How many pairs the inputs view tells. */
function pairs(page: Page) {
  return page.locator(".statusbar.inner");
}

const about: { digits: string; rooms: string } = { digits: "", rooms: "" };

test("a classifier's figures are scikit-learn's, each with its definition", async ({ page }) => {
  test.setTimeout(120_000);
  await digits(page, "digits");
  about.digits = await evaluate(page, "digits", "logreg", "logreg-1", "digits");
  await page.goto(`/digits/evaluations/${about.digits}`);
  await expect(page.getByRole("heading", { level: 1, name: "logreg on digits" })).toBeVisible();
  for (const [name, value] of [["Accuracy", "0.9399"], ["Macro F1", "0.9405"], ["Macro ROC AUC", "0.9971"], ["Mean AP", "0.9805"], ["Log loss", "0.3678"]] as const) {
    await expect(tile(page, name), name).toHaveText(value);
  }
  await expect(page.getByText("845 of 899 right")).toBeVisible();
  await page.getByRole("button", { name: "How Log loss is defined" }).click();
  const definition = page.getByRole("group", { name: "How Log loss is defined" });
  await expect(definition.getByText("The mean over inputs of −ln of the score")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(definition).toBeHidden();
  await expect(page.getByText("845 on the diagonal, 54 off it.")).toBeVisible();
  await accessible(page);
  await shoot(page, "evaluation");
});

test("a cell of the matrix opens as many inputs as it says", async ({ page }) => {
  await page.goto(`/digits/evaluations/${about.digits}`);
  await page.getByRole("button", { name: /^True 8, predicted 1: 7 inputs/ }).click();
  await expect(page).toHaveURL(/truth=8&predicted=1|predicted=1&truth=8/);
  await expect(page.getByRole("group", { name: "Selected cell" }).getByText("7", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Open 7 inputs" }).click();
  await expect(page).toHaveURL(/view=inputs/);
  await expect(pairs(page)).toContainText("7 pairs on 7 inputs");
  const cards = page.getByRole("button", { name: /^Open digit_\d+: Wrong class, true 8 .*, predicted 1/ });
  await expect(cards).toHaveCount(7);
  await expect.poll(() => page.locator(".pair-card img").first().evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(8);
  await accessible(page);
  await shoot(page, "evaluation-inputs");
  await cards.first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("row")).toHaveCount(11);
  await accessible(page);
  await shoot(page, "evaluation-input");
  await page.keyboard.press("Escape");
  await expect(page).not.toHaveURL(/shown=/);
  await page.getByRole("button", { name: "Remove True 8, predicted 1" }).click();
  await expect(pairs(page)).toContainText("899 pairs on 899 inputs");
  await page.goBack();
  await expect(pairs(page)).toContainText("7 pairs on 7 inputs");
});

test("the threshold moves the classes' counts, as scikit-learn counts them", async ({ page }) => {
  const counts = reference("digits/reference/reference_logreg.json").threshold_counts_one_vs_rest;
  const at = counts.find((c: any) => c.threshold === 0.3 && c.operator === ">");
  const eight = at.per_class.find((c: any) => c.class === "8");
  await page.goto(`/digits/evaluations/${about.digits}?view=classes`);
  await page.getByRole("button", { name: "Columns" }).click();
  for (const column of ["TP", "FP", "FN"]) await page.getByRole("checkbox", { name: column, exact: true }).check();
  await page.keyboard.press("Escape");
  await threshold(page, "0.3");
  const row = page.getByRole("row", { name: /^8 / });
  await expect(row).toContainText(new RegExp(`${eight.tp}\\s*${eight.fp}\\s*${eight.fn}`));
  await expect(page).toHaveURL(/t=0\.3/);
  await accessible(page);
  await shoot(page, "evaluation-classes");
  // What is chosen stays chosen, and the address shows the same to others.
  await page.reload();
  await expect(row).toContainText(new RegExp(`${eight.tp}\\s*${eight.fp}\\s*${eight.fn}`));
  await row.getByRole("link", { name: String(eight.fp), exact: true }).first().click();
  await expect(pairs(page)).toContainText(`${eight.fp} pairs`);
  await expect(page.getByRole("button", { name: "False positives" })).toHaveAttribute("aria-pressed", "true");
});

test("classes are sorted, searched and saved", async ({ page }) => {
  await page.goto(`/digits/evaluations/${about.digits}?view=classes`);
  const rows = page.getByRole("table", { name: "Figures by class" }).locator("tbody").getByRole("row");
  await expect(rows).toHaveCount(10);
  await page.getByRole("button", { name: "Class", exact: true }).click();
  await expect(rows.nth(0)).toContainText(/^0/);
  await expect(page).toHaveURL(/sort=name/);
  await page.getByRole("searchbox", { name: "Search classes" }).fill("7");
  await expect(rows).toHaveCount(1);
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save classes as CSV" }).click();
  expect((await saved).suggestedFilename()).toContain("classes.csv");
});

test("scores, the second opinion and what was evaluated have views of their own", async ({ page }) => {
  await page.goto(`/digits/evaluations/${about.digits}`);
  await page.getByRole("navigation", { name: "Views of the evaluation" }).getByRole("link", { name: "Scores" }).click();
  await expect(page.getByText(/Expected calibration error 0\.\d{4}/)).toBeVisible();
  await expect(page.getByRole("heading", { name: "How near the top" })).toBeVisible();
  await accessible(page);
  await shoot(page, "evaluation-scores");
  await page.getByRole("link", { name: "Second opinion" }).click();
  await expect(page.getByText(/all are equal to the 32 bits of the API/)).toBeVisible();
  await accessible(page);
  await shoot(page, "evaluation-opinion");
  await page.getByRole("link", { name: "About", exact: true }).click();
  await expect(page.getByRole("heading", { name: "What was evaluated" })).toBeVisible();
  await accessible(page);
  await shoot(page, "evaluation-about");
  await page.getByRole("link", { name: /^Wrong 54/ }).click();
  await expect(pairs(page)).toContainText("54 pairs on 54 inputs");
});

test("the curves are there as a table, and a point moves the threshold", async ({ page }) => {
  await page.goto(`/digits/evaluations/${about.digits}`);
  const curves = page.getByRole("region", { name: "Precision and recall" });
  await expect(curves.getByText("All", { exact: false }).first()).toBeVisible();
  await curves.getByRole("button", { name: "Show as table" }).click();
  await expect(curves.getByRole("columnheader", { name: "Threshold" })).toBeVisible();
  await curves.getByRole("combobox", { name: "Curve" }).selectOption("roc");
  await expect(page).toHaveURL(/curve=roc/);
  await page.getByRole("button", { name: "Best F1" }).click();
  await expect(page).toHaveURL(/inclusive=1/);
});

test("all figures are saved as JSON", async ({ page }) => {
  await page.goto(`/digits/evaluations/${about.digits}`);
  await page.getByRole("button", { name: "Save figures" }).click();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "As JSON" }).click();
  const file = await (await saved).path();
  const figures = JSON.parse(readFileSync(file, "utf8"));
  expect(figures.figures.accuracy).toBeCloseTo(0.939933259177, 9);
  expect(figures.classes).toHaveLength(10);
  expect(figures.settings.threshold).toBe(0.5);
});

test("a detector's figures are COCO's", async ({ page }) => {
  test.setTimeout(120_000);
  about.rooms = await rooms(page);
  const { AP, AP50, AP75 } = reference("indoor85/reference/reference_bbox.json").stats;
  await page.goto(`/rooms/evaluations/${about.rooms}`);
  for (const [name, value] of [["mAP@.5:.95", AP], ["mAP@.5", AP50], ["mAP@.75", AP75]] as const) {
    await expect(tile(page, name), name).toHaveText(value.toFixed(4));
  }
  await expect(tile(page, "mAP@.5:.95")).toHaveText("0.1493");
  await accessible(page);
  await shoot(page, "evaluation-detector");
});

test("the threshold slides the detector's totals through the reference", async ({ page }) => {
  const { totals } = reference("indoor85/reference/reference_bbox.json").counts_iou50;
  await page.goto(`/rooms/evaluations/${about.rooms}?inclusive=1`);
  for (const at of ["0.3", "0.5", "0.75"]) {
    await threshold(page, at);
    const { tp, fp, fn } = totals[at];
    await expect(page.locator(".totals")).toContainText(new RegExp(`${tp} right\\s*${fp} false positives\\s*${fn} missed`));
  }
  const { fp } = totals["0.75"];
  await page.getByRole("link", { name: new RegExp(`${fp} false positives`) }).click();
  await expect(pairs(page)).toContainText(`${fp} pairs`);
  await expect(page.locator(".pair-card svg .said.wrong").first()).toBeVisible();
  await accessible(page);
  await shoot(page, "evaluation-pairs");
});

test("errors have kinds with counts and costs, which lead to their inputs", async ({ page }) => {
  await page.goto(`/rooms/evaluations/${about.rooms}?view=errors`);
  const missed = page.getByRole("table", { name: "Kinds of errors" }).getByRole("row", { name: /^Missed/ });
  const count = await missed.getByRole("link").innerText();
  await expect(page.getByRole("table", { name: "Figures by area" }).getByRole("row", { name: /^Small/ })).toContainText("0.0451");
  await accessible(page);
  await shoot(page, "evaluation-errors");
  await missed.getByRole("link").click();
  await expect(pairs(page)).toContainText(`${count} pairs`);
});

test("a narrow screen shows an evaluation whole", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const view of ["", "?view=classes", "?view=inputs", "?view=errors", "?view=about"]) {
    await page.goto(`/rooms/evaluations/${about.rooms}${view}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator(".evaluation .skel")).toHaveCount(0);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, view).toBe(0);
    const body = await page.locator(".evaluation").evaluate((e) => (e.parentElement?.scrollWidth ?? 0) - (e.parentElement?.clientWidth ?? 0));
    expect(body, view).toBeLessThanOrEqual(0);
    await accessible(page);
  }
});

/** The sample project in an app of its own, with the detections that come with it. */
async function rooms(page: Page): Promise<string> {
  await ownApp(page, "rooms");
  const jobs = "/labelscope/v1/users/me/apps/rooms";
  const begun = await page.request.post(`${jobs}/imports/sample`, { data: {}, headers: { origin: process.env.LABELSCOPE_URL ?? "" } });
  expect(begun.ok(), await begun.text()).toBe(true);
  // The dataset, and then the predictions.
  const states = async () => (await (await page.request.get(`${jobs}/jobs`)).json()).jobs.map((job: { state: number }) => job.state);
  await expect.poll(states, { timeout: 40_000 }).toEqual([4, 4]);
  const [model] = (await send(page, "GET", "/apps/rooms/models")).models;
  return evaluate(page, "rooms", model.id, model.model_version.id, "indoor85");
}
