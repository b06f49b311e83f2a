//! A runner's output goes to the terminal as it comes, and its closing lines are kept for the summary.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, bail};

use super::closing;
use super::stage::Outcome;

/// Runs it; fails if it fails.
pub fn run(command: &mut Command) -> Result<Outcome> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("could not start {program}"))?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let kept = Mutex::new(Vec::new());
    thread::scope(|scope| {
        if let Some(stdout) = stdout {
            scope.spawn(|| pass_on(stdout, &kept));
        }
        if let Some(stderr) = stderr {
            scope.spawn(|| pass_on(stderr, &kept));
        }
    });
    let status = child.wait()?;
    let lines = closing::summed(kept.into_inner().unwrap_or_default());
    if !status.success() {
        bail!("{program} ended with {status}: {}", lines.join("; "));
    }
    Ok(Outcome::Done(lines))
}

fn pass_on(from: impl Read, kept: &Mutex<Vec<String>>) {
    for line in BufReader::new(from).split(b'\n') {
        let Ok(line) = line else { return };
        let line = String::from_utf8_lossy(&line);
        println!("{}", line.trim_end_matches('\r'));
        if let (Some(line), Ok(mut kept)) = (closing::line(&line), kept.lock()) {
            kept.push(line);
        }
    }
}
