// Settings: how the workbench looks, tokens, apps, and work on another server, through this one and straight from the page.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { token } from "../environment";
import { freshFolder, startServer, type RunningServer } from "../server";
import { accessible, expect, shoot, test } from "./fixtures";
import { ownApp } from "./own-app";
import type { Page } from "@playwright/test";

/** Is a text in what the browser keeps, or in the address? */
async function leaks(page: Page, text: string): Promise<boolean> {
  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.state]));
  return kept.includes(text);
}

test("each section has an address, and is usable by keyboard", async ({ page }) => {
  await page.goto("/settings");
  await expect(page).toHaveURL(/\/demo\/settings\/connections$/);
  await expect(page.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
  await expect(page.getByText("This server", { exact: true })).toBeVisible();
  const tabs = page.getByRole("navigation", { name: "Sections" });
  for (const [name, path] of [["Apps", "apps"], ["Tokens", "tokens"], ["Appearance", "appearance"], ["About", "about"], ["Connections", "connections"]] as const) {
    await tabs.getByRole("link", { name }).focus();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`/demo/settings/${path}$`));
    await expect(tabs.getByRole("link", { name })).toHaveAttribute("aria-current", "page");
    await expect(tabs.getByRole("link", { name })).toBeFocused();
    await expect(page.locator(".skel")).toHaveCount(0);
    await accessible(page);
    await shoot(page, `settings-${path}`);
  }
  await page.goto("/demo/apps?q=demo");
  await expect(page).toHaveURL(/\/demo\/settings\/apps\?q=demo$/);
});

test("what the server is stands under About", async ({ page }) => {
  await page.goto("/demo/settings/about");
  await expect(page.getByText("Local engine", { exact: true }).last()).toBeVisible();
  await expect(page.getByRole("rowheader", { name: "connections" })).toBeVisible();
  const licence = page.getByRole("link", { name: "MIT" });
  expect(await (await page.request.get((await licence.getAttribute("href")) ?? "")).text()).toContain("Permission is hereby granted");
});

test("the theme is the system's until one is chosen", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/demo/settings/appearance");
  const root = page.locator("html");
  await expect(page.getByRole("radio", { name: /^System/ })).toBeChecked();
  await expect(root).not.toHaveAttribute("data-theme");
  await page.getByRole("radio", { name: "Light" }).check();
  await expect(root).toHaveAttribute("data-theme", "light");
  await page.reload();
  await expect(page.getByRole("radio", { name: "Light" })).toBeChecked();
  await page.getByRole("button", { name: "Switch between light and dark" }).click();
  await expect(page.getByRole("radio", { name: "Dark" })).toBeChecked();
  await page.getByRole("radio", { name: /^System/ }).check();
  await expect(root).not.toHaveAttribute("data-theme");
  await page.emulateMedia({ colorScheme: "light" });
});

test("numbers and dates are printed in the language that is set", async ({ page }) => {
  await page.goto("/demo/settings/appearance");
  const example = page.getByLabel("Example");
  await expect(example).toContainText("1,234,567");
  await page.getByLabel("Language").selectOption("de");
  await expect(example).toContainText("1.234.567");
  await expect(example).toContainText("0,938");
  await expect(example).toContainText("83,9 kB");
  await page.reload();
  await expect(example).toContainText("1.234.567");
  await accessible(page);
  await page.getByLabel("Language").selectOption("");
  await expect(example).toContainText("1,234,567");
  // What somebody has put there is no language: English it is, and the page lives.
  await page.evaluate(() => localStorage.setItem("labelscope.numbers", "not a language"));
  await page.reload();
  await expect(example).toContainText("1,234,567");
  await page.evaluate(() => localStorage.removeItem("labelscope.numbers"));
});

test("a token is shown once, opens the API, and is refused once it is revoked", { annotation: { type: "refused" } }, async ({ page, baseURL }) => {
  await page.goto("/demo/settings/tokens");
  await expect(page.getByText("cannot be revoked")).toBeVisible();
  await page.getByRole("button", { name: "New token" }).click();
  const dialog = page.getByRole("dialog", { name: "New token" });
  await dialog.getByLabel("Name").fill("nightly export");
  await accessible(page);
  await dialog.getByRole("button", { name: "Make token" }).click();
  const secret = await dialog.getByLabel("Token “nightly export”").inputValue();
  expect(secret.length).toBeGreaterThan(20);
  await expect(dialog.getByText("Copy it now")).toBeVisible();
  await accessible(page);
  await shoot(page, "settings-token");
  await dialog.getByRole("button", { name: "Done" }).click();
  const row = page.getByRole("row", { name: /nightly export/ });
  await expect(row).toContainText(secret.slice(-4));
  expect(await page.content()).not.toContain(secret);
  expect(await leaks(page, secret)).toBe(false);

  const call = () => fetch(`${baseURL}/v2/users/me/apps`, { headers: { authorization: `Key ${secret}` } }).then((r) => r.status);
  expect(await call()).toBe(200);
  await row.getByRole("button", { name: "Revoke nightly export" }).click();
  const confirm = page.getByRole("dialog", { name: "Revoke nightly export" });
  await accessible(page);
  await confirm.getByRole("button", { name: "Revoke token" }).click();
  await expect(row).toHaveCount(0);
  expect(await call()).toBe(401);
});

test("an app cannot take the name of a page", async ({ page }) => {
  await page.goto("/demo/settings/apps");
  await page.getByRole("button", { name: "New app" }).click();
  const dialog = page.getByRole("dialog", { name: "New app" });
  await dialog.getByLabel("Id").fill("via");
  await dialog.getByRole("button", { name: "Make app" }).click();
  await expect(dialog.getByRole("alert")).toContainText("Choose another id");
});

test.describe("another server", () => {
  let other: RunningServer;
  let folder: string;

  test.beforeAll(async () => {
    folder = freshFolder();
    other = await startServer({ data: join(folder, "data"), more: ["--allow-origin", process.env.LABELSCOPE_URL ?? ""] });
    const headers = { authorization: `Key ${token}`, "content-type": "application/json" };
    const send = async (path: string, body?: unknown) => (await fetch(`${other.url}${path}`, { method: body ? "POST" : "GET", headers, body: body ? JSON.stringify(body) : undefined })).json();
    const job = (await send("/labelscope/v1/users/me/apps/demo/imports/sample", {})).job.id;
    const deadline = Date.now() + 60_000;
    while ((await send(`/labelscope/v1/users/me/apps/demo/jobs/${job}`)).job.finished_at === undefined && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });

  test.afterAll(async () => {
    await other.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("is worked on through this one", { annotation: { type: "refused" } }, async ({ page }) => {
    test.slow();
    const app = await ownApp(page, "at-home");
    await app("POST", "/datasets", { datasets: [{ id: "mine" }] });
    await page.goto("/at-home/settings/connections?new=1");
    const dialog = page.getByRole("dialog", { name: "Add connection" });
    await expect(dialog.getByLabel("Address")).toHaveValue("https://api.clarifai.com");
    await accessible(page);
    await shoot(page, "settings-connection");
    await dialog.getByLabel("Name").fill("The platform");
    await dialog.getByLabel("Address").fill("platform");
    await dialog.getByRole("textbox", { name: /^Token/ }).fill("wrong-token-of-somebody");
    await dialog.getByRole("button", { name: "Add connection" }).click();
    await expect(dialog.getByRole("alert")).toContainText("An address is a scheme");
    await expect(dialog.getByRole("textbox", { name: /^Token/ })).toHaveValue("wrong-token-of-somebody");
    await dialog.getByLabel("Address").fill(other.url);
    await dialog.getByRole("button", { name: "Add connection" }).click();
    await expect(dialog).toBeHidden();

    // A wrong token: said where it was asked, with what to look for in the other side's log; nobody is signed out here.
    await page.getByRole("button", { name: "Test The platform" }).click();
    const item = page.getByRole("listitem").filter({ hasText: other.url });
    await expect(item.getByRole("alert")).toContainText(/code 1100\d · req_id \w+/);
    await accessible(page);
    await shoot(page, "settings-connection-failed");
    await item.getByRole("link", { name: "The platform" }).click();
    await expect(page.getByRole("alert").first()).toContainText(/req_id/);
    await expect(page).toHaveURL(/\/via\/the-platform/);

    await page.goto("/at-home/settings/connections");
    await page.getByRole("button", { name: "Edit The platform" }).click();
    const edit = page.getByRole("dialog", { name: "Edit The platform" });
    await edit.getByRole("textbox", { name: /^Token/ }).fill(token);
    await edit.getByLabel("App id").fill("demo");
    await accessible(page);
    await edit.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Test The platform" }).click();
    await expect(item.getByText("Works")).toBeVisible();
    await shoot(page, "settings-connection-works");
    expect(await leaks(page, token)).toBe(false);

    await page.getByRole("button", { name: /Switch server/ }).click();
    await accessible(page);
    await shoot(page, "servers");
    const calls: string[] = [];
    page.on("request", (request) => calls.push(new URL(request.url()).pathname));
    await page.getByRole("dialog", { name: "Servers" }).getByRole("link", { name: /The platform/ }).click();
    await expect(page).toHaveURL(/\/via\/the-platform\/demo\/datasets$/);
    await expect(page.getByRole("button", { name: /Server: The platform/ })).toBeVisible();
    await page.getByRole("link", { name: "indoor85" }).click();
    await expect(page.getByRole("button", { name: /^Open indoor_001/ })).toBeVisible();
    const picture = page.locator(".shot img").first();
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    await expect(page.getByText("1–48 of more than 48", { exact: true })).toBeVisible();
    await accessible(page);
    await shoot(page, "through-dataset");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Inputs" }).click();
    await expect(page).toHaveURL(/\/via\/the-platform\/demo\/inputs$/);
    await expect.poll(() => page.locator(".shot img").first().evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
    for (const [name, said] of [["Concepts", "chair"], ["Jobs", "No list of all jobs there"], ["Evaluations", "No evaluations yet"]] as const) {
      await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name }).click();
      await expect(page.getByText(said).first()).toBeVisible();
      await accessible(page);
    }
    // All of that went to the other server; of this one, only its connections were asked for.
    expect(calls.filter((p) => p.startsWith("/v2/"))).toEqual([]);
    expect(calls.filter((p) => p.startsWith("/labelscope/") && !/^\/labelscope\/v1\/(gateway\/the-platform|connections|events)/.test(p))).toEqual([]);
    // Addresses hold after the page is loaded anew.
    await page.goto("/via/the-platform/demo/inputs");
    await expect(page.locator(".shot img").first()).toBeVisible();

    await page.getByRole("button", { name: /Switch server/ }).click();
    await page.getByRole("dialog", { name: "Servers" }).getByRole("link", { name: /This server/ }).click();
    await expect(page.getByRole("button", { name: /Server: Local engine/ })).toBeVisible();
    await page.goto("/at-home/datasets");
    await expect(page.getByRole("link", { name: "mine" })).toBeVisible();
    await expect(page.getByRole("link", { name: "indoor85" })).toHaveCount(0);

    await page.goto("/at-home/settings/connections");
    await page.getByRole("button", { name: "Delete The platform" }).click();
    await page.getByRole("dialog", { name: "Delete The platform" }).getByRole("button", { name: "Delete connection" }).click();
    await expect(item).toHaveCount(0);
    await page.goto("/via/the-platform/demo/inputs");
    await expect(page.getByRole("heading", { name: "There is no such connection" })).toBeVisible();
    await accessible(page);
  });

  test("is worked on straight from the page, which forgets the token with the tab", async ({ page }) => {
    await page.goto("/demo/settings/connections?new=1");
    const dialog = page.getByRole("dialog", { name: "Add connection" });
    await dialog.getByLabel(/Directly from this page/).check();
    await accessible(page);
    await dialog.getByLabel("Name").fill("Straight");
    await dialog.getByLabel("Address").fill(other.url);
    await dialog.getByRole("textbox", { name: /^Token/ }).fill(token);
    await dialog.getByRole("button", { name: "Add connection" }).click();
    await page.getByRole("button", { name: "Test Straight" }).click();
    const item = page.getByRole("listitem").filter({ hasText: other.url });
    await expect(item.getByText("Works")).toBeVisible();
    const asked = page.waitForRequest((r) => r.url().startsWith(`${other.url}/v2/`) && r.method() === "GET");
    await item.getByRole("link", { name: "Straight" }).click();
    expect((await asked).headers().authorization).toBe(`Key ${token}`);
    await expect(page).toHaveURL(/\/via\/direct\.1\/demo\/datasets$/);
    await expect(page.getByRole("link", { name: "indoor85" })).toBeVisible();
    expect(await leaks(page, token)).toBe(false);
    expect(await page.content()).not.toContain(token);
    await page.reload();
    await expect(page.getByRole("heading", { name: "There is no such connection" })).toBeVisible();
    expect(await leaks(page, token)).toBe(false);
  });
});
