//! A virtual environment with the peers that our results are held against: the vendor's client, pycocotools,
//! and moto, which plays S3.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::{apt, getting};
use crate::{paths, run};

/// The environment's python, made when it is absent or the requirements changed. None where there is no python3.
pub fn get() -> Result<Option<PathBuf>> {
    let folder = paths::target().join("venv");
    let python = folder.join("bin/python");
    let requirements = paths::root().join("testdata/python/requirements.txt");
    let wanted = fs::read(&requirements).with_context(|| format!("could not read {}", requirements.display()))?;
    let stamp = folder.join("requirements.txt");
    if python.is_file() && fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(Some(python));
    }
    let Some(system) = run::on_path("python3") else { return Ok(None) };
    getting("the Python peers (vendor's client, pycocotools, moto) into a virtual environment (about 1 minute)");
    let make = || run::output(run::command(&system).args(["-m", "venv", "--clear"]).arg(&folder));
    if let Err(error) = make() {
        // Debian keeps the module in a package of its own.
        if !apt::is_at_hand() {
            return Err(error.context("python3 cannot make a virtual environment; install its venv module (Debian and Ubuntu: `apt-get install python3-venv`)"));
        }
        apt::install(&["python3-venv"])?;
        make()?;
    }
    run::output(
        run::command(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(&requirements),
    )?;
    fs::write(stamp, wanted)?;
    Ok(Some(python))
}
