// Versions: with a filter, changed, counted by every group, exported with a choice, deleted.
import { accessible, expect, shoot, test } from "./fixtures";

test.describe.configure({ mode: "serial" });

const app = "versions-of-their-own";

test.beforeAll(async ({ playwright }) => {
  const request = await playwright.request.newContext({ baseURL: process.env.LABELSCOPE_URL, extraHTTPHeaders: { authorization: `Key ${process.env.LABELSCOPE_TOKEN}` } });
  const post = async (path: string, data: unknown) => {
    const reply = await request.post(`/v2/users/me/apps${path}`, { data });
    expect(reply.ok(), await reply.text()).toBe(true);
  };
  await post("", { apps: [{ id: app }] });
  await post(`/${app}/concepts`, { concepts: [{ id: "chair" }, { id: "person" }] });
  await post(`/${app}/datasets`, { datasets: [{ id: "rooms", description: "three rooms" }] });
  const text = (id: string) => ({ id, data: { text: { raw: id } }, dataset_ids: ["rooms"] });
  await post(`/${app}/inputs`, { inputs: [text("one"), text("two"), text("three")] });
  const box = { bounding_box: { top_row: 0.1, left_col: 0.1, bottom_row: 0.5, right_col: 0.6 } };
  const says = (input_id: string, concept: string) => ({ input_id, data: { regions: [{ region_info: box, data: { concepts: [{ id: concept, value: 1 }] } }] } });
  await post(`/${app}/annotations`, { annotations: [says("one", "chair"), says("two", "chair"), says("two", "person")] });
  await request.dispose();
});

test("a version is made with a filter that is chosen in the dialog, and says how many pass", async ({ page }) => {
  await page.goto(`/${app}/datasets/rooms`);
  await page.getByRole("button", { name: "New version" }).click();
  const dialog = page.getByRole("dialog", { name: "New version" });
  await dialog.getByRole("combobox", { name: "Annotations", exact: true }).selectOption("*");
  await dialog.getByLabel("Name of the filter").fill("chairs");
  await dialog.getByLabel("Concepts, any of them").fill("chair");
  await dialog.getByLabel("Concepts, any of them").press("Enter");
  await expect(dialog.getByText("2 inputs have an annotation that passes")).toBeVisible();
  await dialog.getByLabel("Leave out inputs without annotations").check();
  await dialog.getByText("Metadata", { exact: true }).click();
  await dialog.getByLabel("Metadata, a JSON object").fill('{"round": 1}');
  await accessible(page);
  await shoot(page, "new-version-filter");
  await dialog.getByRole("button", { name: "Freeze version" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "v1" })).toBeVisible();
  await expect(page.getByText("Ready").first()).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("Filter chairs")).toBeVisible();
  await expect(page.getByText("Made by hand")).toBeVisible();
});

test("a version is counted by every group, as chart and as table, and shows where regions lie", async ({ page }) => {
  await page.goto(`/${app}/datasets/rooms/versions/v1`);
  const chart = page.getByRole("list", { name: "Concept, annotations" });
  await expect(chart.getByRole("button", { name: /chair.*2/ })).toBeVisible();
  await chart.getByRole("button", { name: /chair/ }).click();
  await expect(page).toHaveURL(/group=chair/);
  await page.getByRole("button", { name: "Show as table" }).click();
  await expect(page.getByRole("row", { name: /chair/ })).toBeVisible();
  await accessible(page);
  await shoot(page, "version-groups");
  const by = page.getByLabel("Group by");
  for (const kind of ["boxes", "polygons", "masks", "points", "concepts", "kind", "pixels", "ratio"]) {
    await by.selectOption(kind);
    await expect(page).toHaveURL(new RegExp(`by=${kind}`));
  }
  await accessible(page);
});

test("a version's words can be changed and its exports may hold embeddings", async ({ page }) => {
  await page.goto(`/${app}/datasets/rooms/versions/v1`);
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit v1" });
  await dialog.getByLabel("Description").fill("chairs alone");
  await dialog.getByLabel("Metadata, a JSON object").fill("[1]");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert")).toContainText("no JSON object");
  await dialog.getByLabel("Metadata, a JSON object").fill('{"round": 2}');
  await accessible(page);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("chairs alone")).toBeVisible();
  await page.getByRole("switch", { name: "With embeddings" }).first().check();
  await page.getByRole("button", { name: "Export Clarifai protobuf" }).click();
  await expect(page.getByText(/\bwith embeddings/)).toBeVisible({ timeout: 20_000 });
});

test("a filter is changed and deleted", async ({ page }) => {
  await page.goto(`/${app}/datasets/rooms`);
  await page.getByRole("button", { name: "New version" }).click();
  await page.getByRole("dialog", { name: "New version" }).getByRole("button", { name: "Filters" }).click();
  const dialog = page.getByRole("dialog", { name: "Annotation filters" });
  await dialog.getByRole("button", { name: "Change chairs" }).click();
  await dialog.getByLabel("Leave these concepts out").check();
  await accessible(page);
  await shoot(page, "filters");
  await dialog.getByRole("button", { name: "Save filter" }).click();
  await expect(dialog.getByText("keeps not chair")).toBeVisible();
  await dialog.getByRole("button", { name: "Delete chairs" }).click();
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(dialog.getByText("None yet.")).toBeVisible();
});

test("a dataset takes the inputs of another, and says what goes with it", async ({ page }) => {
  await page.goto(`/${app}/datasets`);
  await page.getByRole("button", { name: "New dataset" }).click();
  await page.getByRole("dialog").getByLabel("Id").fill("copy");
  await page.getByRole("button", { name: "Make dataset" }).click();
  await page.getByRole("link", { name: "copy" }).click();
  await page.getByRole("button", { name: "Add inputs" }).click();
  const dialog = page.getByRole("dialog", { name: "Add inputs" });
  await dialog.getByLabel("All of another dataset").selectOption("rooms");
  await accessible(page);
  await shoot(page, "fill-dataset");
  await dialog.getByRole("button", { name: "Add inputs" }).click();
  await expect(page.locator(".shot")).toHaveCount(3);
  await page.goto(`/${app}/datasets?sort=id`);
  await expect(page.getByRole("row").nth(1)).toContainText("copy");
  await page.getByRole("button", { name: "Turn the order round" }).click();
  await expect(page.getByRole("row").nth(1)).toContainText("rooms");
  await page.getByRole("button", { name: "Delete rooms" }).click();
  await expect(page.getByText(/1 version and 1 export go with it. Its 3 inputs stay/)).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "Cancel" }).click();
});

test("a version goes by typing its id", async ({ page }) => {
  await page.goto(`/${app}/datasets/rooms/versions/v1`);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  const remove = page.getByRole("button", { name: "Delete version" });
  await expect(remove).toBeDisabled();
  await accessible(page);
  await shoot(page, "delete-version");
  await page.getByLabel("Type the id to delete it").fill("v1");
  await remove.click();
  await expect(page.getByRole("heading", { level: 1, name: "rooms" })).toBeVisible();
  await page.goto(`/${app}/jobs`);
  await expect(page.getByRole("row", { name: /Count a version/ }).first()).toBeVisible();
  await accessible(page);
});
