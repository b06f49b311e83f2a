// Times the wasm of crates/metrics/examples/bench_detection.rs on two files, from their bytes to the figures.
const { readFileSync } = require("node:fs");
const { detection } = require("./bench_detection.js");

const begun = performance.now();
const [instances, results] = process.argv.slice(2).map((path) => readFileSync(path));
const figures = Array.from(detection(instances, results));
console.log(JSON.stringify({ total_s: (performance.now() - begun) / 1000, figures }));
