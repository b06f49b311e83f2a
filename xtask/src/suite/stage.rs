//! The table of stages, and which of them are run.

use anyhow::{Result, bail};

use super::{browser, dist, native, npm, python};
use crate::args::TestOptions;

/// How a stage ended, other than by failing.
pub enum Outcome {
    /// The closing lines of the runners that it started.
    Done(Vec<String>),
    /// Why it could not be run.
    Skipped(String),
}

pub struct Stage {
    pub name: &'static str,
    pub about: &'static str,
    /// Left out by `--fast`.
    pub browser: bool,
    /// Stages whose work it uses; they are run too when it is asked for by name.
    pub needs: &'static [&'static str],
    pub run: fn(&TestOptions) -> Result<Outcome>,
}

/// All stages in their order: what fails soonest comes first.
pub const STAGES: &[Stage] = &[
    Stage { name: "tools", about: "what the tests need", browser: false, needs: &[], run: native::tools },
    Stage { name: "format", about: "cargo fmt --check", browser: false, needs: &[], run: native::format },
    Stage { name: "clippy", about: "lints, natively and for wasm", browser: false, needs: &[], run: native::clippy },
    Stage {
        name: "deny",
        about: "licences and sources of dependencies",
        browser: false,
        needs: &[],
        run: native::deny,
    },
    Stage { name: "native", about: "unit and integration tests", browser: false, needs: &[], run: native::tests },
    Stage { name: "doc", about: "examples in the documentation", browser: false, needs: &[], run: native::doc_tests },
    Stage {
        name: "python",
        about: "the vendor's client and pycocotools",
        browser: false,
        needs: &[],
        run: python::tests,
    },
    Stage {
        name: "soak",
        about: "a thousand requests of every kind, ten kills",
        browser: false,
        needs: &[],
        run: native::soak,
    },
    Stage {
        name: "wasm",
        about: "client and components in Chromium",
        browser: true,
        needs: &["tools"],
        run: browser::wasm_tests,
    },
    Stage {
        name: "npm",
        about: "the npm package, in Node and in Chromium",
        browser: true,
        needs: &["tools"],
        run: npm::tests,
    },
    Stage {
        name: "workbench",
        about: "release build with Trunk",
        browser: true,
        needs: &["tools"],
        run: browser::workbench,
    },
    Stage { name: "server", about: "release build of labelscope", browser: true, needs: &[], run: browser::server },
    Stage {
        name: "e2e",
        about: "the workbench in Chromium, under Playwright",
        browser: true,
        needs: &["tools", "workbench", "server"],
        run: browser::end_to_end,
    },
    Stage {
        name: "dist",
        about: "the packed binary, alone in an empty folder",
        browser: true,
        needs: &["tools", "workbench"],
        run: dist::tests,
    },
];

/// The stages that these options ask for, with what they need.
pub fn choose(options: &TestOptions) -> Result<Vec<&'static Stage>> {
    for word in &options.only {
        if !STAGES.iter().any(|stage| stage.name.contains(word.as_str())) {
            let names: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
            bail!("no stage has {word:?} in its name; there are: {}", names.join(", "));
        }
    }
    let asked =
        |stage: &Stage| options.only.is_empty() || options.only.iter().any(|word| stage.name.contains(word.as_str()));
    let needed = |name: &str| STAGES.iter().any(|other| asked(other) && other.needs.contains(&name));
    Ok(STAGES
        .iter()
        .filter(|stage| asked(stage) || needed(stage.name))
        .filter(|stage| !(options.fast && stage.browser))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(fast: bool, only: &[&str]) -> Vec<&'static str> {
        let only = only.iter().map(|word| (*word).to_owned()).collect();
        choose(&TestOptions { fast, ci: false, only }).unwrap().iter().map(|stage| stage.name).collect()
    }

    #[test]
    fn a_stage_brings_what_it_needs() {
        assert_eq!(names(false, &["e2e"]), ["tools", "workbench", "server", "e2e"]);
        assert_eq!(names(false, &["format"]), ["format"]);
    }

    #[test]
    fn fast_leaves_the_browser_out() {
        assert!(!names(true, &[]).contains(&"e2e"));
        assert!(names(true, &[]).contains(&"native"));
    }

    #[test]
    fn needs_name_earlier_stages() {
        for (at, stage) in STAGES.iter().enumerate() {
            for name in stage.needs {
                assert!(STAGES[..at].iter().any(|earlier| earlier.name == *name), "{} needs {name}", stage.name);
            }
        }
    }

    #[test]
    fn an_unknown_word_is_refused() {
        let options = TestOptions { fast: false, ci: false, only: vec!["windows".to_owned()] };
        assert!(choose(&options).map(|_| ()).unwrap_err().to_string().contains("windows"));
    }
}
