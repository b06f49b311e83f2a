// Inputs: adding them, finding them, what one of them holds, and what is done with many.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../environment";
import { accessible, expect, shoot, test } from "./fixtures";

const photograph = (name: string) => join(root, "testdata", "indoor85", "images", name);

test.describe.configure({ mode: "serial" });

/** An app of its own: what other files have left does not count. */
const app = "inputs-of-their-own";

test.beforeAll(async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: process.env.LABELSCOPE_URL, extraHTTPHeaders: { authorization: `Key ${process.env.LABELSCOPE_TOKEN}` } });
  const made = await request.post("/v2/users/me/apps", { data: { apps: [{ id: app }] } });
  expect(made.ok(), await made.text()).toBe(true);
  const dataset = await request.post(`/v2/users/me/apps/${app}/datasets`, { data: { datasets: [{ id: "kept" }] } });
  expect(dataset.ok(), await dataset.text()).toBe(true);
  const concepts = await request.post(`/v2/users/me/apps/${app}/concepts`, { data: { concepts: [{ id: "room" }, { id: "hall" }] } });
  expect(concepts.ok(), await concepts.text()).toBe(true);
  await request.dispose();
});

test("an app without inputs says the one next step", async ({ page }) => {
  await page.goto(`/${app}/inputs`);
  await expect(page.getByRole("heading", { name: "No inputs yet" })).toBeVisible();
  await accessible(page);
  await shoot(page, "inputs-empty");
});

test("files become inputs; a taken id is refused by name and only that is tried again", async ({ page }) => {
  await page.goto(`/${app}/inputs`);
  await page.getByRole("button", { name: "Add inputs" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Add inputs" });
  const folder = mkdtempSync(join(tmpdir(), "labelscope-add-"));
  const text = join(folder, "note.txt");
  writeFileSync(text, "A kitchen with a long table.");
  await dialog.getByLabel("Choose files").setInputFiles([photograph("indoor_001.jpg"), photograph("indoor_005.jpg"), text]);
  await dialog.getByLabel("Dataset").selectOption("kept");
  await dialog.getByText("Concepts, metadata, place").click();
  await dialog.getByLabel("Metadata, a JSON object").fill('{"site": "north", "rooms": 3}');
  await dialog.getByLabel("Latitude").fill("48.14");
  await dialog.getByLabel("Longitude").fill("11.58");
  await accessible(page);
  await shoot(page, "add-inputs");
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(dialog.getByText("3 inputs added")).toBeVisible({ timeout: 30_000 });
  await dialog.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("button", { name: /^Open indoor_001/ })).toBeVisible();
  const picture = page.locator(".shot img").first();
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);

  await page.getByRole("button", { name: "Add inputs" }).first().click();
  await dialog.getByLabel("Choose files").setInputFiles([photograph("indoor_001.jpg"), photograph("indoor_009.jpg")]);
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(dialog.getByText("1 input added, 1 failed")).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByRole("row", { name: /indoor_001.jpg.*duplicate ID/ })).toBeVisible();
  await accessible(page);
  await shoot(page, "add-inputs-failed");
  // The way is cleared from elsewhere; what was added is not sent again.
  const gone = await page.request.delete(`/v2/users/me/apps/${app}/inputs/indoor_001`, { headers: { authorization: `Key ${process.env.LABELSCOPE_TOKEN}` } });
  expect(gone.ok(), await gone.text()).toBe(true);
  await dialog.getByRole("button", { name: "Retry what failed" }).click();
  await expect(dialog.getByText("2 inputs added")).toBeVisible({ timeout: 30_000 });
  await dialog.getByRole("button", { name: "Close" }).click();
});

test("a wrong metadata object is refused before anything is sent", async ({ page }) => {
  await page.goto(`/${app}/inputs`);
  await page.getByRole("button", { name: "Add inputs" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Add inputs" });
  await dialog.getByRole("button", { name: "Text", exact: true }).click();
  await dialog.getByRole("textbox", { name: /^Text/ }).fill("A hall.");
  await dialog.getByText("Concepts, metadata, place").click();
  await dialog.getByLabel("Metadata, a JSON object").fill("{site}");
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(dialog.getByRole("alert")).toContainText("no JSON object");
  await dialog.getByLabel("Metadata, a JSON object").fill("");
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(dialog.getByText("1 input added")).toBeVisible({ timeout: 20_000 });
});

test("the drawer shows what is known and changes it", async ({ page }) => {
  await page.goto(`/${app}/inputs`);
  await page.getByRole("button", { name: /^Open indoor_005/ }).click();
  await expect(page).toHaveURL(/input=indoor_005/);
  const drawer = page.getByRole("complementary", { name: "Input" });
  await expect(drawer.getByText("Processed")).toBeVisible();
  await expect(drawer.getByRole("button", { name: "north" })).toBeVisible();
  await drawer.getByLabel("Add a concept").fill("room");
  await drawer.getByLabel("Add a concept").press("Enter");
  await expect(drawer.getByRole("button", { name: "Remove room", exact: true })).toBeVisible();
  await drawer.getByRole("textbox", { name: "Key" }).fill("floor");
  await drawer.getByRole("textbox", { name: "Value" }).fill("2");
  await drawer.getByRole("button", { name: "Set" }).click();
  await expect(drawer.getByRole("button", { name: "Remove floor" })).toBeVisible();
  await accessible(page);
  await shoot(page, "input-detail");
  await drawer.getByRole("button", { name: "Remove floor" }).click();
  await expect(drawer.getByRole("button", { name: "Remove floor" })).toHaveCount(0);
  await drawer.getByRole("button", { name: "Close input" }).click();
  await expect(drawer).toBeHidden();
});

test("conditions narrow the list, stand in the address, and are sent as the API's JSON", async ({ page }) => {
  await page.goto(`/${app}/inputs`);
  const add = async (kind: string, fill: () => Promise<void>) => {
    await page.getByRole("button", { name: "Add condition" }).click();
    const dialog = page.getByRole("dialog", { name: "Add condition" });
    await dialog.getByRole("combobox", { name: "Condition", exact: true }).selectOption(kind);
    await fill();
    await dialog.getByRole("button", { name: "Add condition" }).click();
    await expect(dialog).toBeHidden();
  };
  const dialog = page.getByRole("dialog", { name: "Add condition" });
  await page.getByRole("button", { name: "Add condition" }).click();
  await accessible(page);
  await shoot(page, "add-condition");
  await dialog.getByRole("button", { name: "Add condition" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Pick a concept");
  await dialog.getByRole("button", { name: "Cancel" }).click();

  await add("metadata", async () => {
    await dialog.getByLabel("Key").fill("site");
    await dialog.getByLabel("Value").fill("north");
  });
  const conditions = page.getByRole("list", { name: "Conditions" });
  await expect(conditions.getByText("site is north")).toBeVisible();
  await expect(page.getByText("1–2 of 2")).toBeVisible();
  await add("kind", async () => void (await dialog.getByRole("combobox", { name: "Kind", exact: true }).selectOption("image")));
  await expect(page.getByText("1–1 of 1")).toBeVisible();
  await conditions.getByRole("button", { name: "is", exact: true }).last().click();
  await expect(page.getByText("1–1 of 1")).toBeVisible();
  await expect(page).toHaveURL(/q=/);
  await page.getByText("What is sent").click();
  await expect(page.getByLabel("The search as JSON")).toContainText('"negate": true');
  await accessible(page);
  await shoot(page, "search");
  await page.reload();
  await expect(page.getByText("1–1 of 1")).toBeVisible();
});

test("a search is saved, opened, renamed, overwritten and deleted", async ({ page }) => {
  await page.goto(`/${app}/inputs?q=${encodeURIComponent('{"query":{"filters":[{"input":{"data":{"text":{}}}}]}}')}`);
  await expect(page.getByText("is a text")).toBeVisible();
  await page.getByRole("button", { name: "Save search" }).click();
  const dialog = page.getByRole("dialog", { name: "Save search" });
  await dialog.getByLabel("Name").fill("Texts");
  await accessible(page);
  await dialog.getByRole("button", { name: "Save search" }).click();
  await expect(page).toHaveURL(/saved=/);
  await expect(page.getByText("1–2 of 2")).toBeVisible();
  await page.goto(`/${app}/inputs`);
  await page.getByRole("button", { name: "Saved searches" }).click();
  const list = page.getByRole("dialog", { name: "Saved searches" });
  await list.getByRole("button", { name: "Rename Texts" }).click();
  await list.getByLabel("New name").fill("All texts");
  await list.getByRole("button", { name: "Rename", exact: true }).click();
  await accessible(page);
  await shoot(page, "saved-searches");
  await list.getByRole("button", { name: "All texts", exact: true }).click();
  await expect(page.getByText("1–2 of 2")).toBeVisible();
  await page.getByRole("button", { name: "Saved searches" }).click();
  await list.getByRole("button", { name: "Delete All texts" }).click();
  await list.getByRole("button", { name: "Delete for good" }).click();
  await expect(list.getByText("None yet.")).toBeVisible();
});

test("picked inputs join a dataset, leave it, come back, and go for good", async ({ page }) => {
  await page.goto(`/${app}/inputs`);
  await page.getByLabel("Pick indoor_009").check({ force: true });
  await expect(page.getByText("1 picked")).toBeVisible();
  await page.getByRole("button", { name: "Add to dataset" }).click();
  const choose = page.getByRole("dialog", { name: "Add to dataset" });
  await choose.getByLabel("Dataset").selectOption("kept");
  await accessible(page);
  await choose.getByRole("button", { name: "Add to dataset" }).click();
  await expect(page.getByText("1 of 1 input joined kept").first()).toBeVisible();
  await page.goto(`/${app}/datasets/kept`);
  await expect(page.getByRole("button", { name: /^Open indoor_009/ })).toBeVisible();
  await page.getByLabel("Pick indoor_009").check({ force: true });
  await page.getByRole("button", { name: "Remove from this dataset" }).click();
  await expect(page.getByRole("button", { name: /^Open indoor_009/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: /^Open indoor_009/ })).toBeVisible();
  await page.goto(`/${app}/inputs?view=table`);
  await page.getByLabel("Pick indoor_009").check();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const sure = page.getByRole("dialog", { name: "Delete 1 input" });
  await expect(sure.getByText("indoor_009")).toBeVisible();
  await accessible(page);
  await shoot(page, "delete-inputs");
  await sure.getByRole("button", { name: "Delete 1 input" }).click();
  await expect(page.getByText("1 input deleted").first()).toBeVisible();
  await expect(page.getByLabel("Pick indoor_009")).toHaveCount(0);
});
