//! Debian's package manager, where we are root on such a system (containers, CI).

use anyhow::{Context, Result};

use crate::run;

/// Whether packages can be installed without asking anyone.
pub fn is_at_hand() -> bool {
    run::on_path("apt-get").is_some() && run::output(run::command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Installs these packages.
pub fn install(packages: &[&str]) -> Result<()> {
    let run_apt =
        |words: &[&str]| run::output(run::command("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(words));
    run_apt(&["update", "--quiet"]).context("the system's package lists could not be brought up to date")?;
    let mut words = vec!["install", "--yes", "--quiet", "--no-install-recommends"];
    words.extend(packages);
    run_apt(&words).map(drop)
}
