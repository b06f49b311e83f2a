// Puts NAME.br and NAME.gz beside every file of a folder that gets smaller by it: the server sends them as they are.
// What was compressed before is kept by its content in a second folder, as Trunk writes all files anew at every build.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [folder, kept] = process.argv.slice(2);
mkdirSync(kept, { recursive: true });

const brotli = (plain) =>
  brotliCompressSync(plain, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_LGWIN]: 24,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    },
  });
const gzip = (plain) => gzipSync(plain, { level: 9 });

function compressed(plain, hash, end, compress) {
  const path = join(kept, hash + end);
  if (!existsSync(path)) {
    // Renamed when whole: a build that is interrupted here leaves no half of a file to be served later.
    writeFileSync(`${path}.part`, compress(plain));
    renameSync(`${path}.part`, path);
  }
  return path;
}

let total = 0;
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(html|js|css|wasm|svg|json|webmanifest|txt)$/.test(entry.name)) continue;
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const plain = readFileSync(path);
  const hash = createHash("sha256").update(plain).digest("hex");
  let best = plain.length;
  for (const [end, compress] of [[".gz", gzip], [".br", brotli]]) {
    const made = compressed(plain, hash, end, compress);
    const size = statSync(made).size;
    if (size >= plain.length) continue;
    copyFileSync(made, path + end);
    best = Math.min(best, size);
  }
  total += best;
  console.log(`${entry.name}: ${plain.length} bytes, ${best} as it travels`);
}
console.log(`workbench: ${Math.round(total / 1000)} kB as it travels, worker included`);
