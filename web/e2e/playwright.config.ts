// The whole way in a real browser, against the release build: `cargo xtask test e2e` builds what is missing and sets
// the environment; with a build at hand, `npm run e2e` does too.
import { join } from "node:path";
import { defineConfig } from "@playwright/test";
import { chromium, flags, target } from "./environment";

export default defineConfig({
  testDir: "tests",
  outputDir: join(target, "e2e"),
  globalSetup: "./server.ts",
  // One server with one database: tests follow each other.
  workers: 1,
  fullyParallel: false,
  // A test that passes at the second try has found something.
  retries: 0,
  forbidOnly: process.env.CI === "true",
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    // Set by server.ts before the tests are loaded.
    baseURL: process.env.LABELSCOPE_URL,
    viewport: { width: 1280, height: 800 },
    launchOptions: { executablePath: chromium, args: flags },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
});
