//! A Chromium for the tests in the browser: one that is installed, else the system's package, else a clear sentence.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::{apt, getting};
use crate::{paths, run};

/// For a quiet browser that starts in a container and talks to nobody.
pub const FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

pub struct Chromium {
    pub binary: PathBuf,
}

/// Finds a Chromium or installs one.
pub fn get() -> Result<Chromium> {
    if let Some(binary) = find()? {
        return Ok(Chromium { binary });
    }
    if apt::is_at_hand() {
        getting("Chromium and its driver from the system's packages (about 1 minute)");
        apt::install(&["chromium", "chromium-driver"])?;
        if let Some(binary) = find()? {
            return Ok(Chromium { binary });
        }
    }
    bail!(
        "no Chromium found. Install one together with its driver (Debian and Ubuntu: `apt-get install chromium chromium-driver`), \
         or set LABELSCOPE_CHROMIUM to a Chromium or Chrome binary; `cargo xtask test --fast` does without"
    )
}

fn find() -> Result<Option<PathBuf>> {
    if let Some(named) = env::var_os("LABELSCOPE_CHROMIUM").filter(|value| !value.is_empty()) {
        let named = PathBuf::from(named);
        if !named.is_file() {
            bail!("LABELSCOPE_CHROMIUM names {}, where there is no file", named.display());
        }
        return Ok(Some(named));
    }
    Ok(["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(run::on_path).or_else(playwrights_own))
}

/// Where Playwright keeps the browsers that it downloaded for other projects.
fn playwrights_own() -> Option<PathBuf> {
    let folder = match env::var_os("PLAYWRIGHT_BROWSERS_PATH") {
        Some(folder) => PathBuf::from(folder),
        None => env::home_dir()?.join(".cache/ms-playwright"),
    };
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("chromium-")))
        .flat_map(|path| ["chrome-linux/chrome", "chrome-linux64/chrome"].map(|inner| path.join(inner)))
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    found.pop()
}

impl Chromium {
    /// The driver for wasm-bindgen's test runner. It must have the browser's own major version, or it fails obscurely.
    pub fn driver(&self) -> Result<PathBuf> {
        let find = || env::var_os("CHROMEDRIVER").map(PathBuf::from).or_else(|| run::on_path("chromedriver"));
        if find().is_none() && apt::is_at_hand() {
            getting("Chromium's driver from the system's packages");
            apt::install(&["chromium-driver"])?;
        }
        let driver = find().context("chromedriver is missing; install the one of your Chromium (Debian and Ubuntu: `apt-get install chromium-driver`) or set CHROMEDRIVER")?;
        let (browser, own) = (major(&self.binary), major(&driver));
        if browser.is_some() && own.is_some() && browser != own {
            bail!(
                "{} is version {} and {} is version {}: install the two in the same version",
                self.binary.display(),
                browser.unwrap_or_default(),
                driver.display(),
                own.unwrap_or_default()
            );
        }
        Ok(driver)
    }

    /// A `webdriver.json` that names this browser and the flags above.
    pub fn webdriver_file(&self) -> Result<PathBuf> {
        let file = paths::target().join("webdriver.json");
        fs::create_dir_all(paths::target())?;
        let text = json!({ "goog:chromeOptions": { "binary": self.binary, "args": FLAGS } });
        fs::write(&file, text.to_string())?;
        Ok(file)
    }
}

/// The first number in what `--version` prints.
fn major(binary: &Path) -> Option<u32> {
    let text = run::version_of(binary)?;
    text.split_whitespace().find_map(|word| word.split('.').next()?.parse().ok())
}
