// The worker's start: loads its wasm and hands it the messages. See web/messages for what is said.
import init, { handle, start } from "./labelscope-worker.js";

// Messages may come before the wasm is there.
let waiting = [];
let broken = false;

self.onmessage = ({ data }) => (waiting ? waiting.push(data) : pass(data));

function pass(message) {
  if (broken) return;
  try {
    handle(message);
  } catch (error) {
    tellBroken(message.id, error);
  }
}

// After a panic the wasm's memory is not to be trusted: the page starts a new worker.
function tellBroken(id, error) {
  if (broken) return;
  broken = true;
  self.postMessage({ id, event: { kind: "panicked", message: String(error?.message ?? error) } });
}

try {
  // Named here, because this address may carry `?fresh=…`, which the wasm's has to carry too.
  const wasm = new URL("./labelscope-worker_bg.wasm", import.meta.url);
  wasm.search = new URL(import.meta.url).search;
  await init({ module_or_path: wasm });
  start();
  const early = waiting;
  waiting = undefined;
  early.forEach(pass);
} catch (error) {
  tellBroken(0, error);
}
