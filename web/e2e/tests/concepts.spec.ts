// A concept in all its languages and relations, through the page alone.
import { accessible, expect, shoot, test } from "./fixtures";
import { ownApp } from "./own-app";

test.describe.configure({ mode: "serial" });

const drawer = (page: import("@playwright/test").Page) => page.getByRole("complementary", { name: "Concept" });

test("a concept is named in another language, and found by that name", { annotation: { type: "refused" } }, async ({ page }) => {
  const app = await ownApp(page, "words");
  const concepts = [["chair", "a seat for one person"], ["seat", "furniture to sit on"], ["furniture", ""], ["armchair", "a chair with arms"], ["stool", ""]];
  await app("POST", "/concepts", { concepts: concepts.map(([id, definition]) => ({ id, name: id, definition })) });
  await page.goto("/words/concepts?concept=chair");
  const detail = drawer(page);
  await expect(detail.getByRole("heading", { name: "chair", exact: true })).toBeVisible();
  await detail.getByRole("button", { name: "Add a language" }).click();
  await accessible(page);
  await detail.getByRole("combobox", { name: "Language" }).fill("de");
  await expect(detail.getByText("German", { exact: true })).toBeVisible();
  await detail.getByLabel("Name in this language").fill("Stuhl");
  await detail.getByLabel("Meaning in this language").fill("Sitzmöbel für eine Person");
  await detail.getByRole("button", { name: "Save words" }).click();
  await expect(detail.getByText("Stuhl")).toBeVisible();
  await expect(detail.getByText("Sitzmöbel für eine Person")).toBeVisible();

  await detail.getByRole("button", { name: "Edit German" }).click();
  await detail.getByLabel("Name in German").fill("Der Stuhl");
  await detail.getByRole("button", { name: "Save words" }).click();
  await expect(detail.getByText("Der Stuhl")).toBeVisible();

  await detail.getByRole("button", { name: "Add a language" }).click();
  await detail.getByRole("combobox", { name: "Language" }).fill("not a code!");
  await detail.getByLabel("Name in this language").fill("x");
  await detail.getByRole("button", { name: "Save words" }).click();
  await expect(detail.getByRole("alert").getByText("The words were not saved")).toBeVisible();
  await expect(detail.getByRole("alert").getByText(/req_id/)).toBeVisible();
  await detail.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("combobox", { name: "Language of names" }).selectOption("de");
  await expect(page).toHaveURL(/language=de/);
  const grid = page.getByRole("grid", { name: "Concepts" });
  await expect(grid.getByRole("row", { name: /Der Stuhl/ })).toBeVisible();
  await page.getByRole("searchbox", { name: "Search concepts by name" }).fill("*stu*");
  await expect(grid.getByRole("row", { name: /Der Stuhl.*chair/ })).toBeVisible();
  await accessible(page);
  await page.getByRole("searchbox", { name: "Search concepts by name" }).fill("niemand");
  await expect(page.getByRole("heading", { name: "Nothing found in German" })).toBeVisible();
  await accessible(page);
});

test("metadata is kept, and what is no JSON is told in place", async ({ page }) => {
  await page.goto("/words/concepts?concept=chair");
  const detail = drawer(page);
  await detail.getByText("Metadata", { exact: true }).click();
  const field = detail.getByLabel("Metadata as a JSON object");
  await field.fill("{ broken");
  await detail.getByRole("button", { name: "Save" }).click();
  await expect(detail.getByText(/This is no JSON object/)).toBeVisible();
  await field.fill('{"wordnet": "n03005231"}');
  await detail.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Concept changed")).toBeVisible();
  await page.reload();
  await expect(detail.getByLabel("Metadata as a JSON object")).toHaveValue(/n03005231/);
});

test("relations are added by name, shown from both sides, removed and put back", { annotation: { type: "refused" } }, async ({ page }) => {
  await page.goto("/words/concepts?concept=chair");
  const detail = drawer(page);
  await detail.getByRole("button", { name: "Add a relation" }).click();
  const field = detail.getByRole("combobox", { name: "The broader concept" });
  await field.fill("sea");
  await expect(detail.getByRole("option", { name: /seat/ })).toBeVisible();
  await accessible(page);
  await field.press("Enter");
  await expect(detail.getByRole("link", { name: "seat", exact: true })).toBeVisible();
  await detail.getByRole("combobox", { name: "Relation", exact: true }).selectOption("hypernym");
  await detail.getByRole("combobox", { name: "The narrower concept" }).fill("arm");
  await detail.getByRole("option", { name: /armchair/ }).click();
  await expect(detail.getByRole("link", { name: "armchair" })).toBeVisible();
  await shoot(page, "concept-relations");

  // Above itself nothing may stand: the circle is told where it happened.
  await detail.getByRole("combobox", { name: "Relation", exact: true }).selectOption("hyponym");
  await detail.getByRole("combobox", { name: "The broader concept" }).fill("armchair");
  await detail.getByRole("option", { name: /armchair/ }).click();
  await expect(detail.getByRole("alert").getByText(/armchair.*chair|chair.*armchair/).first()).toBeVisible();
  await accessible(page);

  await detail.getByRole("link", { name: "seat", exact: true }).click();
  await expect(page).toHaveURL(/concept=seat/);
  await expect(detail.getByText("Narrower")).toBeVisible();
  await detail.getByRole("button", { name: "Remove chair" }).click();
  await expect(detail.getByRole("link", { name: "chair", exact: true })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(detail.getByRole("link", { name: "chair", exact: true })).toBeVisible();
});

test("graphs are made, and all relations listed by kind and graph", async ({ page }) => {
  await page.goto("/words/concepts");
  await page.getByRole("button", { name: "New graph" }).click();
  const dialog = page.getByRole("dialog", { name: "New knowledge graph" });
  await dialog.getByLabel("Id").fill("home");
  await dialog.getByLabel("Name").fill("At home");
  await accessible(page);
  await dialog.getByRole("button", { name: "Make graph" }).click();
  await expect(dialog).toBeHidden();
  await page.goto("/words/concepts?concept=stool");
  const detail = drawer(page);
  await detail.getByRole("button", { name: "Add a relation" }).click();
  await detail.getByRole("combobox", { name: "Graph" }).selectOption("home");
  await detail.getByRole("combobox", { name: "The broader concept" }).fill("furniture");
  await detail.getByRole("option", { name: /furniture/ }).click();
  await expect(detail.getByRole("heading", { name: "At home" })).toBeVisible();

  await page.getByRole("link", { name: "All relations" }).click();
  const grid = page.getByRole("grid", { name: "Relations" });
  await expect(grid.getByRole("row")).toHaveCount(4);
  await page.getByRole("combobox", { name: "Graph" }).first().selectOption("home");
  await expect(page).toHaveURL(/graph=home/);
  await expect(grid.getByRole("row", { name: /stool is narrower than furniture At home/ })).toBeVisible();
  await expect(page.getByText("1 relation", { exact: true })).toBeVisible();
  await accessible(page);
  await shoot(page, "relations");
  await page.getByRole("combobox", { name: "Kind of relation" }).selectOption("synonym");
  await expect(page.getByRole("heading", { name: "No relation matches" })).toBeVisible();
});

test("selected concepts are mapped by a job", async ({ page }) => {
  await page.goto("/words/concepts");
  const grid = page.getByRole("grid", { name: "Concepts" });
  await grid.getByRole("checkbox", { name: "Select chair" }).click();
  await expect(page.getByText("1 selected")).toBeVisible();
  // The keyboard does the same: Space takes the mark of the row away, then another is marked.
  await grid.locator(".vt-body").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press(" ");
  await expect(page.getByText("2 selected")).toBeVisible();
  await shoot(page, "concepts-selected");
  await page.getByRole("button", { name: "Map to a graph…" }).click();
  const dialog = page.getByRole("dialog", { name: "Map to a graph" });
  await expect(dialog.getByRole("button", { name: "Start mapping" })).toBeDisabled();
  await dialog.getByLabel("Graph").selectOption("home");
  await accessible(page);
  await dialog.getByRole("button", { name: "Start mapping" }).click();
  await page.getByRole("link", { name: "Open jobs" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Jobs" })).toBeVisible();
});
