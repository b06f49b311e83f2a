//! Takes the workbench's wasm apart, so that a page's code comes when it is first opened.
//!
//! It has to be done after rustc and before wasm-bindgen, and Trunk calls one right after the other. So Trunk finds this very
//! program under the name of `wasm-bindgen`: it takes the app apart, and leaves everything else to the real one.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::tools::WebTools;
use crate::{paths, run};

/// Where the real `wasm-bindgen` is.
const REAL: &str = "LABELSCOPE_WASM_BINDGEN";
/// Where the pieces go.
const PIECES: &str = "LABELSCOPE_PIECES";
/// The binary that is taken apart.
const APP: &str = "labelscope-app";
/// The script that loads the pieces, as the tool names it.
const LOADER: &str = "__wasm_split.js";
const OPT_FLAGS: &[&str] = &[
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

fn pieces() -> PathBuf {
    paths::target().join("pieces")
}

/// Are we called in the place of `wasm-bindgen`?
pub fn is_called_as_wasm_bindgen() -> bool {
    let name = env::args_os().next().map(PathBuf::from);
    name.as_deref().and_then(Path::file_stem).is_some_and(|stem| stem == "wasm-bindgen") && env::var_os(REAL).is_some()
}

/// Sets Trunk up: the folder to put on PATH before the real tools.
pub fn prepare(trunk: &mut Command, wasm_bindgen: &Path) -> Result<PathBuf> {
    let folder = paths::target().join("wasm-bindgen-with-split");
    fs::create_dir_all(&folder)?;
    let end = env::consts::EXE_SUFFIX;
    // Where tests have been built meanwhile, the file that we run from may have been replaced by one like it.
    let me = env::current_exe()?;
    let me = me.to_str().and_then(|path| path.strip_suffix(" (deleted)")).map_or(me.clone(), PathBuf::from);
    let stand_in = folder.join(format!("wasm-bindgen{end}"));
    let _ = fs::remove_file(&stand_in);
    fs::copy(me, stand_in)?;
    trunk.env(REAL, wasm_bindgen.join(format!("wasm-bindgen{end}"))).env(PIECES, pieces()).env("LABELSCOPE_SPLIT", "1");
    Ok(folder)
}

/// Does the work of `wasm-bindgen`, with the app taken apart before.
pub fn as_wasm_bindgen() -> Result<()> {
    let mut args: Vec<OsString> = env::args_os().skip(1).collect();
    let real = env::var_os(REAL).context("the real wasm-bindgen is not named")?;
    let app = args.iter_mut().find(|arg| Path::new(arg).file_name().is_some_and(|n| n == "labelscope-app.wasm"));
    if let Some(app) = app {
        let into = PathBuf::from(env::var_os(PIECES).context("there is no place for the pieces")?);
        let _ = fs::remove_dir_all(&into);
        // A release build that was made with another profile has no split points, and comes out whole.
        run::check(Command::new("wasm-split-cli").arg(&*app).arg(&into).args(["--out-name", APP]))?;
        let whole = fs::read(&*app)?;
        fs::write(into.join("hash"), hash(&whole))?;
        *app = into.join("labelscope-app.wasm").into();
        args.push("--keep-lld-exports".into());
    }
    run::check(Command::new(real).args(args))
}

/// As many digits as Trunk puts into names: the server knows by them what never changes.
fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().take(8).fold(String::new(), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// Puts the pieces beside the app. All files of one build bear one hash, since a piece fits its own app alone.
pub fn place(dist: &Path, tools: &WebTools) -> Result<()> {
    let pieces = pieces();
    let hash = fs::read_to_string(pieces.join("hash")).context("the app was not taken apart")?;
    let main = name_of_app(dist)?;
    let renamed = format!("{APP}-{hash}");
    for end in ["_bg.wasm", ".js"] {
        fs::rename(dist.join(format!("{main}{end}")), dist.join(format!("{renamed}{end}")))?;
    }
    let loader = format!("{APP}-loader-{hash}.js");
    rewrite(&dist.join("index.html"), &[(&main, &renamed)])?;
    rewrite(&dist.join(format!("{renamed}.js")), &[(&from(LOADER), &from(&loader))])?;
    let mut text = fs::read_to_string(pieces.join(LOADER))?.replace(&format!("./{APP}.js"), &format!("./{renamed}.js"));
    for entry in fs::read_dir(&pieces)? {
        let path = entry?.path();
        if path.extension().is_none_or(|e| e != "wasm") {
            continue;
        }
        let Some(name) = path.file_name().and_then(|n| n.to_str()) else { continue };
        if name == "labelscope-app.wasm" {
            continue;
        }
        let piece = format!("{APP}-{}-{hash}.wasm", name.trim_end_matches(".wasm").trim_start_matches("split_"));
        run::check(
            run::command("wasm-opt")
                .env("PATH", tools.path()?)
                .args(OPT_FLAGS)
                .arg(&path)
                .arg("-o")
                .arg(dist.join(&piece)),
        )?;
        text = text.replace(&format!("./{name}"), &format!("./{piece}"));
    }
    let groups = serde_json::to_string(&groups(&text))?;
    // A block of data, which no content security policy minds.
    let block = format!("<script type=\"application/json\" id=\"pieces\">{groups}</script></head>");
    rewrite(&dist.join("index.html"), &[("</head>", &block)])?;
    fs::write(dist.join(loader), text)?;
    Ok(())
}

/// Which pieces a group of pages needs. The loader says of each piece whose it is.
pub fn groups(loader: &str) -> BTreeMap<String, Vec<String>> {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut owners: Vec<&str> = Vec::new();
    for line in loader.lines() {
        if let Some(names) = line.strip_prefix("/* ").and_then(|l| l.strip_suffix(" */")) {
            owners = names.split(", ").collect();
        }
        if let Some(group) = between(line, "__wasm_split_load_", " ") {
            owners = vec![group];
        }
        if let Some(piece) = between(line, "new URL(\"./", "\"") {
            for owner in owners.drain(..) {
                groups.entry(owner.to_owned()).or_default().push(piece.to_owned());
            }
        }
    }
    groups
}

fn between<'a>(line: &'a str, before: &str, after: &str) -> Option<&'a str> {
    line.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}

/// How the app's script names another; the wasm goes by the same name, which must stay.
fn from(script: &str) -> String {
    format!("from \"./{script}\"")
}

/// `labelscope-app-0123456789abcdef`, from the script's name.
fn name_of_app(dist: &Path) -> Result<String> {
    for entry in fs::read_dir(dist)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix(".js").filter(|n| n.starts_with(APP)) {
            return Ok(stem.to_owned());
        }
    }
    bail!("Trunk made no {APP}-….js")
}

fn rewrite(path: &Path, changes: &[(&str, &str)]) -> Result<()> {
    let mut text = fs::read_to_string(path)?;
    for (from, to) in changes {
        if !text.contains(from) {
            bail!("{} does not speak of {from}", path.display());
        }
        text = text.replace(from, to);
    }
    Ok(fs::write(path, text)?)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_loader_tells_whose_a_piece_is() {
        let loader = r#"/* a, b */
const __chunk_4 = makeLoad(() => {
    const src = fetch(new URL("./app-chunk_4.wasm", import.meta.url));
}, []);
export const __wasm_split_load_a = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./app-a.wasm", import.meta.url));
}, [__chunk_4]));"#;
        let groups = super::groups(loader);
        assert_eq!(groups["a"], ["app-chunk_4.wasm", "app-a.wasm"]);
        assert_eq!(groups["b"], ["app-chunk_4.wasm"]);
    }
}
