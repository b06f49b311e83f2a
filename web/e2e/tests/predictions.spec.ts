// Predictions through the page: a detector's results onto the sample's dataset, what is unknown, and files that are wrong.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../environment";
import { accessible, expect, shoot, test } from "./fixtures";
import { ownApp } from "./own-app";

test.describe.configure({ mode: "serial" });

const app = "predicted";
const detections = join(root, "testdata", "indoor85", "predictions.json");
const folder = mkdtempSync(join(tmpdir(), "labelscope-predictions-"));

/** A file with this content. */
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("without a dataset the page leads to one", async ({ page }) => {
  await ownApp(page, app);
  await page.goto(`/${app}/predictions`);
  await expect(page.getByRole("heading", { name: "No datasets yet" })).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: "Import a dataset" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Import a dataset" })).toBeVisible();
});

test("the sample project brings a detector's predictions with it", async ({ page, baseURL }) => {
  const begun = await page.request.post(`/labelscope/v1/users/me/apps/${app}/imports/sample`, { data: {}, headers: { origin: baseURL ?? "" } });
  expect(begun.ok(), await begun.text()).toBe(true);
  await page.goto(`/${app}/jobs`);
  const row = page.getByRole("row", { name: /Import predictions/ });
  await expect(row).toContainText("494 predictions added", { timeout: 30_000 });
  await expect(row).toContainText("indoor85, indoor-detector-v1");
  await accessible(page);
  await page.goto(`/${app}/models`);
  await page.getByRole("link", { name: "indoor-detector" }).click();
  await expect(page.getByRole("row", { name: /indoor-detector-v1/ })).toBeVisible();
  await page.getByRole("link", { name: "Import predictions" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Import predictions" })).toBeVisible();
  await expect(page.getByLabel("Model", { exact: true })).toHaveValue("indoor-detector");
});

test("a new model's results come in, and lead to their evaluation", async ({ page }) => {
  await page.goto(`/${app}/predictions`);
  const go = page.getByRole("button", { name: "Import", exact: true });
  await expect(go).toBeDisabled();
  await page.getByLabel("Choose a file").setInputFiles(detections);
  await expect(page.getByText(/^predictions\.json, /)).toBeVisible();
  await page.getByLabel("Model", { exact: true }).fill("rooms-net");
  await expect(page.getByText("This model is new")).toBeVisible();
  await page.getByLabel("Version of the model").fill("rooms-net-1");
  await page.getByRole("combobox", { name: "Dataset" }).selectOption("indoor85");
  await page.getByText("What the file may look like").click();
  await accessible(page);
  await shoot(page, "predictions");
  // By keyboard alone.
  await page.getByLabel("Version of the model").press("Enter");
  await expect(page.getByText("494 predictions added.")).toBeVisible({ timeout: 30_000 });
  await accessible(page);
  await shoot(page, "predictions-done");
  await page.getByRole("button", { name: "Import another" }).click();
  await page.getByLabel("Choose a file").setInputFiles(detections);
  await go.click();
  await expect(page.getByText("Nothing changed", { exact: true })).toBeVisible({ timeout: 30_000 });
  await page.getByRole("link", { name: "Evaluate" }).click();
  await expect(page.getByRole("dialog", { name: "New evaluation" })).toBeVisible();
});

test("what is unknown is listed, and the rest comes in when it is asked for", async ({ page }) => {
  const list = JSON.parse(readFileSync(detections, "utf8"));
  list[3].image_id = 4711;
  list[4].category_id = 99;
  await page.goto(`/${app}/predictions?model=rooms-net&dataset=indoor85`);
  await page.getByLabel("Version of the model").fill("rooms-net-2");
  await page.getByLabel("Choose a file").setInputFiles(file("unknown.json", JSON.stringify(list)));
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("1 unknown input and 1 unknown concept", { timeout: 30_000 });
  await expect(alert).toContainText("[3]");
  await expect(page.getByRole("listitem").filter({ hasText: /^4711$/ })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: /^99$/ })).toBeVisible();
  await accessible(page);
  await shoot(page, "predictions-unknown");
  await page.getByRole("button", { name: "Import the rest" }).click();
  await expect(page.getByText("492 predictions added, 2 left out: 1 unknown input and 1 unknown concept.")).toBeVisible({ timeout: 30_000 });
  await accessible(page);
});

test("a broken file is refused with its place", async ({ page }) => {
  await page.goto(`/${app}/predictions?model=rooms-net&dataset=indoor85`);
  await page.getByLabel("Version of the model").fill("rooms-net-3");
  await page.getByLabel("Choose a file").setInputFiles(file("scores.csv", "input_id,concept_id,score\nindoor85-1,chair,high\n"));
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("score, line 2, column 3", { timeout: 30_000 });
  await expect(alert).toContainText("must be a number from 0 to 1");
  await accessible(page);
  await shoot(page, "predictions-broken");
  await page.goto(`/${app}/models/rooms-net`);
  await expect(page.getByRole("row", { name: /rooms-net-2/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /rooms-net-3/ })).toHaveCount(0);
});

test("a version's id that another model has is refused before anything is sent", { annotation: { type: "refused" } }, async ({ page }) => {
  await page.goto(`/${app}/predictions?model=other-net&dataset=indoor85`);
  await page.getByLabel("Version of the model").fill("rooms-net-1");
  await page.getByLabel("Choose a file").setInputFiles(detections);
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("taken by model");
  await accessible(page);
});
