//! The log on stderr: one line an answer, with the operation and never what was sent.

use std::str::FromStr;
use tracing_subscriber::EnvFilter;

/// How the log is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Log {
    /// For people or for programs.
    pub form: Form,
    /// What is told; by the environment where it is `None`.
    pub level: Option<Level>,
}

/// The form of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// For people.
    #[default]
    Text,
    /// An object a line.
    Json,
}

impl FromStr for Form {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("the log is written as text or json".to_owned()),
        }
    }
}

/// From which weight on something is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level(tracing::Level);

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| "a level is error, warn, info, debug or trace".to_owned())
    }
}

/// Begins the log of the process.
pub fn start(log: Log) {
    let named = ["RUST_LOG", "LABELSCOPE_LOG_FILTER"].into_iter().find_map(|name| EnvFilter::try_from_env(name).ok());
    let filter = match (log.level, named) {
        // Libraries below could tell what goes over the wire, tokens included: they are heard from `warn` on.
        (Some(Level(level)), _) => own(level),
        (None, Some(filter)) => filter,
        (None, None) => own(tracing::Level::INFO),
    };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    match log.form {
        Form::Text => builder.init(),
        Form::Json => builder.json().flatten_event(true).with_current_span(false).with_span_list(false).init(),
    }
}

fn own(level: tracing::Level) -> EnvFilter {
    let own = ["labelscope", "labelscope_server", "labelscope_engine", "labelscope_client"];
    EnvFilter::new(own.iter().fold("warn".to_owned(), |all, name| format!("{all},{name}={level}")))
}
