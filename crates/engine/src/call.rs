//! Calls in, answers out.

use crate::fault::{Fault, http_status};
use crate::store::input;
use crate::tx::Tx;
use crate::{Engine, OpenError, dispatch, fault};
use labelscope_api::extensions::Job;
use labelscope_api::messages::{BaseResponse, StatusCode};
use rusqlite::Connection;
use std::path::PathBuf;

/// Who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// What `me` means.
    pub user_id: String,
}

/// One call, after routing.
#[derive(Debug, Clone)]
pub struct Call<'a> {
    /// The operation's name.
    pub name: &'a str,
    /// Parameters of the path, decoded.
    pub path: Vec<(&'static str, String)>,
    /// The query without its `?`.
    pub query: &'a str,
    /// The body.
    pub body: &'a [u8],
    /// Who calls.
    pub caller: &'a Caller,
    /// The server's public address, for links in replies.
    pub base_url: &'a str,
    /// The id of the request, for the status.
    pub req_id: &'a str,
}

/// The answer to a call: always JSON with a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub http_status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// The sequence number of what was written, if anything was.
    pub revision: Option<i64>,
}

/// Something that others want to know.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// An app was written to.
    Revision {
        /// The app's key in the database.
        app: i64,
        /// The sequence number.
        revision: i64,
    },
    /// A job has moved.
    Job(Box<Job>),
}

/// A finished archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Where it lies.
    pub path: PathBuf,
    /// In hexadecimal.
    pub sha256: String,
    /// How long it is.
    pub bytes: u64,
}

/// A media file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaInfo {
    /// Where it lies.
    pub path: PathBuf,
    /// What it is, by its first bytes.
    pub content_type: String,
    /// How long it is.
    pub bytes: u64,
}

/// The connection that writes.
pub struct Writer {
    pub(crate) engine: Engine,
    pub(crate) conn: Connection,
    pub(crate) events: Vec<Event>,
    pub(crate) wake: bool,
}

/// A connection that reads.
pub struct Reader {
    pub(crate) engine: Engine,
    pub(crate) conn: Connection,
}

impl Writer {
    pub(crate) fn new(engine: Engine, conn: Connection) -> Self {
        Self { engine, conn, events: Vec::new(), wake: true }
    }

    /// Answers one call in a transaction of its own.
    pub fn execute(&mut self, call: &Call<'_>) -> Answer {
        self.execute_group(std::slice::from_ref(call)).pop().unwrap_or_else(|| internal(call, "no answer"))
    }

    /// Answers several calls in one transaction, so that they share one wait for the disk. Each fails alone.
    pub fn execute_group(&mut self, calls: &[Call<'_>]) -> Vec<Answer> {
        match self.group(calls) {
            Ok(answers) => answers,
            Err(fault) => calls.iter().map(|call| failure(call, &fault)).collect(),
        }
    }

    fn group(&mut self, calls: &[Call<'_>]) -> Result<Vec<Answer>, Fault> {
        let mut outer = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let (mut answers, mut events, mut wake) = (Vec::with_capacity(calls.len()), Vec::new(), false);
        for call in calls {
            let inner = outer.savepoint()?;
            let tx = Tx::new(&inner, &self.engine.shared, call.caller, call.base_url, call.name);
            let outcome = dispatch::dispatch(&tx, call);
            let (written, happened, woken) = (tx.written(), tx.events.take(), tx.wake.get());
            match outcome {
                Ok((code, body)) => {
                    inner.commit()?;
                    if let Some((revision, app)) = written {
                        events.push(Event::Revision { app, revision });
                    }
                    events.extend(happened);
                    wake |= woken;
                    answers.push(Answer {
                        http_status: http_status(code),
                        body,
                        revision: written.map(|(seq, _)| seq),
                    });
                }
                Err(fault) => {
                    drop(inner);
                    // A full disk may end the whole transaction: then nothing of this group is kept.
                    if outer.is_autocommit() {
                        return Err(fault);
                    }
                    answers.push(failure(call, &fault));
                }
            }
        }
        outer.commit()?;
        // What is committed stands; files that could not be removed are tried again.
        let _ = crate::blobs::sweep(&mut self.conn, self.engine.blobs());
        let _ = crate::store::upload::sweep(&mut self.conn, &self.engine.shared);
        self.events.append(&mut events);
        self.wake |= wake;
        Ok(answers)
    }

    /// What has happened since the last time.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Has a call made a job since the last time? Also true at first, for jobs of an earlier process.
    pub fn take_wake(&mut self) -> bool {
        std::mem::take(&mut self.wake)
    }
}

impl Reader {
    pub(crate) fn new(engine: Engine, conn: Connection) -> Self {
        Self { engine, conn }
    }

    /// Answers one call.
    pub fn execute(&mut self, call: &Call<'_>) -> Answer {
        match self.read(call) {
            Ok((code, body)) => Answer { http_status: http_status(code), body, revision: None },
            Err(fault) => failure(call, &fault),
        }
    }

    fn read(&mut self, call: &Call<'_>) -> Result<(StatusCode, Vec<u8>), Fault> {
        let inner = self.conn.transaction()?;
        let tx = Tx::new(&inner, &self.engine.shared, call.caller, call.base_url, call.name);
        dispatch::dispatch(&tx, call)
    }

    /// A finished archive by the id of its export and its file name.
    pub fn export_file(&self, export_id: &str, file_name: &str) -> Result<Option<ExportFile>, OpenError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT sha256, size FROM export WHERE id = ?1 AND file_name = ?2 AND state = ?3")?;
        let mut rows = statement.query((export_id, file_name, StatusCode::DATASET_VERSION_EXPORT_SUCCESS.0))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let (sha256, bytes): (String, i64) = (row.get(0)?, row.get(1)?);
        Ok(self.engine.blobs().path(&sha256).map(|path| ExportFile { path, sha256, bytes: bytes.unsigned_abs() }))
    }

    /// A media file by its SHA-256.
    pub fn media(&self, sha256: &str) -> Result<Option<MediaInfo>, OpenError> {
        let mut statement = self.conn.prepare_cached("SELECT content_type, bytes FROM media WHERE sha256 = ?1")?;
        let mut rows = statement.query([sha256])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let (content_type, bytes): (String, i64) = (row.get(0)?, row.get(1)?);
        Ok(self.engine.blobs().path(sha256).map(|path| MediaInfo { path, content_type, bytes: bytes.unsigned_abs() }))
    }

    /// A raw text by the name that archives give it.
    pub fn text(&self, name: &str) -> Result<Option<String>, OpenError> {
        let Some(rev) =
            name.strip_prefix("text-").and_then(|n| n.split('-').next()).and_then(|n| n.parse::<i64>().ok())
        else {
            return Ok(None);
        };
        let mut statement = self.conn.prepare_cached("SELECT raw FROM input WHERE rev = ?1 AND raw IS NOT NULL")?;
        let mut rows = statement.query([rev])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let raw: String = row.get(0)?;
        Ok((input::text_name(rev, &raw) == name).then_some(raw))
    }

    /// Id of the user and id of the app behind a key, for events.
    pub fn app_id(&self, app: i64) -> Result<Option<(String, String)>, OpenError> {
        let mut statement = self.conn.prepare_cached("SELECT user_id, id FROM app WHERE key = ?1")?;
        let mut rows = statement.query([app])?;
        Ok(match rows.next()? {
            Some(row) => Some((row.get(0)?, row.get(1)?)),
            None => None,
        })
    }
}

/// The answer to a call that failed. Empty lists that the API always prints are there too.
fn failure(call: &Call<'_>, fault: &Fault) -> Answer {
    let status = fault.status(call.req_id);
    let code = status.code;
    let body = dispatch::failure_body(call.name, status);
    Answer { http_status: http_status(code), body, revision: None }
}

fn internal(call: &Call<'_>, details: &str) -> Answer {
    let mut status = fault::status(StatusCode::INTERNAL_UNCATEGORIZED, "Internal error");
    details.clone_into(&mut status.details);
    call.req_id.clone_into(&mut status.req_id);
    let body = serde_json::to_vec(&BaseResponse { status: Some(status) }).unwrap_or_default();
    Answer { http_status: 500, body, revision: None }
}

impl Writer {
    /// Notes that a file of an import has arrived whole. False where there is no such import waiting.
    pub fn note_import_file(&mut self, import_id: &str, name: &str, bytes: u64) -> Result<bool, Fault> {
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let now = self.engine.shared.host.clock.now();
        let waiting = labelscope_api::extensions::JobState::WAITING.0;
        let noted = tx.execute(
            "INSERT OR REPLACE INTO import_file (job, name, bytes, received_at) SELECT id, ?2, ?3, ?4 FROM job WHERE id = ?1 AND state = ?5",
            (import_id, name, bytes as i64, now, waiting),
        )?;
        tx.commit()?;
        Ok(noted > 0)
    }

    /// Stores a picture that was uploaded by itself. `None` where the bytes are none that we know.
    pub fn note_media(&mut self, stored: &crate::Stored) -> Result<Option<MediaInfo>, Fault> {
        let tx = self.conn.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let caller = Caller { user_id: String::new() };
        let known = {
            let inner = Tx::new(&tx, &self.engine.shared, &caller, "", "media");
            crate::store::media::describe(&inner, &stored.sha256, stored.bytes)?
        };
        let mut info = None;
        if known.is_some() {
            let content_type =
                tx.query_row("SELECT content_type FROM media WHERE sha256 = ?1", [&stored.sha256], |r| r.get(0))?;
            let path = self.engine.blobs().path(&stored.sha256);
            info = path.map(|path| MediaInfo { path, content_type, bytes: stored.bytes });
        }
        tx.commit()?;
        Ok(info)
    }
}
