//! The command line.

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;
use std::path::PathBuf;
use std::time::Duration;

const HELP: &str = "labelscope-soak --binary FILE --folder DIR [--requests N] [--kills N] [--seconds N] [--seed N]

  --binary FILE   the server
  --folder DIR    for data and logs; what is in it is removed
  --requests N    send so many requests (default: 20000)
  --kills N       kill the server so often (default: 200)
  --seconds N     end after this time, whatever is left
  --seed N        where all chance comes from (default: 1)";

/// What to do.
pub struct Options {
    pub binary: PathBuf,
    pub folder: PathBuf,
    pub requests: u32,
    pub kills: u32,
    pub seconds: Option<Duration>,
    pub seed: u64,
}

/// None where help was asked for.
pub fn parse() -> Result<Option<Options>> {
    let (mut binary, mut folder) = (None, None);
    let (mut requests, mut kills, mut seconds, mut seed) = (20_000, 200, None, 1);
    let mut parser = lexopt::Parser::from_env();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") => {
                println!("{HELP}");
                return Ok(None);
            }
            Long("binary") => binary = Some(PathBuf::from(parser.value()?)),
            Long("folder") => folder = Some(PathBuf::from(parser.value()?)),
            Long("requests") => requests = parser.value()?.parse()?,
            Long("kills") => kills = parser.value()?.parse()?,
            Long("seconds") => seconds = Some(Duration::from_secs(parser.value()?.parse()?)),
            Long("seed") => seed = parser.value()?.parse()?,
            other => bail!(other.unexpected()),
        }
    }
    let binary = binary.context("--binary is needed; see --help")?;
    let folder = folder.context("--folder is needed; see --help")?;
    Ok(Some(Options { binary, folder, requests, kills, seconds, seed }))
}
