//! The server as a process.

use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub const TOKEN: &str = "the-token-of-the-soak";

pub struct Process {
    child: Child,
    pub address: String,
    /// How long it took until it listened.
    pub took: Duration,
}

impl Process {
    /// Starts it on a port of the system's choice, which it prints. It fetches nothing.
    pub fn start(binary: &Path, data: &Path, log: &Path) -> Result<Self> {
        let begun = Instant::now();
        let log_file = File::options().create(true).append(true).open(log)?;
        let mut child = Command::new(binary)
            .args(["serve", "--no-fetch", "--listen", "127.0.0.1:0", "--token", TOKEN, "--data"])
            .arg(data)
            .env("LABELSCOPE_LOG_FILTER", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log_file)
            .spawn()
            .with_context(|| format!("could not start {}", binary.display()))?;
        let mut line = String::new();
        let out = child.stdout.take().context("no output")?;
        BufReader::new(out).read_line(&mut line)?;
        let Some((_, address)) = line.trim().rsplit_once("http://") else {
            let status = child.wait()?;
            bail!("the server did not start ({status}); its log is {}", log.display());
        };
        Ok(Self { child, address: address.to_owned(), took: begun.elapsed() })
    }

    /// As a power cut would, but for what the system itself has in hand.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// The memory that it holds and the most that it has held, in MB; None where the system does not tell.
    pub fn memory(&self) -> Option<(u64, u64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let read = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? / 1024)
        };
        Some((read("VmRSS:")?, read("VmHWM:")?))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}
