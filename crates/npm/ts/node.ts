// For Node: the wasm is read from disk.
import { readFile } from "node:fs/promises";
import { loadBy } from "./load.js";
import init from "../wasm/labelscope_npm.js";

loadBy(async () => init({ module_or_path: await readFile(new URL("../wasm/labelscope_npm_bg.wasm", import.meta.url)) }));

export * from "./exports.js";
