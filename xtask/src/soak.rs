//! `crates/soak` against the server: it knows the API, and xtask knows none of ours.

use anyhow::Result;

use crate::suite::native;
use crate::{paths, run};

/// Builds both and starts it, with these options. The server is the one that tests use: it checks itself while it works.
pub fn run(words: &[String]) -> Result<()> {
    let binary = native::server()?;
    run::check(&mut run::cargo(&["build", "--quiet", "--package", "labelscope-soak"]))?;
    let soak = paths::target().join("debug").join(format!("labelscope-soak{}", std::env::consts::EXE_SUFFIX));
    let mut command = run::command(soak);
    command.arg("--binary").arg(binary).arg("--folder").arg(paths::target().join("soak"));
    run::check(command.args(words))
}
