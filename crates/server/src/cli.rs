//! The command line.

use anyhow::{Context, Result, bail};
use lexopt::prelude::*;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

const HELP: &str = "labelscope: a local server for the Clarifai v2 data API, with a workbench

  labelscope serve [--data DIR] [--listen ADDR] [options]

  --data DIR            where everything is kept (default: data)
  --listen ADDR         address and port (default: 127.0.0.1:8080)
  --token TOKEN         the token that calls carry; without it one is made and kept in DIR/token
  --token-file FILE     read the token from a file
  --workbench DIR       the workbench's files (default: dist beside the binary, or ./dist)
  --allow-origin URL    let pages of this origin call with a token; may be repeated
  --no-fetch            keep the addresses of inputs that are sent by URL, and fetch no files
  --allow-private-fetch fetch files from this machine and private networks too
  --allow-folder DIR    let inputs be added from file: addresses below DIR; may be repeated
  --s3-endpoint URL     ask this store for s3: addresses, in place of Amazon's; it may be on a private network
  --rate-limit N        answer at most N calls a second for each token; more get HTTP 429
  --public-url URL      the address that others reach this server by, for links
  --version, --help";

/// What a server is told.
#[derive(Clone)]
pub struct Config {
    /// Where everything is kept.
    pub data: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The token; one is made and kept where it is `None`.
    pub token: Option<String>,
    /// The workbench's files.
    pub workbench: Option<PathBuf>,
    /// Origins of pages elsewhere.
    pub allow_origin: Vec<String>,
    /// The address for links.
    pub public_url: Option<String>,
    /// Fetch the files of inputs that are sent by URL.
    pub fetch: bool,
    /// Fetch them from this machine and private networks too.
    pub allow_private_fetch: bool,
    /// Folders of this machine from which inputs may be added.
    pub allow_folder: Vec<PathBuf>,
    /// The store that answers for `s3:` addresses, if not Amazon's.
    pub s3_endpoint: Option<String>,
    /// A file that has not come after this time does not count.
    pub fetch_timeout: Duration,
    /// Calls a second for each token.
    pub rate_limit: Option<NonZeroU32>,
}

impl Config {
    /// A server for `data` with everything else as it comes.
    #[must_use]
    pub fn new(data: PathBuf) -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        Self {
            data,
            listen,
            token: None,
            workbench: None,
            allow_origin: Vec::new(),
            public_url: None,
            fetch: true,
            allow_private_fetch: false,
            allow_folder: Vec::new(),
            s3_endpoint: None,
            fetch_timeout: Duration::from_mins(2),
            rate_limit: None,
        }
    }
}

/// What the command line asks for.
pub enum Command {
    /// Print this and end.
    Print(String),
    /// Serve.
    Serve(Config),
}

/// Reads the command line.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command> {
    let mut parser = lexopt::Parser::from_iter(args);
    let mut config = Config::new(PathBuf::from("data"));
    let mut serve = false;
    while let Some(arg) = parser.next()? {
        match arg {
            Short('h') | Long("help") => return Ok(Command::Print(HELP.to_owned())),
            Short('V') | Long("version") => {
                return Ok(Command::Print(format!("labelscope {}", env!("CARGO_PKG_VERSION"))));
            }
            Value(word) if !serve && word == "serve" => serve = true,
            Long("data") => config.data = parser.value()?.into(),
            Long("listen") => {
                let text = parser.value()?.string()?;
                config.listen = text
                    .parse()
                    .with_context(|| format!("--listen {text}: not an address and port such as 127.0.0.1:8080"))?;
            }
            Long("token") => config.token = Some(parser.value()?.string()?),
            Long("token-file") => {
                let file = PathBuf::from(parser.value()?);
                let text =
                    std::fs::read_to_string(&file).with_context(|| format!("--token-file {}", file.display()))?;
                config.token = Some(text.trim().to_owned());
            }
            Long("workbench") => config.workbench = Some(parser.value()?.into()),
            Long("allow-origin") => {
                config.allow_origin.push(parser.value()?.string()?.trim_end_matches('/').to_owned());
            }
            Long("public-url") => config.public_url = Some(parser.value()?.string()?.trim_end_matches('/').to_owned()),
            Long("no-fetch") => config.fetch = false,
            Long("allow-private-fetch") => config.allow_private_fetch = true,
            Long("allow-folder") => {
                let folder = PathBuf::from(parser.value()?);
                let folder = folder.canonicalize().with_context(|| format!("--allow-folder {}", folder.display()))?;
                if !folder.is_dir() {
                    bail!("--allow-folder {}: not a folder", folder.display());
                }
                config.allow_folder.push(folder);
            }
            Long("s3-endpoint") => {
                let text = parser.value()?.string()?.trim_end_matches('/').to_owned();
                let uri: http::Uri = text.parse().with_context(|| format!("--s3-endpoint {text}"))?;
                let sound = matches!(uri.scheme_str(), Some("http" | "https")) && uri.query().is_none();
                if !sound || uri.authority().is_none_or(|a| a.as_str().contains('@')) {
                    bail!("--s3-endpoint {text}: not an address such as https://store.example:9000");
                }
                config.s3_endpoint = Some(text);
            }
            Long("rate-limit") => {
                let text = parser.value()?.string()?;
                let limit = text.parse().with_context(|| format!("--rate-limit {text}: not a number from 1 up"))?;
                config.rate_limit = Some(limit);
            }
            other => return Err(other.unexpected().into()),
        }
    }
    if !serve {
        bail!("say what to do: labelscope serve (labelscope --help lists all)");
    }
    if config.token.as_ref().is_some_and(|t| t.len() < 8) {
        bail!("the token is too short: take at least 8 characters");
    }
    Ok(Command::Serve(config))
}
