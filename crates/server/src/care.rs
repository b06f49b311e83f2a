//! Backup, restore, check and purge, from the command line.

use crate::hosting;
use crate::{Config, state};
use anyhow::{Context, Result, bail};
use labelscope_api::Operation;
use labelscope_api::extensions::PurgeInputs;
use labelscope_api::messages::UserAppIdSet;
use labelscope_engine::care::{self, Options};
use labelscope_engine::{Call, Caller, DEFAULT_USER, Engine};
use lexopt::prelude::*;
use std::ffi::OsStr;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What is to be done with a data folder.
#[derive(Debug, Clone, PartialEq)]
pub enum Task {
    /// Copy it.
    Backup {
        /// The data folder.
        data: PathBuf,
        /// Where to.
        to: PathBuf,
        /// Tokens, sessions and connections too.
        secrets: bool,
    },
    /// Put a copy back.
    Restore {
        /// The data folder.
        data: PathBuf,
        /// Where the backup is.
        from: PathBuf,
        /// Move data that is there aside.
        force: bool,
    },
    /// Is it sound?
    Check {
        /// The data folder.
        data: PathBuf,
        /// Read each file.
        deep: bool,
    },
    /// Take inputs out of it.
    Purge {
        /// The data folder.
        data: PathBuf,
        /// Whose they are.
        app: UserAppIdSet,
        /// Which.
        ids: Vec<String>,
    },
}

/// The exit code where a check has found something, or a backup could not take all in.
const FOUND: u8 = 2;

/// Is this word one of the tasks?
pub(crate) fn is_task(word: &OsStr) -> bool {
    ["backup", "restore", "check", "purge"].iter().any(|task| word == *task)
}

/// Reads the rest of the command line of a task.
pub(crate) fn parse(task: &OsStr, mut data: PathBuf, mut parser: lexopt::Parser) -> Result<Task> {
    let task = task.to_string_lossy().into_owned();
    let (mut words, mut secrets, mut force, mut deep, mut app) = (Vec::new(), false, false, false, None);
    while let Some(arg) = parser.next()? {
        match arg {
            Long("data") => data = parser.value()?.into(),
            Long("with-secrets") if task == "backup" => secrets = true,
            Long("force") if task == "restore" => force = true,
            Long("deep") if task == "check" => deep = true,
            Long("app") if task == "purge" => app = Some(parser.value()?.string()?),
            Value(word) if task != "check" => words.push(word),
            other => return Err(other.unexpected().into()),
        }
    }
    let folder = |what: &str| match words.as_slice() {
        [one] => Ok(PathBuf::from(one)),
        _ => bail!("labelscope {task} takes one folder: {what}"),
    };
    Ok(match task.as_str() {
        "backup" => Task::Backup { to: folder("the one to copy into")?, data, secrets },
        "restore" => Task::Restore { from: folder("that of the backup")?, data, force },
        "check" => Task::Check { data, deep },
        _ => {
            let app = app.context("say of which app with --app [USER/]APP")?;
            let (user_id, app_id) = app.split_once('/').unwrap_or(("me", &app));
            let app = UserAppIdSet { user_id: user_id.to_owned(), app_id: app_id.to_owned() };
            let ids = words.into_iter().map(ValueExt::string).collect::<Result<Vec<_>, _>>()?;
            if ids.is_empty() {
                bail!("name the ids of the inputs to purge");
            }
            Task::Purge { data, app, ids }
        }
    })
}

/// Does a task, and gives the exit code.
pub fn run(task: Task) -> Result<u8> {
    let mut teller = Teller::default();
    let now = hosting::now();
    match task {
        Task::Backup { data, to, secrets } => {
            let options = Options { secrets, now };
            let made = care::backup(&data, &to, options, &mut |what, done, of| teller.tell(what, done, of))?;
            teller.end();
            say(&format!(
                "backed up into {}: {} inputs, {} annotations, {} files ({}), database {}",
                to.display(),
                made.inputs,
                made.annotations,
                made.blobs,
                size(made.blob_bytes),
                size(made.bytes)
            ));
            say(&format!("left out: {}", made.left_out.join("; ")));
            Ok(missing(&made.missing))
        }
        Task::Restore { data, from, force } => {
            let done = care::restore(&from, &data, force, now, &mut |what, done, of| teller.tell(what, done, of))?;
            teller.end();
            let made = &done.manifest;
            say(&format!(
                "restored the backup of {} into {}: {} inputs, {} files",
                made.made_at,
                data.display(),
                made.inputs,
                made.blobs
            ));
            if let Some(before) = &done.before {
                say(&format!("what was there before is in {}", before.display()));
            }
            if !made.secrets {
                say("tokens, sessions and connections are not in this backup: a new token is made at the next start");
            }
            Ok(missing(&made.missing))
        }
        Task::Check { data, deep } => {
            let found = care::check(&data, deep, &mut |what, done, of| teller.tell(what, done, of))?;
            teller.end();
            for line in &found.database {
                say(&format!("database: {line}"));
            }
            for sha256 in &found.missing {
                say(&format!("missing: {sha256}"));
            }
            for sha256 in &found.damaged {
                say(&format!("damaged: {sha256}"));
            }
            if found.unnamed > 0 {
                say(&format!("{} files are named by nothing; they do no harm", found.unnamed));
            }
            if found.sound() {
                let how = if deep { "read and sound" } else { "there (--deep reads them too)" };
                say(&format!("the database is sound, and {} files are {how}", found.named));
                return Ok(0);
            }
            say("take what is missing or damaged from a backup");
            Ok(FOUND)
        }
        Task::Purge { data, app, ids } => {
            say(&purge(&data, app, ids)?);
            say(
                "copies elsewhere are not touched: backups, folders before-restore-…, archives that were downloaded, copies of the app",
            );
            Ok(0)
        }
    }
}

fn missing(missing: &[String]) -> u8 {
    if missing.is_empty() {
        return 0;
    }
    say(&format!("{} files that the database names were missing: {}", missing.len(), missing.join(", ")));
    FOUND
}

/// Purges while no server runs. Dataset versions are counted anew when one starts.
fn purge(data: &Path, app: UserAppIdSet, ids: Vec<String>) -> Result<String> {
    if !data.join("labelscope.db").is_file() {
        bail!("there is no labelscope.db in {}; name the data folder with --data", data.display());
    }
    let _lock =
        state::lock(&data.join("lock")).context("while the server runs, purge with its operation PurgeInputs")?;
    let mut config = Config::new(data.to_owned());
    (config.fetch, config.min_free) = (false, 0);
    let engine = Engine::open(data, hosting::host(&config), &[])?;
    let op = PurgeInputs { user_app_id: app, ids };
    let request = op.request("http://localhost").context("these ids cannot be sent")?;
    let (path, _) = PurgeInputs::META.match_path(request.uri().path()).context("the app's name cannot be used")?;
    let caller = Caller { user_id: DEFAULT_USER.to_owned() };
    let call = Call {
        name: PurgeInputs::META.name,
        path,
        query: "",
        body: request.body(),
        caller: &caller,
        base_url: "",
        req_id: "",
    };
    let answer = engine.writer()?.execute(&call);
    let done =
        PurgeInputs::reply(answer.http_status, &answer.body).map_err(|e| anyhow::anyhow!("{}", e.status.details))?;
    drop(engine);
    let details = done.status.map(|s| s.details).unwrap_or_default();
    care::compact(data).with_context(|| {
        format!("it is done ({details}), but the database could not be written anew, so earlier releases may have left traces in it; run the command again once there is room")
    })?;
    Ok(if details.is_empty() { "these inputs have been purged before".to_owned() } else { details })
}

fn say(line: &str) {
    // Nobody may be reading any more; what was done is done.
    let _ = writeln!(std::io::stdout(), "{line}");
}

#[allow(clippy::cast_precision_loss)]
fn size(bytes: u64) -> String {
    if bytes < 1 << 20 {
        format!("{} kB", bytes.div_ceil(1 << 10))
    } else {
        format!("{:.1} MB", bytes as f64 / f64::from(1 << 20))
    }
}

/// Tells on stderr how far a task is: on one line of a terminal, else a line for each part of the work.
#[derive(Default)]
struct Teller {
    what: String,
    told: Option<Instant>,
    open: bool,
}

impl Teller {
    fn tell(&mut self, what: &str, done: u64, of: u64) {
        let mut err = std::io::stderr();
        let moved = self.what != what;
        if err.is_terminal() {
            if moved || self.told.is_none_or(|at| at.elapsed() > Duration::from_millis(200)) {
                let count = if of > 1 { format!(" {done} of {of}") } else { String::new() };
                let _ = write!(err, "\r{what}{count}\x1b[K");
                let _ = err.flush();
                (self.told, self.open) = (Some(Instant::now()), true);
            }
        } else if moved {
            let _ = writeln!(err, "{what}");
        }
        if moved {
            what.clone_into(&mut self.what);
        }
    }

    fn end(&mut self) {
        if std::mem::take(&mut self.open) {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
