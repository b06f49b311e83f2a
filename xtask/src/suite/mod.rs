//! `cargo xtask test`: every check that CI makes, one stage after the other.

mod browser;
mod calls;
mod closing;
mod dist;
pub mod native;
mod npm;
mod python;
mod stage;
mod watched;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::args::TestOptions;
use stage::{Outcome, Stage};

struct Report {
    name: &'static str,
    took: Duration,
    result: Result<Outcome>,
}

/// Runs the stages asked for, all of them to the end, and fails if one failed.
pub fn run(options: &TestOptions) -> Result<()> {
    let chosen = stage::choose(options)?;
    let begun = Instant::now();
    let mut reports: Vec<Report> = Vec::new();
    for stage in chosen {
        println!("\n== {} · {}", stage.name, stage.about);
        let stage_begun = Instant::now();
        let result = match missing(stage, &reports) {
            Some(needed) => Err(anyhow::anyhow!("not run, because {needed} failed")),
            None => (stage.run)(options),
        };
        if let Err(error) = &result {
            eprintln!("{} failed: {error:#}", stage.name);
        }
        reports.push(Report { name: stage.name, took: stage_begun.elapsed(), result });
    }
    print_summary(&reports, begun.elapsed());
    let failed: Vec<&str> = reports.iter().filter(|report| report.result.is_err()).map(|report| report.name).collect();
    if !failed.is_empty() {
        bail!("{} of {} stages failed: {}", failed.len(), reports.len(), failed.join(", "));
    }
    Ok(())
}

/// A stage that this one needs and that failed.
fn missing(stage: &Stage, reports: &[Report]) -> Option<&'static str> {
    reports.iter().find(|report| stage.needs.contains(&report.name) && report.result.is_err()).map(|report| report.name)
}

fn print_summary(reports: &[Report], total: Duration) {
    println!("\n== summary");
    for report in reports {
        let (word, lines): (&str, &[String]) = match &report.result {
            Ok(Outcome::Done(lines)) => ("ok", lines),
            Ok(Outcome::Skipped(why)) => ("SKIPPED", std::slice::from_ref(why)),
            Err(_) => ("FAILED", &[]),
        };
        println!("{:>8.1} s  {:<14} {word}", report.took.as_secs_f64(), report.name);
        for line in lines {
            println!("{:>12}{line}", "");
        }
        if let Err(error) = &report.result {
            println!("{:>12}{}", "", format!("{error:#}").lines().next().unwrap_or_default());
        }
    }
    println!("{:>8.1} s  all together", total.as_secs_f64());
    let skipped: Vec<_> = reports
        .iter()
        .filter(|report| matches!(report.result, Ok(Outcome::Skipped(_))))
        .map(|report| report.name)
        .collect();
    if !skipped.is_empty() {
        println!("\n{0}\n  NOT TESTED: {1}\n{0}", "*".repeat(72), skipped.join(", "));
    }
}
