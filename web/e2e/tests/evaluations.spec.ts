// Models and evaluations through the page: register, evaluate, read the figures, delete.
import { accessible, expect, shoot, test } from "./fixtures";
import { readFileSync } from "node:fs";
import { ownApp } from "./own-app";

test.describe.configure({ mode: "serial" });

test("a model is registered with versions, described and listed", async ({ page }) => {
  const app = await ownApp(page, "measured");
  await app("POST", "/concepts", { concepts: ["cat", "dog"].map((id) => ({ id, name: id })) });
  await app("POST", "/datasets", { datasets: [{ id: "pets" }] });
  const inputs = Array.from({ length: 8 }, (_, i) => ({ id: `in${i}`, dataset_ids: ["pets"], data: { text: { raw: `pet ${i}` }, concepts: [{ id: i % 2 ? "cat" : "dog", value: 1 }] } }));
  await app("POST", "/inputs", { inputs });
  await page.goto("/measured/evaluations");
  await expect(page.getByRole("heading", { name: "No evaluations yet" })).toBeVisible();
  await accessible(page);
  await page.getByRole("link", { name: "Models" }).click();
  await expect(page.getByRole("heading", { name: "No models yet" })).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Register a model" }).first().click();
  const dialog = page.getByRole("dialog", { name: "Register a model" });
  await dialog.getByLabel("Id", { exact: true }).fill("pets-net");
  await dialog.getByLabel("Name", { exact: true }).fill("Pets net");
  await dialog.getByLabel("First version").fill("net-1");
  await accessible(page);
  await shoot(page, "register-model");
  await dialog.getByRole("button", { name: "Register" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Pets net" })).toBeVisible();
  await expect(page.getByRole("row", { name: /net-1/ })).toBeVisible();
  await page.getByRole("button", { name: "Register a version" }).click();
  await page.getByRole("dialog").getByLabel("Id").fill("net-2");
  await page.getByRole("dialog").getByRole("button", { name: "Register version" }).click();
  await page.getByRole("button", { name: "Describe net-2" }).click();
  await page.getByRole("dialog").getByLabel("Description").fill("ten epochs more");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row", { name: /net-2 ten epochs more/ })).toBeVisible();
  await accessible(page);
  await shoot(page, "model");
  await page.goto("/measured/models?q=pets");
  await expect(page.getByRole("link", { name: "Pets net" })).toBeVisible();
  await accessible(page);
  await shoot(page, "models");
});

test("an evaluation is begun, and its figures are read by concept", async ({ page }) => {
  await page.goto("/measured/evaluations");
  const app = (await import("./own-app")).send;
  // Right but for the last dog.
  const annotations = Array.from({ length: 8 }, (_, i) => {
    const cat = i % 2 === 1 || i === 6;
    return { input_id: `in${i}`, data: { concepts: [{ id: "cat", value: cat ? 0.9 : 0.1 }, { id: "dog", value: cat ? 0.2 : 0.8 }] }, worker: { model: { id: "pets-net", model_version: { id: "net-1" } } } };
  });
  await app(page, "POST", "/apps/measured/annotations", { annotations });
  await page.getByRole("button", { name: "New evaluation" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New evaluation" });
  await expect(dialog.getByRole("button", { name: "Evaluate" })).toBeDisabled();
  await dialog.getByRole("combobox", { name: "Model", exact: true }).selectOption("pets-net");
  await dialog.getByRole("combobox", { name: "Version of the model" }).selectOption("net-1");
  await expect(dialog.getByText("Without a dataset all inputs of the app count")).toBeVisible();
  await dialog.getByRole("combobox", { name: "Dataset", exact: true }).selectOption("pets");
  await dialog.getByText("Options", { exact: true }).click();
  await dialog.getByLabel("Threshold, from 0 to 1").fill("1.5");
  await dialog.getByRole("button", { name: "Evaluate" }).click();
  await expect(dialog.getByRole("alert")).toContainText("The threshold is a number from 0 to 1.");
  await dialog.getByLabel("Threshold, from 0 to 1").fill("0.5");
  await accessible(page);
  await shoot(page, "new-evaluation");
  await dialog.getByRole("button", { name: "Evaluate" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Pets net on pets" })).toBeVisible();
  await expect(page.getByText("Ready", { exact: true })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("Macro F1", { exact: true })).toBeVisible();
  await expect(page.getByText("7 of 8 right")).toBeVisible();
  // Cat: 4 true, 5 predicted, F1 8/9; dog: 4 true, 3 predicted, F1 6/7. The weaker stands first.
  const rows = page.getByRole("table", { name: "Figures by class" }).locator("tbody").getByRole("row");
  await expect(rows.nth(0)).toContainText("dog");
  await expect(rows.nth(0)).toContainText("0.857");
  await expect(rows.nth(1)).toContainText("0.889");
  await accessible(page);
  await shoot(page, "evaluation-small");
  await page.getByRole("button", { name: "Class", exact: true }).click();
  await expect(rows.nth(0)).toContainText("cat");
  await expect(page).toHaveURL(/sort=name/);
});

test("a version without predictions fails, which the list hides until it is asked", async ({ page }) => {
  await page.goto("/measured/evaluations?new=1");
  const dialog = page.getByRole("dialog", { name: "New evaluation" });
  await dialog.getByRole("combobox", { name: "Model", exact: true }).selectOption("pets-net");
  await dialog.getByRole("combobox", { name: "Version of the model" }).selectOption("net-2");
  await dialog.getByRole("combobox", { name: "Dataset", exact: true }).selectOption("pets");
  await dialog.getByRole("button", { name: "Evaluate" }).click();
  await expect(page.getByText("The evaluation failed")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("code 21313")).toBeVisible();
  await expect(page.getByRole("link", { name: "Import predictions" })).toHaveAttribute("href", /\/measured\/predictions\?model=pets-net/);
  await accessible(page);
  await page.goto("/measured/evaluations");
  await expect(page.getByText("1 evaluation", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Show failed" }).click();
  await expect(page.getByText("2 evaluations", { exact: true })).toBeVisible();
  await expect(page).toHaveURL(/failed=1/);
  await page.getByRole("button", { name: "F1", exact: true }).click();
  await expect(page.getByRole("columnheader", { name: "F1" })).toHaveAttribute("aria-sort", "descending");
  await expect(page).toHaveURL(/sort=-f1/);
  // The failed one says why, and has no rank.
  const failed = page.getByRole("row", { name: /No predictions/ });
  await expect(failed.getByRole("link", { name: "Import predictions" })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Rank" })).toBeVisible();
  await expect(page.getByRole("row", { name: /net-1/ }).getByRole("cell", { name: "1", exact: true })).toBeVisible();
  await accessible(page);
  await shoot(page, "evaluations");
});

test("runs are picked for a comparison, columns are chosen, and all rows are saved", async ({ page }) => {
  await page.goto("/measured/evaluations?failed=1");
  const boxes = page.getByRole("checkbox", { name: /^Pick Pets net/ });
  await boxes.nth(0).check();
  await expect(page.getByText("1 picked")).toBeVisible();
  await expect(page.getByRole("button", { name: "Compare" })).toBeDisabled();
  await boxes.nth(1).check();
  await expect(page.getByRole("link", { name: "Compare" })).toHaveAttribute("href", /\/measured\/compare\?runs=[^,]+,[^,]+$/);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Threshold" }).check();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("columnheader", { name: "Threshold" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("columnheader", { name: "Threshold" })).toBeVisible();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save all rows as CSV" }).click();
  const text = readFileSync(await (await saved).path(), "utf8");
  expect(text.trim().split("\r\n")).toHaveLength(3);
  expect(text).toContain("No predictions");
});

test("a model goes only when its id is typed, and says what goes with it", { annotation: { type: "refused" } }, async ({ page }) => {
  await page.goto("/measured/models/pets-net");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Delete pets-net" });
  await expect(dialog.getByText(/2 versions go/)).toContainText("net-1");
  await expect(dialog.getByRole("button", { name: "Delete model" })).toBeDisabled();
  await accessible(page);
  await shoot(page, "delete-model");
  await dialog.getByLabel("Type pets-net to delete it").fill("pets-net");
  await dialog.getByRole("button", { name: "Delete model" }).click();
  await expect(page.getByRole("heading", { name: "No models yet" })).toBeVisible();
});
