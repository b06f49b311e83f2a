// The main job, end to end: bring a real dataset in, freeze a version, export it, and find in the archive what went in.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";
import { root } from "../environment";
import { accessible, expect, shoot, test } from "./fixtures";

const data = (name: string) => join(root, "testdata", name);
const rooms = data("indoor85/instances_gt.json");
const photographs = readdirSync(data("indoor85/images")).map((name) => data(`indoor85/images/${name}`));
const masks = data("coco100/instances_gt.json");

interface Coco {
  images: { id: number; file_name: string; width: number; height: number }[];
  annotations: { image_id: number; category_id: number; bbox: number[]; area: number; iscrowd: number; segmentation?: number[][] | { size: number[]; counts: number[] | string } }[];
  categories: { id: number; name: string; supercategory?: string }[];
}

/** A mask in one order of its fields. */
function mask(s: Coco["annotations"][number]["segmentation"]): unknown {
  return s === undefined || Array.isArray(s) ? (s ?? null) : [s.size, s.counts];
}

/** What a COCO file says, without its ids. */
function content(coco: Coco): string[] {
  const category = new Map(coco.categories.map((c) => [c.id, `${c.name}/${c.supercategory ?? ""}`]));
  const image = new Map(coco.images.map((i) => [i.id, i.file_name]));
  return [
    ...coco.categories.map((c) => `category ${category.get(c.id)}`),
    ...coco.images.map((i) => `image ${i.file_name} ${i.width}x${i.height}`),
    ...coco.annotations.map((a) => JSON.stringify([image.get(a.image_id), category.get(a.category_id), a.bbox, a.area, a.iscrowd, mask(a.segmentation)])),
  ].sort();
}

/** The only JSON of a ZIP: read from its central directory, as sizes stand there alone. */
function onlyEntry(zip: Buffer): Coco {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const at = zip.readUInt32LE(end + 16);
  let size = zip.readUInt32LE(at + 20);
  const offset = zip.readUInt32LE(at + 42);
  const names = zip.readUInt16LE(at + 28);
  if (size === 0xffffffff) size = Number(zip.readBigUInt64LE(at + 46 + names + 4 + 8));
  const start = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
  return JSON.parse(inflateRawSync(zip.subarray(start, start + size)).toString("utf8"));
}

test.describe.configure({ mode: "serial" });

test("a newcomer opens the sample project", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Nothing here yet" })).toBeVisible();
  await accessible(page);
  await shoot(page, "empty");
  await page.getByRole("button", { name: "Open the sample project" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "indoor85" })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("686 boxes", { exact: true })).toBeVisible();
  await expect(page.getByText("6 inputs have no file")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Open indoor_001/ })).toBeVisible();
  const picture = page.locator(".shot img").first();
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  await accessible(page);
  await shoot(page, "dataset");
  if (process.env.LABELSCOPE_PICTURE) await page.screenshot({ path: process.env.LABELSCOPE_PICTURE });
});

test("a picture opens whole, with what is said about it", async ({ page }) => {
  await page.goto("/demo/datasets/indoor85");
  await page.getByRole("button", { name: /^Open indoor_001/ }).click();
  const dialog = page.getByRole("dialog", { name: "indoor_001" });
  await expect(dialog.getByRole("row")).toHaveCount(16);
  await expect(page).toHaveURL(/input=indoor85-1/);
  await accessible(page);
  await shoot(page, "viewer");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page).not.toHaveURL(/input=/);
  await page.getByRole("button", { name: "Table", exact: true }).click();
  await expect(page.getByRole("row", { name: /indoor_001.*640 × 480.*15/ })).toBeVisible();
  await accessible(page);
});

// The sample project has brought the same photographs in already: they join the second dataset.
test("photographs and boxes through the page come out as they went in", async ({ page }) => {
  await wholeWay(page, "rooms", [rooms, ...photographs], rooms, "85 inputs joined");
});

test("masks, crowds and outlines come out as they went in", async ({ page }) => {
  await wholeWay(page, "coco100", [masks], masks, "100 inputs added, 839 annotations added");
});

async function wholeWay(page: import("@playwright/test").Page, dataset: string, files: string[], source: string, said: string) {
  await page.goto("/demo/import");
  await accessible(page);
  await shoot(page, "import");
  await page.getByLabel("Choose files").setInputFiles(files);
  await expect(page.getByRole("heading", { name: "What will be made" })).toBeVisible({ timeout: 20_000 });
  await page.getByLabel("Dataset", { exact: false }).last().fill(dataset);
  await accessible(page);
  await shoot(page, `import-preview-${dataset}`);
  await page.getByRole("button", { name: "Start import" }).click();
  await expect(page.getByText(said.split(",")[0] ?? said)).toBeVisible({ timeout: 40_000 });
  await shoot(page, `import-done-${dataset}`);
  await page.getByRole("link", { name: "Open the dataset" }).click();
  await expect(page.getByRole("heading", { level: 1, name: dataset })).toBeVisible();
  await shoot(page, `dataset-${dataset}`);

  await page.getByRole("button", { name: "New version" }).click();
  await page.getByRole("dialog", { name: "New version" }).getByLabel("Description").fill("the first");
  await shoot(page, "new-version");
  await page.getByRole("button", { name: "Freeze version" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "v1" })).toBeVisible();
  await expect(page.getByText("Ready").first()).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Export COCO" }).click();
  const link = page.getByRole("link", { name: "Download COCO" });
  await expect(link).toBeVisible({ timeout: 30_000 });
  await accessible(page);
  await shoot(page, `version-${dataset}`);
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const archive = readFileSync(await download.path());
  expect(download.suggestedFilename()).toBe(`${dataset}-v1-coco.zip`);
  const sha = await page.getByTitle(/^SHA-256/).getAttribute("title");
  expect(sha).toBe(`SHA-256 ${createHash("sha256").update(archive).digest("hex")}`);
  expect(content(onlyEntry(archive))).toEqual(content(JSON.parse(readFileSync(source, "utf8"))));

  await page.goto(`/demo/import?dataset=${dataset}`);
  await page.getByLabel("Choose files").setInputFiles(source);
  await page.getByRole("button", { name: "Start import" }).click();
  await expect(page.getByText("Nothing changed", { exact: true })).toBeVisible({ timeout: 30_000 });
}

test("a broken file is refused with its place, and leaves nothing", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "labelscope-broken-"));
  const broken = JSON.parse(readFileSync(rooms, "utf8"));
  broken.annotations[17].bbox[2] = -4;
  const file = join(folder, "broken.json");
  writeFileSync(file, JSON.stringify(broken));
  await page.goto("/demo/import");
  await page.getByLabel("Choose files").setInputFiles(file);
  await expect(page.getByText("annotations[17].bbox")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("button", { name: "Start import" })).toBeDisabled();
  await accessible(page);
  await shoot(page, "import-broken");
  await page.goto("/demo/datasets");
  await expect(page.getByRole("link", { name: "broken" })).toHaveCount(0);
});

test("concepts are found, made, and given words", async ({ page }) => {
  await page.goto("/demo/concepts");
  const grid = page.getByRole("grid", { name: "Concepts" });
  await expect(grid.getByRole("row", { name: /\bchair chair\b/ })).toBeVisible();
  expect(Number(await grid.getAttribute("aria-rowcount"))).toBeGreaterThan(38);
  await accessible(page);
  await shoot(page, "concepts");
  await page.getByRole("button", { name: "New concept" }).click();
  const dialog = page.getByRole("dialog", { name: "New concept" });
  await dialog.getByLabel("Name").fill("Überwurf");
  await dialog.getByLabel("Id").fill("throw");
  await accessible(page);
  await dialog.getByRole("button", { name: "Make concept" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("searchbox", { name: "Search concepts by name" }).fill("über");
  await grid.getByRole("row", { name: /Überwurf/ }).click();
  const detail = page.getByRole("complementary", { name: "Concept" });
  await detail.getByLabel("Definition").fill("a cloth laid over a sofa");
  await detail.getByRole("button", { name: "Save" }).click();
  await expect(grid.getByRole("row", { name: /a cloth laid over a sofa/ })).toBeVisible();
  await expect(page).toHaveURL(/q=%C3%BCber.*concept=throw|concept=throw.*q=/);
  await accessible(page);
  await shoot(page, "concept-detail");
});

test("datasets are made, changed and deleted only by typing their name", async ({ page }) => {
  await page.goto("/demo/datasets");
  await accessible(page);
  await shoot(page, "datasets");
  await page.getByRole("button", { name: "New dataset" }).click();
  await page.getByRole("dialog").getByLabel("Id").fill("short-lived");
  await page.getByRole("button", { name: "Make dataset" }).click();
  await page.getByRole("button", { name: "Edit short-lived" }).click();
  await page.getByRole("dialog").getByLabel("Description").fill("for a moment");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("for a moment")).toBeVisible();
  await page.getByRole("button", { name: "Delete short-lived" }).click();
  const remove = page.getByRole("button", { name: "Delete dataset" });
  await expect(remove).toBeDisabled();
  await accessible(page);
  await shoot(page, "delete-dataset");
  await page.getByLabel("Type the id to delete it").fill("short-lived");
  await remove.click();
  await expect(page.getByRole("link", { name: "short-lived" })).toHaveCount(0);
});

test("jobs tell what came of them", async ({ page }) => {
  await page.goto("/demo/jobs");
  await expect(page.getByRole("row", { name: /Export COCO/ }).first()).toBeVisible();
  await expect(page.getByText("Nothing changed:").first()).toBeVisible();
  await accessible(page);
  await shoot(page, "jobs");
  await page.goto("/demo/inputs");
  await expect(page.locator(".shot").first()).toBeVisible();
  await accessible(page);
  await shoot(page, "inputs");
});

test("addresses that lead nowhere, and a browser that is not signed in, are told so", async ({ page, browser, baseURL }) => {
  await page.goto("/demo/nothing/here");
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
  await accessible(page);
  const stranger = await browser.newContext({ baseURL });
  const other = await stranger.newPage();
  await other.goto("/demo/datasets");
  await expect(other.getByRole("heading", { name: "Sign in to Labelscope" })).toBeVisible();
  await accessible(other);
  await shoot(other, "sign-in");
  await other.getByLabel("Token").fill("not the token");
  await other.getByRole("button", { name: "Sign in" }).click();
  await expect(other.getByText("not the token of this server")).toBeVisible();
  await stranger.close();
});
