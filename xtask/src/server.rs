//! A `labelscope serve` of our own: on a free port, with a fresh data folder, gone when dropped.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{free_port, paths, run};

/// The token of servers that only tests talk to.
pub const TEST_TOKEN: &str = "test-token-of-the-local-server";

pub struct Server {
    child: Child,
    data: PathBuf,
    pub address: String,
}

/// How a server for tests is started.
pub struct Options<'a> {
    pub binary: &'a Path,
    /// Names the data folder under `target/`.
    pub name: &'a str,
    /// Tried first, so that what has the address compiled in stays valid.
    pub port: u16,
    /// Origins of other ports that may call it.
    pub allow_origin: &'a [String],
}

impl Server {
    /// Starts it and waits until it answers.
    pub fn start(options: &Options) -> Result<Self> {
        Self::start_in(options, &paths::root())
    }

    /// The same, in this folder.
    pub fn start_in(options: &Options, folder: &Path) -> Result<Self> {
        let data = paths::target().join(format!("serve-{}", options.name));
        let _ = fs::remove_dir_all(&data);
        fs::create_dir_all(&data)?;
        let address = format!("127.0.0.1:{}", free_port::near(options.port)?);
        let log = paths::target().join(format!("serve-{}.log", options.name));
        let mut command = run::command(options.binary);
        command
            .current_dir(folder)
            .arg("serve")
            .arg("--data")
            .arg(&data)
            .args(["--listen", &address, "--token", TEST_TOKEN]);
        for origin in options.allow_origin {
            command.args(["--allow-origin", origin]);
        }
        let output = File::create(&log)?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        let child = command.spawn().with_context(|| format!("could not start {}", options.binary.display()))?;
        let mut server = Self { child, data, address };
        server.wait_until_ready().with_context(|| format!("its output is in {}", log.display()))?;
        Ok(server)
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The most memory it has held so far, in bytes; None where the system does not tell.
    pub fn peak_memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? * 1024)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let begun = Instant::now();
        while !self.is_ready() {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended at once ({status})");
            }
            if begun.elapsed() > Duration::from_mins(1) {
                bail!("the server did not answer GET /healthz within a minute");
            }
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn is_ready(&self) -> bool {
        let ask = || -> std::io::Result<bool> {
            let mut stream = TcpStream::connect(&self.address)?;
            stream.set_read_timeout(Some(Duration::from_secs(2)))?;
            write!(stream, "GET /healthz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address)?;
            let mut head = [0; 12];
            stream.read_exact(&mut head)?;
            Ok(&head == b"HTTP/1.1 200")
        };
        ask().unwrap_or(false)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.data);
    }
}
