//! `labelscope eval`: the figures of predictions that lie in files, and whether they are those of another program.

mod figures;
mod golden;

use anyhow::{Context, Result, bail};
use golden::Golden;
use labelscope_formats::test_set::{of_scores, truth_of_coco};
use labelscope_metrics::TestSet;
use lexopt::prelude::*;
use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};

/// Two programs that do the same sums in another order differ by less.
const TOLERANCE: f64 = 1e-9;
/// The exit code where figures differ.
const DIFFERS: u8 = 1;
/// The exit code where a file cannot be used.
const WRONG: u8 = 2;

/// What is to be measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// The figures of another program; without them ours are printed.
    golden: Option<PathBuf>,
    tolerance: f64,
    truth: Option<PathBuf>,
    predictions: Option<PathBuf>,
    masks: bool,
}

/// Reads the rest of the command line.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Task> {
    let mut task = Task { golden: None, tolerance: TOLERANCE, truth: None, predictions: None, masks: false };
    let mut what = None;
    while let Some(arg) = parser.next()? {
        match arg {
            Value(word) if what.is_none() => what = Some(word.string()?),
            Long("golden") => task.golden = Some(parser.value()?.into()),
            Long("tolerance") => {
                let text = parser.value()?.string()?;
                let number = text.parse().ok().filter(|t: &f64| *t >= 0.0);
                task.tolerance = number.with_context(|| format!("--tolerance {text}: not a number from 0 up"))?;
            }
            Long("truth") => task.truth = Some(parser.value()?.into()),
            Long("predictions") => task.predictions = Some(parser.value()?.into()),
            Long("masks") => task.masks = true,
            other => return Err(other.unexpected().into()),
        }
    }
    match (what.as_deref(), &task.golden, &task.predictions) {
        (Some("check"), Some(_), _) | (Some("run"), None, Some(_)) => Ok(task),
        (Some("check"), None, _) => bail!("say which figures to compare with: labelscope eval check --golden FILE"),
        (Some("run"), Some(_), _) => bail!("labelscope eval run takes no --golden; labelscope eval check compares"),
        (Some("run"), None, None) => bail!("say what was predicted: labelscope eval run --predictions FILE"),
        _ => bail!("say what to do: labelscope eval check, or labelscope eval run"),
    }
}

/// Measures, and gives the exit code.
pub fn run(task: Result<Task>) -> u8 {
    task.and_then(|task| measure(&task)).unwrap_or_else(|error| {
        // Nobody may be reading any more.
        let _ = writeln!(std::io::stderr(), "labelscope: {error:#}");
        WRONG
    })
}

fn measure(task: &Task) -> Result<u8> {
    let golden = task.golden.as_deref().map(Golden::read).transpose()?;
    let named = |given: &Option<PathBuf>, told: Option<&PathBuf>| given.clone().or_else(|| told.cloned());
    let truth = named(&task.truth, golden.as_ref().and_then(|g| g.truth.as_ref()));
    let predictions = named(&task.predictions, golden.as_ref().and_then(|g| g.predictions.as_ref()))
        .context("the golden file names no predictions: say where they are with --predictions")?;
    let set = read(truth.as_deref(), &predictions)?;
    let masks = task.masks || golden.as_ref().is_some_and(|g| g.masks);
    let ours = figures::all(&set, masks);
    let mut out = std::io::stdout().lock();
    let Some(golden) = golden else {
        let _ = writeln!(out, "{}", serde_json::to_string_pretty(&ours)?);
        return Ok(0);
    };
    let compared = golden.against(&ours)?;
    let width = compared.iter().map(|c| c.name.chars().count()).max().unwrap_or(0);
    let _ = writeln!(out, "{:width$}  {:>16}  {:>16}  {:>10}", "name", "golden", "ours", "difference");
    for c in &compared {
        let number = |v: Option<f64>| v.map_or_else(|| "undefined".to_owned(), |v| format!("{v:.10}"));
        let mark = if c.within(task.tolerance) { "" } else { "  !" };
        let difference = c.difference().map_or_else(String::new, |d| format!("{d:.1e}"));
        let _ = writeln!(
            out,
            "{:width$}  {:>16}  {:>16}  {difference:>10}{mark}",
            c.name,
            number(c.golden),
            number(c.ours)
        );
    }
    let off = compared.iter().filter(|c| !c.within(task.tolerance)).count();
    let all = compared.len();
    if off == 0 {
        let _ = writeln!(out, "all {all} figures agree within {:e}", task.tolerance);
        return Ok(0);
    }
    let _ = writeln!(out, "{off} of {all} figures differ by more than {:e}", task.tolerance);
    Ok(DIFFERS)
}

fn open(path: &Path) -> Result<impl Read> {
    Ok(BufReader::new(File::open(path).with_context(|| path.display().to_string())?))
}

/// With a truth the two are COCO's files; without, the predictions are a table of scores that holds the truth itself.
fn read(truth: Option<&Path>, predictions: &Path) -> Result<TestSet> {
    let file = open(predictions)?;
    match truth {
        None => of_scores(file).with_context(|| predictions.display().to_string()),
        Some(path) => {
            let truth = truth_of_coco(open(path)?).with_context(|| path.display().to_string())?;
            truth.with_predictions(file).with_context(|| predictions.display().to_string())
        }
    }
}
