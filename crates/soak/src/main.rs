//! `labelscope-soak`: thousands of requests of every kind against a running server, then the same server killed again and
//! again while clients write. `cargo xtask soak` builds and starts it. All chance comes from one seed.

mod database;
mod http;
mod kills;
mod options;
mod picture;
mod process;
mod requests;

use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    match options::parse().and_then(|options| options.map_or(Ok(true), |options| run(&options))) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("soak: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &options::Options) -> anyhow::Result<bool> {
    println!("soak: seed {}", options.seed);
    let until = options.seconds.map(|seconds| Instant::now() + seconds);
    let mut sound = true;
    if options.requests > 0 {
        sound &= requests::run(options, until)?;
    }
    if options.kills > 0 {
        sound &= kills::run(options, until)?;
    }
    Ok(sound)
}
