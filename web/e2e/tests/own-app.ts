// An app of its own for a file of tests, so that files do not see each other's data, filled through the API.
import { expect, type Page } from "@playwright/test";

/** Sends an operation as the signed-in page would; anything but success fails the test. */
export async function send(page: Page, method: string, path: string, body?: unknown): Promise<any> {
  const origin = process.env.LABELSCOPE_URL ?? "";
  const reply = await page.request.fetch(`${origin}/v2/users/me${path}`, { method, data: body, headers: { origin } });
  const said = await reply.json();
  expect(said.status?.code, `${method} ${path}: ${JSON.stringify(said.status)}`).toBe(10000);
  return said;
}

/** Makes an app and gives what sends operations below it. */
export async function ownApp(page: Page, id: string): Promise<(method: string, path: string, body?: unknown) => Promise<any>> {
  await send(page, "POST", "/apps", { apps: [{ id }] });
  return (method, path, body) => send(page, method, `/apps/${id}${path}`, body);
}
