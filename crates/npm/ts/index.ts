// For browsers and bundlers: the wasm lies beside, found by its URL.
import { loadBy } from "./load.js";
import init from "../wasm/labelscope_npm.js";

loadBy(() => init({ module_or_path: new URL("../wasm/labelscope_npm_bg.wasm", import.meta.url) }));

export * from "./exports.js";
