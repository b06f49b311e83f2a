//! The Clarifai v2 data API, answered from SQLite. Every write is a revision, so a dataset version is a number and the
//! past stays readable.
//!
//! No HTTP and no threads here: the host hands in calls and gets answers, and lends its threads to jobs. One [`Writer`]
//! a process; as many [`Reader`]s as it likes.

mod blobs;
mod call;
mod dispatch;
mod fault;
mod fold;
mod host;
pub mod jobs;
mod migrate;
mod ops;
mod search;
mod secrets;
mod store;
mod tx;

pub use blobs::{Blobs, Draft, Sealed, Stored, hash_file};
pub use call::{Answer, Call, Caller, Event, ExportFile, MediaInfo, Reader, Writer};
pub use dispatch::is_write;
pub use fault::{Fault, describe, http_status};
pub use host::{Clock, Fetch, FetchError, Object, Order, Random, Source, Sources, hex};
pub use migrate::OpenError;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The user of a server without accounts.
pub const DEFAULT_USER: &str = "local";
/// The app that is there from the start.
pub const DEFAULT_APP: &str = "demo";

/// What the engine takes from its host.
#[derive(Clone)]
pub struct Host {
    /// The time of day.
    pub clock: Arc<dyn Clock>,
    /// Randomness for ids.
    pub random: Arc<dyn Random>,
    /// Fetches files; without it an address is kept and not followed.
    pub fetch: Option<Arc<dyn Fetch>>,
    /// Opens data sources; without it none can be read.
    pub sources: Option<Arc<dyn Sources>>,
}

/// A file of the sample project: its name and content.
pub type SampleFile = (&'static str, &'static [u8]);

pub(crate) struct Shared {
    pub host: Host,
    pub dir: PathBuf,
    pub blobs: Blobs,
    pub sample: &'static [SampleFile],
    pub caches: Mutex<store::counts::Caches>,
    pub cancels: Mutex<std::collections::HashSet<String>>,
    pub secrets: secrets::Secrets,
}

/// A data folder, opened.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

impl Engine {
    /// Opens a data folder, or makes one: database, blobs, and at the first start the default user's app.
    pub fn open(dir: &Path, host: Host, sample: &'static [SampleFile]) -> Result<Self, OpenError> {
        std::fs::create_dir_all(dir)?;
        let path = dir.join("labelscope.db");
        let mut conn = migrate::connect(&path, true)?;
        migrate::migrate(&path, &mut conn)?;
        let now = host.clock.now();
        conn.execute(
            "INSERT INTO app (user_id, id, name, description, created_at, modified_at)
             SELECT ?1, ?2, ?2, '', ?3, ?3 WHERE NOT EXISTS (SELECT 1 FROM app)",
            (DEFAULT_USER, DEFAULT_APP, now),
        )?;
        std::fs::create_dir_all(dir.join("imports"))?;
        let blobs = Blobs::open(dir.join("blobs"))?;
        blobs::sweep(&mut conn, &blobs)?;
        store::upload::clear(&mut conn, &dir.join("uploads"), now)?;
        let shared = Shared {
            host,
            dir: dir.to_owned(),
            blobs,
            sample,
            caches: Mutex::default(),
            cancels: Mutex::default(),
            secrets: secrets::Secrets::default(),
        };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// The one connection that writes.
    pub fn writer(&self) -> Result<Writer, OpenError> {
        Ok(Writer::new(self.clone(), migrate::connect(&self.shared.dir.join("labelscope.db"), true)?))
    }

    /// A connection that reads.
    pub fn reader(&self) -> Result<Reader, OpenError> {
        Ok(Reader::new(self.clone(), migrate::connect(&self.shared.dir.join("labelscope.db"), false)?))
    }

    /// Where media and archives are kept.
    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.shared.blobs
    }

    /// The folder that holds the files of an import while it lasts.
    #[must_use]
    pub fn import_folder(&self, import_id: &str) -> PathBuf {
        self.shared.import_folder(import_id)
    }
}

impl Shared {
    pub(crate) fn import_folder(&self, import_id: &str) -> PathBuf {
        self.dir.join("imports").join(import_id)
    }

    /// The file of an upload.
    pub(crate) fn upload_file(&self, key: i64) -> PathBuf {
        self.dir.join("uploads").join(key.to_string())
    }

    pub(crate) fn is_cancelled(&self, job: &str) -> bool {
        self.cancels.lock().is_ok_and(|c| c.contains(job))
    }
}
