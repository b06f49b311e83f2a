// Where things are: said by xtask, else the places where they usually are.
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

export const root = resolve(__dirname, "..", "..");
export const target = process.env.LABELSCOPE_TARGET ?? resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
export const binary = process.env.LABELSCOPE_BINARY ?? join(target, "release", "labelscope");
export const workbench = process.env.LABELSCOPE_WORKBENCH ?? join(root, "dist");
export const token = "test-token-of-the-local-server";

export const chromium = process.env.LABELSCOPE_CHROMIUM ?? onPath("chromium", "chromium-browser", "google-chrome");

/** For a quiet browser that starts in a container and talks to nobody; Playwright itself asks for headless. */
export const flags = (process.env.LABELSCOPE_CHROMIUM_FLAGS ?? "--no-sandbox --disable-gpu --no-first-run")
  .split(" ")
  .filter((flag) => flag !== "" && flag !== "--headless");

function onPath(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
