//! Tools that are crates: prebuilt by cargo-binstall where that is there, else compiled.

use std::path::PathBuf;

use anyhow::Result;

use super::getting;
use crate::{paths, run};

/// A binary crate in one exact version.
pub struct CargoTool<'a> {
    pub package: &'a str,
    pub version: &'a str,
    /// The binary that tells the version.
    pub binary: &'a str,
    /// What `cargo install` is told.
    pub flags: &'a [&'a str],
    /// Profile settings, as environment.
    pub profile: &'a [(&'a str, &'a str)],
    /// How long compiling takes, for the progress line.
    pub takes: &'a str,
}

impl CargoTool<'_> {
    /// The folder that holds the binary, getting it first if it is nowhere.
    pub fn get(&self) -> Result<PathBuf> {
        if let Some(folder) = self.find() {
            return Ok(folder);
        }
        let root = paths::tools()?.join(format!("{}-{}", self.package, self.version));
        let folder = root.join("bin");
        let exact = format!("{}@{}", self.package, self.version);
        if run::on_path("cargo-binstall").is_some() {
            getting(&format!("{} {} (prebuilt)", self.package, self.version));
            let mut binstall = run::cargo(&["binstall", "--no-confirm", "--disable-strategies", "compile", "--root"]);
            if run::output(binstall.arg(&root).arg(&exact)).is_ok() && folder.join(self.binary).is_file() {
                return Ok(folder);
            }
        }
        getting(&format!("{} {} (compiles, {})", self.package, self.version, self.takes));
        let mut install = run::cargo(&["install", "--quiet", "--root"]);
        install.arg(&root).args(self.flags).arg(&exact);
        install.envs(self.profile.iter().copied());
        // A build of its own, thrown away afterwards.
        install.env_remove("CARGO_TARGET_DIR").env_remove("CARGO_BUILD_TARGET");
        run::check(&mut install)?;
        Ok(folder)
    }

    /// The folder that holds the binary in the right version, on PATH or in our cache.
    pub fn find(&self) -> Option<PathBuf> {
        let kept =
            paths::tools().ok()?.join(format!("{}-{}", self.package, self.version)).join("bin").join(self.binary);
        // What lies in our cache is of that version by its folder; not every tool tells its own.
        run::on_path(self.binary)
            .filter(|path| self.is_right(path))
            .or_else(|| Some(kept).filter(|path| path.is_file()))
            .and_then(|path| path.parent().map(PathBuf::from))
    }

    fn is_right(&self, path: &std::path::Path) -> bool {
        run::version_of(path).is_some_and(|text| text.split_whitespace().any(|word| word == self.version))
    }
}
