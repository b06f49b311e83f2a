// Inputs out of archives and places: sent in parts, broken off, gone on with, refused, cancelled; and the jobs that do it.
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { root } from "../environment";
import { tgz, zip, type Entry } from "./archives";
import { accessible, expect, shoot, test } from "./fixtures";
import { ownApp } from "./own-app";

test.describe.configure({ mode: "serial" });

const app = "added-in-bulk";
const images = join(root, "testdata", "indoor85", "images");
const photographs = readdirSync(images).sort();
const pictures = (from: number, to: number): Entry[] =>
  photographs.slice(from, to).map((name) => [`rooms/${name}`, readFileSync(join(images, name))] as const);

const folder = mkdtempSync(join(tmpdir(), "labelscope-adding-"));
const file = (name: string, content: Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

/** Opens the dialog at one of its ways. */
async function add(page: Page, way: string) {
  await page.goto(`/${app}/inputs`);
  await page.getByRole("button", { name: "Add inputs" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Add inputs" });
  await dialog.getByRole("button", { name: way, exact: true }).click();
  return dialog;
}

test("lists of jobs that have nothing to tell say what comes there", async ({ page }) => {
  const send = await ownApp(page, app);
  await send("POST", "/datasets", { datasets: [{ id: "rooms" }] });
  await send("POST", "/concepts", { concepts: [{ id: "room" }] });
  await page.goto(`/${app}/jobs`);
  await expect(page.getByRole("heading", { name: "No jobs yet" })).toBeVisible();
  for (const [tab, words] of [
    ["Adding inputs", "Nothing was added in bulk yet"],
    ["Extractions", "No extractions yet"],
    ["Bulk changes", "No bulk changes yet"],
    ["Uploads", "No uploads"],
  ]) {
    await page.getByRole("link", { name: tab, exact: true }).click();
    await expect(page.getByRole("heading", { name: words })).toBeVisible();
    await accessible(page);
  }
  await shoot(page, "jobs-uploads-empty");
});

test("a ZIP becomes inputs with a dataset and a concept, and its job tells how many", async ({ page }) => {
  const dialog = await add(page, "Archive");
  await accessible(page);
  await shoot(page, "add-archive");
  await dialog.getByLabel("Choose an archive").setInputFiles(file("rooms.zip", zip(pictures(0, 12))));
  await expect(dialog.getByText("rooms.zip,")).toBeVisible();
  await dialog.getByLabel("Dataset").selectOption("rooms");
  await dialog.getByText("Concepts, metadata, place").click();
  await dialog.getByLabel("Concept of all of them").fill("room");
  await dialog.getByLabel("Concept of all of them").press("Enter");
  await expect(dialog.getByRole("button", { name: "Remove room" })).toBeVisible();
  await dialog.getByLabel("Metadata, a JSON object").fill('{"site": "south"}');
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(dialog.getByText("12 added")).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByText("12 images").first()).toBeVisible();
  await accessible(page);
  await shoot(page, "add-archive-done");
  await dialog.getByRole("link", { name: "Open in Jobs" }).click();
  await expect(page).toHaveURL(/view=adding&id=/);
  await expect(page.getByText("12 added")).toBeVisible();
  await accessible(page);
  await shoot(page, "job-add");
  await page.goto(`/${app}/datasets/rooms`);
  await expect(page.getByText("1–12 of 12")).toBeVisible();
});

test("ids that are taken are skipped and counted, or get a number", async ({ page }) => {
  const again = file("again.tgz", tgz(pictures(11, 14)));
  let dialog = await add(page, "Archive");
  await dialog.getByLabel("Choose an archive").setInputFiles(again);
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(dialog.getByText("2 added, 1 failed")).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByText("In part")).toBeVisible();
  await expect(dialog.getByText(/indoor_0\d\d\.jpg: Input has a duplicate ID/)).toBeVisible();
  await dialog.getByRole("button", { name: "Close" }).click();
  dialog = await add(page, "Archive");
  await dialog.getByLabel("Choose an archive").setInputFiles(again);
  await dialog.getByLabel("Add a number where an id is taken").check();
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(dialog.getByText("3 added")).toBeVisible({ timeout: 30_000 });
});

test("archives that nobody should send are refused with their reason", async ({ page }) => {
  const hostile: [string, Buffer, RegExp][] = [
    ["climbing.zip", zip([["../../etc/evil.jpg", readFileSync(join(images, photographs[0]!))]]), /evil\.jpg/],
    ["bomb.zip", zip([["bomb.txt", Buffer.alloc(128 << 20, 32)]], true), /bomb\.txt|times|expand/],
    ["noise.zip", randomBytes(4000), /archive|ZIP/i],
  ];
  for (const [name, content, reason] of hostile) {
    const dialog = await add(page, "Archive");
    await dialog.getByLabel("Choose an archive").setInputFiles(file(name, content));
    await dialog.getByRole("button", { name: "Add inputs" }).click();
    await expect(dialog.getByText("Failed", { exact: true }).first()).toBeVisible({ timeout: 30_000 });
    await expect(dialog.getByText(/\(code 67000\)/).first()).toContainText(reason);
    await accessible(page);
    if (name === "noise.zip") await shoot(page, "add-archive-refused");
    await dialog.getByRole("button", { name: "Try again" }).click();
    await expect(dialog.getByLabel("Choose an archive")).toBeVisible();
    await dialog.getByRole("button", { name: "Cancel" }).click();
  }
});

test("a break costs little: the same file goes on after a reload", { annotation: { type: "broken" } }, async ({ page }) => {
  // Eight parts: a picture, and noise that is no input.
  const large = file("large.zip", zip([...pictures(20, 21), ["noise.bin", randomBytes(15 << 20)]]));
  const parts: number[] = [];
  let down = false;
  await page.route("**/content_parts", async (route) => {
    const sent = JSON.parse(route.request().postData() ?? "{}").content_parts[0].part_number;
    if (!down && parts.length >= 4) down = true;
    if (down) return route.abort("connectionreset");
    parts.push(Number(sent));
    return route.continue();
  });
  let dialog = await add(page, "Archive");
  await dialog.getByLabel("Choose an archive").setInputFiles(large);
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(dialog.getByRole("alert")).toContainText("has not arrived", { timeout: 60_000 });
  await accessible(page);
  await shoot(page, "add-archive-broken");
  await page.reload();
  await page.unroute("**/content_parts");
  const later: number[] = [];
  await page.route("**/content_parts", async (route) => {
    later.push(Number(JSON.parse(route.request().postData() ?? "{}").content_parts[0].part_number));
    return route.continue();
  });
  await page.evaluate(() => {
    const state = window as unknown as { longest: number };
    state.longest = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((e) => (state.longest = Math.max(state.longest, e.duration)))).observe({ type: "longtask" });
  });
  await page.getByRole("button", { name: "Add inputs" }).first().click();
  dialog = page.getByRole("dialog", { name: "Add inputs" });
  await dialog.getByRole("button", { name: "Archive", exact: true }).click();
  await dialog.getByLabel("Choose an archive").setInputFiles(large);
  await expect(dialog.getByText("Sending it was begun before")).toBeVisible();
  await accessible(page);
  await shoot(page, "add-archive-resumed");
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(dialog.getByText("1 added")).toBeVisible({ timeout: 30_000 });
  expect(Math.min(...later), "parts that had arrived are not sent again").toBeGreaterThan(2);
  const kept = await page.evaluate(() => Object.keys(localStorage).filter((k) => k.startsWith("labelscope.upload")));
  expect(kept).toEqual([]);
  const longest = await page.evaluate(() => (window as unknown as { longest: number }).longest);
  test.info().annotations.push({ type: "longest task", description: `${longest} ms` });
});

test("an upload is cancelled, and nothing of it stays", async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route("**/content_parts", async (route) => {
    await held;
    return route.continue();
  });
  const dialog = await add(page, "Archive");
  await dialog.getByLabel("Choose an archive").setInputFiles(file("never.zip", zip([["noise.bin", randomBytes(9 << 20)]])));
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(dialog.getByRole("progressbar", { name: "never.zip" })).toBeVisible();
  await accessible(page);
  await shoot(page, "add-archive-sending");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  release();
  await expect(dialog.getByLabel("Choose an archive")).toBeVisible({ timeout: 20_000 });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.goto(`/${app}/jobs?view=uploads`);
  await expect(page.getByRole("rowheader", { name: /large\.zip/ })).toBeVisible();
  await expect(page.getByRole("rowheader", { name: /never\.zip/ })).toHaveCount(0);
  await accessible(page);
  await shoot(page, "jobs-uploads");
  await page.getByRole("row", { name: /large\.zip/ }).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("rowheader", { name: /large\.zip/ })).toHaveCount(0);
});

test("a folder of the server becomes inputs; one outside of what is allowed is refused", async ({ page }) => {
  const dialog = await add(page, "Cloud or folder");
  await expect(dialog.getByRole("button", { name: "Add inputs" })).toBeDisabled();
  await dialog.getByRole("textbox", { name: /^Address/ }).fill(`file://${join(root, "testdata", "indoor85", "images")}/`);
  await dialog.getByLabel("Add a number where an id is taken").check();
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(dialog.getByText(`${photographs.length} added`)).toBeVisible({ timeout: 60_000 });
  await shoot(page, "add-folder-done");
  await dialog.getByRole("button", { name: "Close" }).click();

  await page.getByRole("button", { name: "Add inputs" }).first().click();
  await dialog.getByRole("textbox", { name: /^Address/ }).fill("file:///etc/");
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(dialog.getByText(/--allow-folder/)).toBeVisible({ timeout: 30_000 });
  await accessible(page);
  await shoot(page, "add-folder-refused");
});

test("keys are asked for by the address, sent once, and kept nowhere", async ({ page }) => {
  const dialog = await add(page, "Cloud or folder");
  const address = dialog.getByRole("textbox", { name: /^Address/ });
  await address.fill("https://example.org/list.zip");
  await expect(dialog.locator('input[type="password"]')).toHaveCount(0);
  await address.fill("gs://bucket/rooms/");
  await expect(dialog.getByLabel("Key file of a service account")).toBeVisible();
  await address.fill("az://container/rooms/");
  await expect(dialog.getByLabel("Account key")).toHaveAttribute("type", "password");
  await address.fill("s3://bucket/rooms/");
  await dialog.getByLabel("Region").fill("eu-central-1");
  await dialog.getByLabel("Access key id").fill("AKIDEXAMPLE");
  await accessible(page);
  await shoot(page, "add-cloud");
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(dialog.getByRole("alert")).toContainText("an id and a secret");
  const secret = dialog.getByLabel("Secret access key");
  await expect(secret).toHaveAttribute("type", "password");
  await secret.fill("s3cr3t-that-shows-nowhere");
  // Answered here: what the server does with a bucket is its own tests' matter.
  let body = "";
  await page.route("**/inputs/data_sources", async (route) => {
    body = route.request().postData() ?? "";
    await route.fulfill({ json: { status: { code: 11102, description: "Invalid request", details: "the bucket is not there" } } });
  });
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(dialog.getByRole("alert")).toContainText("the bucket is not there");
  expect(JSON.parse(body).data_sources[0].url.credentials.s3_creds).toEqual({ region: "eu-central-1", id: "AKIDEXAMPLE", secret: "s3cr3t-that-shows-nowhere" });
  await expect(secret).toHaveValue("");
  await expect(dialog.getByLabel("Access key id")).toHaveValue("");
  const kept = await page.evaluate(() => JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }, document.body.innerText]));
  expect(kept).not.toContain("s3cr3t");
});

test("the jobs tell of extractions, one by one, and lead on", async ({ page }) => {
  await page.goto(`/${app}/jobs`);
  await expect(page.getByRole("row", { name: /Extract inputs/ }).first()).toBeVisible();
  await accessible(page);
  await shoot(page, "jobs-all");
  await page.getByRole("link", { name: "Adding inputs", exact: true }).click();
  await expect(page).toHaveURL(/view=adding/);
  await expect(page.getByRole("row", { name: /rooms\.zip.*12 added/ })).toBeVisible();
  await accessible(page);
  await shoot(page, "jobs-adding");
  await page.getByRole("link", { name: "Extractions", exact: true }).click();
  await expect(page.getByRole("row", { name: /file:.*images/ }).first()).toBeVisible();
  await accessible(page);
  await shoot(page, "jobs-extractions");
  await page.getByRole("row", { name: /file:\/\/\/etc/ }).getByRole("link").click();
  await expect(page).toHaveURL(/view=extractions&id=/);
  await expect(page.getByText(/--allow-folder/)).toBeVisible();
  await accessible(page);
  await shoot(page, "job-extraction");
  await page.reload();
  await page.getByRole("button", { name: "Try again" }).click();
  const dialog = page.getByRole("dialog", { name: "Add inputs" });
  await expect(dialog.getByRole("textbox", { name: /^Address/ })).toHaveValue(/file:\/\/\/etc/);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});

test("a job that adds inputs is cancelled from the list", async ({ page }) => {
  const send = (method: string, path: string, data: unknown) => page.request.fetch(`/v2/users/me/apps/${app}${path}`, { method, data, headers: { origin: new URL(page.url()).origin } });
  await page.goto(`/${app}/jobs?view=adding`);
  await expect(page.getByRole("row", { name: /rooms\.zip/ })).toBeVisible();
  // Announced and never sent: it waits until it is cancelled.
  const made = await send("POST", "/inputs/uploads", { inputs_uploads: [{ upload: { content_name: "waiting.zip", content_length: "1000" } }] });
  expect(made.ok(), await made.text()).toBe(true);
  const row = page.getByRole("row", { name: /waiting\.zip/ });
  await page.reload();
  await expect(row).toContainText("Queued");
  await shoot(page, "jobs-adding-waiting");
  await row.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("row", { name: /Cancelled/ }).first()).toBeVisible();
});
