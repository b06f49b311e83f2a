// The server under test: the release binary on a free port with a fresh data folder, ended after the last test.
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binary, root, token, workbench } from "./environment";

export interface RunningServer {
  url: string;
  data: string;
  /** What it has printed so far. */
  output(): string;
  /** Ends it: SIGTERM is the graceful way, SIGKILL a power cut. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** Starts a server and waits until it answers. The same data folder and port can be given again after a stop. */
export async function startServer(options: { data: string; port?: number; more?: string[] }): Promise<RunningServer> {
  const port = options.port ?? (await freePort());
  const log = join(options.data, "..", "server.log");
  const file = openSync(log, "a");
  const child = spawn(
    binary,
    ["serve", "--data", options.data, "--listen", `127.0.0.1:${port}`, "--token", token, "--workbench", workbench, "--allow-folder", join(root, "testdata"), ...(options.more ?? [])],
    { cwd: root, stdio: ["ignore", file, file] },
  );
  closeSync(file);
  const output = () => readFileSync(log, "utf8");
  const url = `http://127.0.0.1:${port}`;
  await ready(url, child, output);
  return {
    url,
    data: options.data,
    output,
    stop: (signal = "SIGTERM") => stopped(child, signal),
  };
}

/** A folder of its own for one server: `data` inside, the log beside. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), "labelscope-e2e-"));
}

export default async function globalSetup(): Promise<() => Promise<void>> {
  const folder = freshFolder();
  const server = await startServer({ data: join(folder, "data") });
  process.env.LABELSCOPE_URL = server.url;
  process.env.LABELSCOPE_TOKEN = token;
  process.env.LABELSCOPE_LOG = join(folder, "server.log");
  return async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function ready(url: string, child: ChildProcess, output: () => string): Promise<void> {
  let failed: Error | undefined;
  child.once("error", (error) => (failed = error));
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (failed) throw new Error(`${binary} could not be started: ${failed.message}; \`cargo xtask build\` makes it`);
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${output()}`);
    try {
      if ((await fetch(`${url}/healthz`)).status === 200) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGKILL");
  throw new Error(`the server did not answer GET /healthz within a minute:\n${output()}`);
}

function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    // A server that does not end by itself must not hold up the tests.
    const hard = setTimeout(() => child.kill("SIGKILL"), 15_000);
    child.once("exit", () => {
      clearTimeout(hard);
      resolve();
    });
    child.kill(signal);
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
