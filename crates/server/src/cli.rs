//! The command line.

use anyhow::{Context, Result, bail};
use labelscope_api::wire::Secret;
use lexopt::prelude::*;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

const HELP: &str = "labelscope: a local server for the Clarifai v2 data API, with a workbench

  labelscope serve [--data DIR] [--listen ADDR] [options]

  --data DIR            where everything is kept (default: data)
  --listen ADDR         address and port (default: 127.0.0.1:8080)
  --token TOKEN         the token that calls carry; without it one is made and kept in DIR/token
  --token-file FILE     read the token from a file
  --workbench DIR       the workbench's files (default: those in the binary, else dist beside it, else ./dist)
  --allow-origin URL    let pages of this origin call with a token; may be repeated
  --no-fetch            keep the addresses of inputs that are sent by URL, and fetch no files
  --allow-private-fetch fetch files from this machine and private networks too, and let connections lead there
  --upstream URL        a server of the API, such as https://api.clarifai.com, as the connection `upstream`
  --upstream-token-file FILE  the token for it
  --allow-http          let connections use http:// to other machines: their tokens travel in the clear
  --allow-folder DIR    let inputs be added from file: addresses below DIR; may be repeated
  --s3-endpoint URL     ask this store for s3: addresses, in place of Amazon's; it may be on a private network
  --rate-limit N        answer at most N calls a second for each token; more get HTTP 429
  --public-url URL      the address that others reach this server by, for links
  --min-free-mb N       take nothing in while the disk has less than N MB left (default: 200); deleting is possible
  --metrics-public      let /metrics be read without a token
  --log text|json       how the log is written (default: text)
  --log-level LEVEL     error, warn, info, debug or trace (default: info; RUST_LOG counts where it is not given)

  labelscope backup [--data DIR] [--with-secrets] TO
                        copy the data into the folder TO, beside a running server; again, only what is new is copied
  labelscope restore [--data DIR] [--force] FROM
                        check a backup and put it into DIR; with --force data that is there is moved aside
  labelscope check [--data DIR] [--deep]
                        is the database sound, and is each file there? with --deep, is each file what its name says?
  labelscope purge [--data DIR] --app [USER/]APP ID…
                        take inputs out of all that there is, past and archives included; cannot be undone

  labelscope eval run [--truth FILE] --predictions FILE [--masks]
                        print the figures of predictions that lie in files: COCO's instances (--truth) and results, or
                        without --truth a table of scores; --masks measures outlines instead of boxes
  labelscope eval check --golden FILE [--tolerance N] [--truth FILE] [--predictions FILE] [--masks]
                        hold them against those of another program; exits with 0 where all agree within N (1e-9), 1 where
                        one does not, 2 where a file cannot be used

  --version, --help";

/// The connection on the command line.
#[derive(Clone)]
pub struct Upstream {
    /// Scheme and host.
    pub base_url: String,
    /// The token for it.
    pub token: Secret,
}

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
    /// A connection that cannot be changed.
    pub upstream: Option<Upstream>,
    /// Let connections do without TLS.
    pub allow_http: bool,
    /// The other side of a connection that is silent for so long does not answer.
    pub upstream_timeout: Duration,
    /// Calls a second for each token.
    pub rate_limit: Option<NonZeroU32>,
    /// With fewer bytes free on the disk nothing is taken in.
    pub min_free: u64,
    /// Anyone may read the metrics.
    pub metrics_public: bool,
    /// How the log is written.
    pub log: crate::logs::Log,
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
            upstream: None,
            allow_http: false,
            upstream_timeout: Duration::from_mins(2),
            rate_limit: None,
            min_free: 200 << 20,
            metrics_public: false,
            log: crate::logs::Log::default(),
        }
    }
}

/// What the command line asks for.
pub enum Command {
    /// Print this and end.
    Print(String),
    /// Serve.
    Serve(Box<Config>),
    /// See to a data folder.
    Care(crate::care::Task),
    /// Measure predictions. What is wrong with the words has the exit code of a file that cannot be used.
    Eval(Result<crate::eval::Task>),
}

/// Reads the command line.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Command> {
    let mut parser = lexopt::Parser::from_iter(args);
    let mut config = Config::new(PathBuf::from("data"));
    let mut serve = false;
    let (mut upstream, mut upstream_token) = (None, None);
    while let Some(arg) = parser.next()? {
        match arg {
            Short('h') | Long("help") => return Ok(Command::Print(HELP.to_owned())),
            Short('V') | Long("version") => {
                return Ok(Command::Print(format!("labelscope {}", env!("CARGO_PKG_VERSION"))));
            }
            Value(word) if !serve && word == "serve" => serve = true,
            Value(word) if !serve && word == "eval" => return Ok(Command::Eval(crate::eval::parse(parser))),
            Value(word) if !serve && crate::care::is_task(&word) => {
                return Ok(Command::Care(crate::care::parse(&word, config.data, parser)?));
            }
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
                config.token = Some(read_token("--token-file", &file)?);
            }
            Long("upstream") => upstream = Some(parser.value()?.string()?),
            Long("upstream-token-file") => {
                let file = PathBuf::from(parser.value()?);
                upstream_token = Some(Secret(read_token("--upstream-token-file", &file)?));
            }
            Long("allow-http") => config.allow_http = true,
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
            Long("min-free-mb") => {
                let text = parser.value()?.string()?;
                let mb: u64 =
                    text.parse().with_context(|| format!("--min-free-mb {text}: not a number of megabytes"))?;
                config.min_free = mb.saturating_mul(1 << 20);
            }
            Long("metrics-public") => config.metrics_public = true,
            Long("log") => config.log.form = parser.value()?.parse()?,
            Long("log-level") => config.log.level = Some(parser.value()?.parse()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if !serve {
        bail!("say what to do: labelscope serve (labelscope --help lists all)");
    }
    if config.token.as_ref().is_some_and(|t| t.len() < 8) {
        bail!("the token is too short: take at least 8 characters");
    }
    config.upstream = match (upstream, upstream_token) {
        (None, None) => None,
        (Some(base_url), Some(token)) => Some(Upstream { base_url, token }),
        (Some(_), None) => bail!("--upstream needs --upstream-token-file: a file that holds the token for it"),
        (None, Some(_)) => bail!("--upstream-token-file needs --upstream: the address that the token is for"),
    };
    Ok(Command::Serve(Box::new(config)))
}

fn read_token(option: &str, file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{option} {}", file.display()))?;
    let token = text.trim();
    if token.is_empty() {
        bail!("{option} {}: the file is empty", file.display());
    }
    Ok(token.to_owned())
}
