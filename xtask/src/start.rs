//! `cargo xtask start`: from a fresh clone to a running workbench.

use anyhow::Result;

use crate::args::StartOptions;
use crate::{build, paths, run};

/// Builds what is not built yet and runs the server, which prints the address to open.
pub fn start(options: &StartOptions) -> Result<()> {
    println!("building the workbench …");
    build::workbench()?;
    println!("building the server …");
    build::server()?;
    let mut server = run::command(paths::server_binary());
    server.args(["serve", "--data", &options.data, "--listen", &options.listen, "--workbench"]).arg(paths::dist());
    hand_over(&mut server)
}

/// The server takes our place, so that Ctrl-C reaches it alone and its exit status is ours.
#[cfg(unix)]
fn hand_over(server: &mut std::process::Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(anyhow::Error::new(server.exec()).context("could not start the server"))
}

#[cfg(not(unix))]
fn hand_over(server: &mut std::process::Command) -> Result<()> {
    run::check(server)
}
