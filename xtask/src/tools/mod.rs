//! The tools that building and testing need: taken from PATH where the right version is there, else got once and kept.

mod apt;
mod cargo_tool;
pub mod chromium;
mod lock;
pub mod node;
pub mod python;
mod wasm_target;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Result;

use cargo_tool::CargoTool;
pub use wasm_target::get as wasm_target;

use crate::run;

const TRUNK: &str = "0.21.14";
const WASM_SPLIT: &str = "0.2.4";
const CARGO_DENY: &str = "0.20.2";
const CARGO_NEXTEST: &str = "0.9.143";

/// What a build of the workbench needs, found or just got.
pub struct WebTools {
    trunk: PathBuf,
    wasm_bindgen: PathBuf,
    wasm_split: PathBuf,
    binaryen: PathBuf,
}

impl WebTools {
    pub fn get() -> Result<Self> {
        wasm_target()?;
        let wasm_bindgen = wasm_bindgen()?;
        let trunk = CargoTool {
            package: "trunk",
            version: TRUNK,
            binary: "trunk",
            // Unoptimised it is as quick in use, since it only calls others, and takes a third of the time to compile.
            flags: &["--locked", "--debug", "--no-default-features", "--features", "rustls"],
            profile: &[("CARGO_PROFILE_DEV_DEBUG", "0")],
            takes: "about 3 minutes",
        }
        .get()?;
        let wasm_split = CargoTool {
            package: "wasm_split_cli_support",
            version: WASM_SPLIT,
            binary: "wasm-split-cli",
            flags: &["--locked", "--debug", "--features", "build-binary"],
            profile: &[("CARGO_PROFILE_DEV_DEBUG", "0")],
            takes: "half a minute",
        }
        .get()?;
        Ok(Self { trunk, wasm_bindgen, wasm_split, binaryen: node::modules()?.join("binaryen").join("bin") })
    }

    /// PATH with all of them on it. Trunk fetches what it does not find there.
    pub fn path(&self) -> Result<OsString> {
        run::path_with(&[&self.trunk, &self.wasm_bindgen, &self.wasm_split, &self.binaryen])
    }

    /// The same with a folder before all others.
    pub fn path_after(&self, first: &Path) -> Result<OsString> {
        run::path_with(&[first, &self.trunk, &self.wasm_bindgen, &self.wasm_split, &self.binaryen])
    }

    /// The folder of wasm-bindgen.
    pub fn wasm_bindgen_folder(&self) -> &Path {
        &self.wasm_bindgen
    }
}

/// The folder with `wasm-bindgen` and `wasm-bindgen-test-runner` in the version of Cargo.lock: any other refuses our modules.
pub fn wasm_bindgen() -> Result<PathBuf> {
    CargoTool {
        package: "wasm-bindgen-cli",
        version: &lock::version_of("wasm-bindgen")?,
        binary: "wasm-bindgen",
        flags: &["--debug"],
        profile: &[("CARGO_PROFILE_DEV_DEBUG", "0"), ("CARGO_PROFILE_DEV_OPT_LEVEL", "1")],
        takes: "about 3 minutes",
    }
    .get()
}

/// The folder with cargo-deny.
pub fn deny() -> Result<PathBuf> {
    CargoTool {
        package: "cargo-deny",
        version: CARGO_DENY,
        binary: "cargo-deny",
        flags: &["--locked", "--debug"],
        profile: &[("CARGO_PROFILE_DEV_DEBUG", "0")],
        // 70 CPU-seconds unoptimised.
        takes: "about 1 minute",
    }
    .get()
}

/// The folder with cargo-nextest, if it is there; `cargo xtask tools --all` gets it, and `cargo test` does without.
pub fn nextest_if_there() -> Option<PathBuf> {
    // Any version will do: we use nothing that changed in years.
    run::on_path("cargo-nextest").and_then(|path| path.parent().map(PathBuf::from)).or_else(|| nextest().find())
}

fn nextest() -> CargoTool<'static> {
    CargoTool {
        package: "cargo-nextest",
        version: CARGO_NEXTEST,
        binary: "cargo-nextest",
        flags: &["--locked", "--debug"],
        profile: &[("CARGO_PROFILE_DEV_DEBUG", "0")],
        takes: "some minutes",
    }
}

/// Gets everything that `start` and `test` need.
pub fn get_all(extras: bool) -> Result<()> {
    WebTools::get()?;
    chromium::get()?;
    python::get()?;
    deny()?;
    if extras {
        nextest().get()?;
    }
    Ok(())
}

/// A progress line for something that takes long.
pub fn getting(what: &str) {
    println!("getting {what} …");
}
