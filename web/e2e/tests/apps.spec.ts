// Apps: made, switched to, changed, and deleted with what they hold.
import { accessible, expect, shoot, test } from "./fixtures";
import { send } from "./own-app";

test("an app is made, changed and deleted with what it holds", { annotation: { type: "refused" } }, async ({ page }) => {
  await page.goto("/demo/concepts");
  await page.getByRole("button", { name: /Switch app/ }).click();
  await accessible(page);
  await page.getByRole("link", { name: "Manage apps" }).click();
  await expect(page).toHaveTitle("Apps · Labelscope");
  await accessible(page);
  await page.getByRole("button", { name: "New app" }).click();
  const made = page.getByRole("dialog", { name: "New app" });
  await made.getByLabel("Id").fill("passing");
  await made.getByLabel("Name", { exact: true }).fill("Passing");
  await made.getByLabel("Language of concept names").selectOption("de");
  await accessible(page);
  await made.getByRole("button", { name: "Make app" }).click();
  await expect(page).toHaveURL(/\/passing$/);
  await send(page, "POST", "/apps/passing/datasets", { datasets: [{ id: "one" }, { id: "two" }] });

  await page.goto("/demo/apps");
  await page.getByRole("button", { name: "Edit passing" }).click();
  await page.getByRole("dialog").getByLabel("Description").fill("here for a moment");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  const row = page.getByRole("row", { name: /Passing.*here for a moment.*German/ });
  await expect(row).toBeVisible();
  await shoot(page, "apps");
  await page.getByRole("button", { name: "Delete passing" }).click();
  const remove = page.getByRole("dialog", { name: "Delete passing" });
  await expect(remove.getByText("Datasets", { exact: true }).locator("..")).toContainText("2");
  await expect(remove.getByRole("button", { name: "Delete app" })).toBeDisabled();
  await accessible(page);
  await shoot(page, "delete-app");
  await remove.getByLabel("Type passing to delete it").fill("passing");
  await remove.getByRole("button", { name: "Delete app" }).click();
  await expect(row).toHaveCount(0);
});

test("the palette leads to the new pages and dialogs", async ({ page }) => {
  await page.goto("/demo/apps");
  await expect(page).toHaveTitle("Apps · Labelscope");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search or run a command" }).fill("register");
  await page.getByRole("option", { name: "Register a model" }).click();
  await expect(page.getByRole("dialog", { name: "Register a model" })).toBeVisible();
  await expect(page).not.toHaveURL(/new=/);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search or run a command" }).fill("all relations");
  await page.getByRole("option", { name: "All relations", exact: true }).click();
  await expect(page).toHaveURL(/\/demo\/concepts\?view=relations/);
  await expect(page.getByRole("heading", { name: "No relations yet" })).toBeVisible();
  await accessible(page);
});
