// Changes to all inputs that match, as a job; and copies of apps.
import type { Page } from "@playwright/test";
import { accessible, expect, shoot, test } from "./fixtures";
import { ownApp, send } from "./own-app";

test.describe.configure({ mode: "serial" });

const app = "changed-in-bulk";
const query = (q: unknown) => `/${app}/inputs?q=${encodeURIComponent(JSON.stringify({ query: q }))}`;
const chairs = { filters: [{ annotation: { data: { concepts: [{ id: "chair", value: 1 }] } } }] };

/** The dialog of a change to all that the page shows. */
async function changeAll(page: Page) {
  await page.getByRole("button", { name: /^Change all/ }).click();
  return page.getByRole("dialog", { name: "Change inputs" });
}

test("what a search finds gets a concept, after the dialog has said how many", async ({ page, baseURL }) => {
  const call = await ownApp(page, app);
  const begun = await page.request.post(`/labelscope/v1/users/me/apps/${app}/imports/sample`, { data: {}, headers: { origin: baseURL ?? "" } });
  expect(begun.ok(), await begun.text()).toBe(true);
  const path = `/labelscope/v1/users/me/apps/${app}/jobs/${(await begun.json()).job.id}`;
  await expect.poll(async () => (await (await page.request.get(path)).json()).job.state, { timeout: 30_000 }).toBe(4);
  await call("POST", "/concepts", { concepts: [{ id: "seat" }] });
  await call("POST", "/datasets", { datasets: [{ id: "train" }, { id: "test" }] });
  const found = (await call("GET", "/concepts?per_page=100")).concepts.find((c: { name: string }) => c.name === "chair");
  chairs.filters[0]!.annotation.data.concepts[0]!.id = found.id;

  await page.goto(query(chairs));
  const all = page.getByRole("button", { name: /^Change all \d+/ });
  await expect(all).toBeVisible();
  const n = Number(/\d+/.exec((await all.textContent()) ?? "")![0]);
  const dialog = await changeAll(page);
  await expect(dialog.getByText(`${n} inputs that match the search`)).toBeVisible();
  await accessible(page);
  await shoot(page, "bulk-choose");
  await dialog.getByRole("button", { name: "Review" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Pick a concept");
  await dialog.getByLabel("Concept to add").fill("seat");
  await dialog.getByLabel("Concept to add").press("Enter");
  await expect(dialog.getByRole("button", { name: "Remove seat" })).toBeVisible();
  await dialog.getByRole("button", { name: "Review" }).click();
  await expect(dialog.getByRole("heading", { name: "Add seat" })).toBeVisible();
  await expect(dialog.getByText(`${n} inputs that match the search`)).toBeVisible();
  await accessible(page);
  await shoot(page, "bulk-review");
  await dialog.getByRole("button", { name: `Change ${n} inputs` }).click();
  await expect(dialog.getByText("Done", { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(dialog.getByText(`${n} inputs gone through`)).toBeVisible();
  await accessible(page);
  await shoot(page, "bulk-done");
  await dialog.getByRole("button", { name: "Close" }).click();
  const counted = await call("POST", "/inputs/searches", { searches: [{ query: { filters: [{ annotation: { data: { concepts: [{ id: "seat", value: 1 }] } } }] } }], only_count: true });
  expect(Number(counted.hit_counts[0].estimated_total)).toBe(n);
});

test("a dataset is split by shares that must make a whole", async ({ page }) => {
  await page.goto(`/${app}/datasets/indoor85`);
  const dialog = await changeAll(page);
  await expect(dialog.getByText("85 inputs of dataset indoor85")).toBeVisible();
  await dialog.getByRole("combobox", { name: "Change", exact: true }).selectOption({ label: "Split into datasets" });
  await dialog.getByRole("combobox", { name: "Dataset 1" }).selectOption("train");
  await dialog.getByRole("combobox", { name: "Dataset 2" }).selectOption("test");
  await dialog.getByLabel("Per cent").last().fill("30");
  await expect(dialog.getByText("110 % of 100 %")).toBeVisible();
  await dialog.getByRole("button", { name: "Review" }).click();
  await expect(dialog.getByRole("alert")).toContainText("100 %");
  await accessible(page);
  await shoot(page, "bulk-split");
  await dialog.getByLabel("Per cent").last().fill("20");
  await dialog.getByRole("button", { name: "Review" }).click();
  await expect(dialog.getByRole("heading", { name: "Split into train 80 %, test 20 %" })).toBeVisible();
  await dialog.getByRole("button", { name: "Change 85 inputs" }).click();
  await expect(dialog.getByText("Done", { exact: true })).toBeVisible({ timeout: 30_000 });
  await page.goto(`/${app}/datasets/train`);
  await expect(page.getByText("of 68")).toBeVisible();
  await page.goto(`/${app}/datasets/test`);
  await expect(page.getByText("of 17")).toBeVisible();
});

test("picked inputs get metadata, and lose it again by its key", async ({ page }) => {
  await page.goto(`/${app}/datasets/test`);
  await expect(page.locator(".shot")).toHaveCount(17);
  await page.locator(".shot").nth(0).getByRole("checkbox").check();
  await page.locator(".shot").nth(2).getByRole("checkbox").check();
  const picked = page.getByRole("group", { name: "Picked inputs" });
  await picked.getByRole("button", { name: "Change", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Change inputs" });
  await expect(dialog.getByText("2 inputs that you picked")).toBeVisible();
  await dialog.getByRole("combobox", { name: "Change", exact: true }).selectOption({ label: "Set metadata" });
  await dialog.getByLabel("Metadata, a JSON object").fill("{site}");
  await dialog.getByRole("button", { name: "Review" }).click();
  await expect(dialog.getByRole("alert")).toContainText("no JSON object");
  await dialog.getByLabel("Metadata, a JSON object").fill('{"site": "west"}');
  await dialog.getByRole("button", { name: "Review" }).click();
  await dialog.getByRole("button", { name: "Change 2 inputs" }).click();
  await expect(dialog.getByText("2 inputs gone through")).toBeVisible({ timeout: 30_000 });
  await dialog.getByRole("button", { name: "Close" }).click();

  await page.goto(query({ filters: [{ input: { data: { metadata: { site: "west" } } } }] }));
  const again = await changeAll(page);
  await again.getByRole("combobox", { name: "Change", exact: true }).selectOption({ label: "Remove metadata" });
  await again.getByLabel("Keys").fill("site");
  await again.getByRole("button", { name: "Review" }).click();
  await again.getByRole("button", { name: "Change 2 inputs" }).click();
  await expect(again.getByText("Done", { exact: true })).toBeVisible({ timeout: 30_000 });
  await again.getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
});

test("deleting annotations says what goes", async ({ page }) => {
  await page.goto(`/${app}/datasets/test`);
  const dialog = await changeAll(page);
  await dialog.getByRole("combobox", { name: "Change", exact: true }).selectOption({ label: "Delete all annotations" });
  await dialog.getByRole("button", { name: "Review" }).click();
  await expect(dialog.getByText("This cannot be undone.")).toBeVisible();
  await accessible(page);
  await shoot(page, "bulk-delete");
  await dialog.getByRole("button", { name: "Back" }).click();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
});

test("earlier changes are listed, opened and cancelled", async ({ page }) => {
  await page.goto(`/${app}/jobs?view=changes`);
  await expect(page.getByRole("row", { name: /Add seat.*what a search finds.*Done/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /Split into train 80 %, test 20 %.*dataset indoor85/ })).toBeVisible();
  await accessible(page);
  await shoot(page, "jobs-changes");
  await page.getByRole("link", { name: "Add seat" }).click();
  await expect(page).toHaveURL(/view=changes&id=/);
  await expect(page.getByRole("heading", { name: "Add seat" })).toBeVisible();
  await accessible(page);
  await shoot(page, "job-change");

  // One that goes on, as the page would meet it: answered here, so that it does not end on its own.
  const running = { id: "slow", operation: { delete_geo: {} }, search: { query: {} }, status: { code: 25403, description: "in progress" }, progress: { processed: 40 }, created_at: "2026-11-24T10:00:00Z" };
  let code = 25403;
  await page.route("**/bulk_operations?**", (route) => route.fulfill({ json: { status: { code: 10000 }, bulk_operation: [{ ...running, status: { code } }] } }));
  await page.route("**/bulk_operations", (route) => {
    code = 25405;
    return route.fulfill({ json: { status: { code: 10000 }, bulk_operation: [{ ...running, status: { code } }] } });
  });
  await page.goto(`/${app}/jobs?view=changes`);
  const row = page.getByRole("row", { name: /Remove the place/ });
  await expect(row.getByRole("progressbar")).toBeVisible();
  await accessible(page);
  await shoot(page, "jobs-changes-running");
  await row.getByRole("button", { name: "Cancel" }).click();
  await expect(row).toContainText("Cancelled");
  await expect(row.getByRole("button", { name: "Try again" })).toBeVisible();
});

test("an app is copied into a new one, and the copy is listed", { annotation: { type: "refused" } }, async ({ page }) => {
  await page.goto(`/${app}/apps`);
  const shown = page.getByRole("group", { name: "Apps or copies" });
  await shown.getByRole("button", { name: "Copies" }).click();
  await expect(page).toHaveURL(/view=copies/);
  await expect(page.getByRole("heading", { name: "No copies yet" })).toBeVisible();
  await accessible(page);
  await shown.getByRole("button", { name: "Apps" }).click();
  await page.getByRole("button", { name: `Copy ${app}` }).click();
  const dialog = page.getByRole("dialog", { name: `Copy ${app}` });
  await expect(dialog.getByLabel("Id")).toHaveValue(`${app}-copy`);
  await dialog.getByLabel("Concepts").uncheck();
  await expect(dialog.getByLabel("Annotations")).toBeDisabled();
  await dialog.getByLabel("Concepts").check();
  await accessible(page);
  await shoot(page, "copy-app");
  await dialog.getByRole("button", { name: "Copy app" }).click();
  await expect(dialog.getByText("Done", { exact: true })).toBeVisible({ timeout: 60_000 });
  await expect(dialog.getByText(/85 inputs/)).toBeVisible();
  await accessible(page);
  await shoot(page, "copy-app-done");
  await dialog.getByRole("button", { name: "Close" }).click();
  const copied = await send(page, "GET", `/apps/${app}-copy/datasets`);
  expect(copied.datasets.map((d: { id: string }) => d.id).sort()).toEqual(["indoor85", "test", "train"]);

  // Into itself is not offered; another language is refused with what to do.
  await send(page, "POST", "/apps", { apps: [{ id: "german", default_language: "de" }] });
  await page.reload();
  await page.getByRole("button", { name: `Copy ${app}`, exact: true }).click();
  await dialog.getByRole("button", { name: "An app that is there" }).click();
  await dialog.getByRole("combobox", { name: "App", exact: true }).selectOption("german");
  await dialog.getByRole("button", { name: "Copy app" }).click();
  await expect(dialog.getByRole("alert")).toContainText("default_language");
  await accessible(page);
  await shoot(page, "copy-app-refused");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.goto(`/${app}/apps?view=copies`);
  await expect(page.getByRole("row", { name: new RegExp(`Copy to ${app}-copy.*85 inputs`) })).toBeVisible();
  await accessible(page);
  await shoot(page, "apps-copies");
});
