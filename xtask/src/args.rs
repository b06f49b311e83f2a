//! The command line of xtask.

use anyhow::{Result, bail};

pub const HELP: &str = "\
cargo xtask start [--data DIR] [--listen ADDR]   build everything and start Labelscope
cargo xtask test [--fast] [STAGE...]             run all tests, or the stages whose name contains one of the words
cargo xtask ci                                   all tests; a missing python3 is an error
cargo xtask build                                the workbench in dist/ and the release binary
cargo xtask dist                                 one binary with the workbench inside, packed in target/dist/
cargo xtask soak [--requests N] [--kills N]      any request (20000), kills (200) while clients write, figures beside peers'
cargo xtask npm                                  the npm package, packed in target/npm/
cargo xtask bench [NAME...]                      print figures and keep them in target/bench/
cargo xtask tools [--all]                        get the tools only (--all: cargo-nextest too)
cargo xtask styles                               write the workbench's one style sheet (Trunk calls it)

  --fast          skips what needs a browser
  --data DIR      where the database and media live (default: data)
  --listen ADDR   address and port (default: 127.0.0.1:8080)
  --seconds N     (soak) ends after this time, whatever is left
  --seed N        (soak) where all chance comes from (default: 1)

Environment: LABELSCOPE_TOOLS (folder of the tools), LABELSCOPE_CHROMIUM (a Chromium binary), CARGO_TARGET_DIR.
";

/// What xtask is asked to do.
#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    Help,
    Start(StartOptions),
    Test(TestOptions),
    Tools { all: bool },
    Build,
    Dist,
    Soak { words: Vec<String> },
    Npm,
    Styles,
    Bench { names: Vec<String> },
}

#[derive(Debug, PartialEq, Eq)]
pub struct StartOptions {
    pub data: String,
    pub listen: String,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct TestOptions {
    /// Without a browser.
    pub fast: bool,
    /// A missing python3 is an error instead of a notice.
    pub ci: bool,
    /// Only stages whose name contains one of these.
    pub only: Vec<String>,
}

/// Reads the words after `cargo xtask`.
pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Command> {
    let mut words = words.into_iter();
    let Some(command) = words.next() else { return Ok(Command::Help) };
    let mut rest: Vec<String> = words.collect();
    let parsed = match command.as_str() {
        "help" | "--help" | "-h" => return Ok(Command::Help),
        "start" => Command::Start(StartOptions {
            data: option(&mut rest, "--data")?.unwrap_or_else(|| "data".to_owned()),
            listen: option(&mut rest, "--listen")?.unwrap_or_else(|| "127.0.0.1:8080".to_owned()),
        }),
        "test" | "ci" => Command::Test(TestOptions {
            fast: switch(&mut rest, "--fast"),
            ci: command == "ci" || std::env::var("CI").is_ok_and(|value| value == "true"),
            only: names(&mut rest),
        }),
        "tools" => Command::Tools { all: switch(&mut rest, "--all") },
        "build" => Command::Build,
        "dist" => Command::Dist,
        "soak" => Command::Soak { words: numbers(&mut rest, &["--requests", "--kills", "--seconds", "--seed"])? },
        "npm" => Command::Npm,
        "styles" => Command::Styles,
        "bench" => Command::Bench { names: names(&mut rest) },
        other => bail!("there is no command {other:?}; `cargo xtask help` lists them"),
    };
    match rest.first() {
        None => Ok(parsed),
        Some(word) => bail!("{command} does not know {word:?}; `cargo xtask help` says what it takes"),
    }
}

fn switch(rest: &mut Vec<String>, name: &str) -> bool {
    let before = rest.len();
    rest.retain(|word| word != name);
    rest.len() != before
}

fn option(rest: &mut Vec<String>, name: &str) -> Result<Option<String>> {
    let Some(at) = rest.iter().position(|word| word == name) else { return Ok(None) };
    rest.remove(at);
    if at >= rest.len() {
        bail!("{name} needs a value");
    }
    Ok(Some(rest.remove(at)))
}

/// Options that take a number, to be handed on.
fn numbers(rest: &mut Vec<String>, known: &[&str]) -> Result<Vec<String>> {
    let mut words = Vec::new();
    for name in known {
        if let Some(value) = option(rest, name)? {
            if value.parse::<u64>().is_err() {
                bail!("{name} {value}: not a number");
            }
            words.extend([(*name).to_owned(), value]);
        }
    }
    Ok(words)
}

fn names(rest: &mut Vec<String>) -> Vec<String> {
    let (names, unknown) = rest.drain(..).partition(|word| !word.starts_with('-'));
    *rest = unknown;
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Command> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn start_has_defaults_and_takes_options_in_any_order() {
        let Command::Start(plain) = read("start").unwrap() else { panic!() };
        assert_eq!((plain.data.as_str(), plain.listen.as_str()), ("data", "127.0.0.1:8080"));
        let Command::Start(both) = read("start --listen 0.0.0.0:9000 --data /tmp/x").unwrap() else { panic!() };
        assert_eq!((both.data.as_str(), both.listen.as_str()), ("/tmp/x", "0.0.0.0:9000"));
    }

    #[test]
    fn test_takes_stage_names_and_fast() {
        let Command::Test(options) = read("test e2e --fast clippy").unwrap() else { panic!() };
        assert!(options.fast);
        assert_eq!(options.only, ["e2e", "clippy"]);
    }

    #[test]
    fn what_is_not_known_is_refused_by_name() {
        assert!(read("stat").unwrap_err().to_string().contains("\"stat\""));
        assert!(read("test --slow").unwrap_err().to_string().contains("\"--slow\""));
        assert!(read("start --data").unwrap_err().to_string().contains("--data needs a value"));
        assert!(read("soak --kills many").unwrap_err().to_string().contains("--kills many"));
        assert!(read("build now").unwrap_err().to_string().contains("\"now\""));
    }
}
