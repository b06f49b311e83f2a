//! The staging database of an import: the file's content, checked as a whole, before anything shows.
//!
//! It lies beside the import's files and is thrown away with them. It is written without a journal and made durable once
//! it is whole; a half-written one is begun anew.

use super::Halt;
use crate::fault::Fault;
use labelscope_api::extensions::JobError;
use labelscope_api::messages::StatusCode;
use labelscope_formats::coco::{self, Annotation, Category, Image, Sink};
use rusqlite::{Connection, params};
use serde_json::Value;
use std::collections::HashSet;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

const TABLES: &str = "
CREATE TABLE category (id INTEGER PRIMARY KEY, idx INTEGER, name TEXT, super TEXT, extra TEXT);
CREATE TABLE image (id INTEGER PRIMARY KEY, idx INTEGER, file_name TEXT, width INTEGER, height INTEGER, extra TEXT, sha256 TEXT);
CREATE TABLE annotation (image INTEGER, idx INTEGER, id INTEGER, category INTEGER, x REAL, y REAL, w REAL, h REAL, area REAL, crowd INTEGER, seg TEXT, extra TEXT, PRIMARY KEY (image, idx)) WITHOUT ROWID;
CREATE TABLE extra (key TEXT PRIMARY KEY, value TEXT);
CREATE TABLE media (name TEXT PRIMARY KEY, base TEXT, sha256 TEXT, bytes INTEGER, used INTEGER DEFAULT 0);
";

/// A refusal with its place.
pub(super) fn refused(place: &str, message: &str, advice: &str) -> Halt {
    Halt::Failed(JobError {
        code: StatusCode::CONN_BAD_REQUEST_FORMAT.0,
        message: message.to_owned(),
        place: place.to_owned(),
        advice: advice.to_owned(),
    })
}

pub(super) const ADVICE: &str = "Mend the file at that place and import it again. Nothing was written.";

/// Opens the staging database of an earlier run.
pub(super) fn open(path: &Path) -> Result<Connection, Fault> {
    let conn = Connection::open(path)?;
    conn.pragma_update(None, "journal_mode", "off")?;
    conn.pragma_update(None, "synchronous", "off")?;
    conn.pragma_update(None, "cache_size", -32_000)?;
    Ok(conn)
}

/// A reader that reports how far it has come, and can be stopped.
pub(super) struct Watched<'a, R> {
    inner: R,
    read: u64,
    tell: &'a mut dyn FnMut(u64) -> Result<(), Halt>,
    halted: &'a mut Option<Halt>,
}

impl<'a> Watched<'a, File> {
    /// Opens a file. `tell` gets the bytes read so far; what it stops for is put into `halted`.
    pub fn open(
        path: &Path,
        tell: &'a mut dyn FnMut(u64) -> Result<(), Halt>,
        halted: &'a mut Option<Halt>,
    ) -> Result<BufReader<Self>, Fault> {
        Ok(BufReader::with_capacity(1 << 18, Self { inner: File::open(path)?, read: 0, tell, halted }))
    }
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.read += n as u64;
        if let Err(halt) = (self.tell)(self.read) {
            *self.halted = Some(halt);
            return Err(std::io::Error::other("stopped"));
        }
        Ok(n)
    }
}

/// Reads a COCO file into a new staging database. `tell` gets the bytes read so far.
pub(super) fn fill(
    path: &Path,
    file: &Path,
    tell: &mut dyn FnMut(u64) -> Result<(), Halt>,
) -> Result<Connection, Halt> {
    let _ = std::fs::remove_file(path);
    let conn = open(path)?;
    conn.execute_batch(TABLES).map_err(Fault::from)?;
    conn.execute_batch("BEGIN").map_err(Fault::from)?;
    let mut halted = None;
    let mut sink = Staging { conn: &conn, ids: HashSet::new(), failed: None };
    let outcome = coco::read(Watched::open(file, tell, &mut halted)?, &mut sink);
    let summary = outcome_of(outcome, sink.failed, halted)?;
    if summary.images == 0 {
        return Err(refused("images", "The file has no images.", ADVICE));
    }
    references(&conn)?;
    conn.execute_batch("COMMIT").map_err(Fault::from)?;
    File::open(path).and_then(|f| f.sync_all()).map_err(Fault::from)?;
    Ok(conn)
}

/// How reading a file ended: the staging database failed, someone stopped it, or the file is wrong.
pub(super) fn outcome_of<T>(
    outcome: Result<T, coco::Error>,
    failed: Option<Fault>,
    halted: Option<Halt>,
) -> Result<T, Halt> {
    if let Some(fault) = failed {
        return Err(fault.into());
    }
    if let Some(halt) = halted {
        return Err(halt);
    }
    outcome.map_err(|error| match error {
        coco::Error::Content { place, reason } => refused(&place.to_string(), &reason, ADVICE),
        coco::Error::Io(error) => error.into(),
    })
}

/// Every annotation must name an image and a category of the file.
fn references(conn: &Connection) -> Result<(), Halt> {
    for (column, table, many) in [("image", "image", "images"), ("category", "category", "categories")] {
        let sql = format!(
            "SELECT idx, {column} FROM annotation a WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE t.id = a.{column}) ORDER BY idx LIMIT 1"
        );
        let found = conn
            .prepare(&sql)
            .and_then(|mut s| s.query_map([], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?)))?.next().transpose());
        if let Some((index, id)) = found.map_err(Fault::from)? {
            let place = format!("annotations[{index}].{column}_id");
            return Err(refused(
                &place,
                &format!("names {column} {id}, which is not among the {many} of the file"),
                ADVICE,
            ));
        }
    }
    Ok(())
}

struct Staging<'a> {
    conn: &'a Connection,
    ids: HashSet<i64>,
    failed: Option<Fault>,
}

impl Staging<'_> {
    /// Runs an insert; a key that is taken becomes the error that `twice` words.
    fn insert(
        &mut self,
        sql: &str,
        params: impl rusqlite::Params,
        twice: impl FnOnce() -> coco::Error,
    ) -> Result<(), coco::Error> {
        match self.conn.prepare_cached(sql).and_then(|mut s| s.execute(params)) {
            Ok(_) => Ok(()),
            Err(rusqlite::Error::SqliteFailure(e, _)) if e.code == rusqlite::ErrorCode::ConstraintViolation => {
                Err(twice())
            }
            Err(error) => {
                self.failed = Some(error.into());
                Err(coco::Error::at("", "the staging database failed"))
            }
        }
    }

    fn first(&self, table: &str, id: i64) -> i64 {
        self.conn.query_row(&format!("SELECT idx FROM {table} WHERE id = ?1"), [id], |r| r.get(0)).unwrap_or(0)
    }
}

/// JSON of what is left over, or nothing.
fn extra(map: &serde_json::Map<String, Value>) -> Option<String> {
    if map.is_empty() { None } else { serde_json::to_string(map).ok() }
}

impl Sink for Staging<'_> {
    fn image(&mut self, index: usize, i: Image) -> Result<(), coco::Error> {
        let first = |me: &Self| me.first("image", i.id);
        let sql = "INSERT INTO image (id, idx, file_name, width, height, extra) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let known =
            self.insert(sql, params![i.id, index as i64, i.file_name, i.width, i.height, extra(&i.extra)], || {
                coco::Error::at("twice", "")
            });
        match known {
            Err(coco::Error::Content { place, .. }) if place.path == "twice" => Err(coco::Error::at(
                format!("images[{index}].id"),
                format!("is {}, which images[{}] has too", i.id, first(self)),
            )),
            other => other,
        }
    }

    fn annotation(&mut self, index: usize, a: Annotation) -> Result<(), coco::Error> {
        if let Some(id) = a.id
            && !self.ids.insert(id)
        {
            return Err(coco::Error::at(
                format!("annotations[{index}].id"),
                format!("is {id}, which another annotation has too"),
            ));
        }
        let [x, y, w, h] = a.bbox.map_or([None; 4], |b| b.map(Some));
        let seg = a.segmentation.as_ref().and_then(|s| serde_json::to_string(s).ok());
        let sql = "INSERT INTO annotation (image, idx, id, category, x, y, w, h, area, crowd, seg, extra) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
        let params =
            params![a.image_id, index as i64, a.id, a.category_id, x, y, w, h, a.area, a.iscrowd, seg, extra(&a.extra)];
        self.insert(sql, params, || coco::Error::at(format!("annotations[{index}]"), "stands twice"))
    }

    fn category(&mut self, index: usize, c: Category) -> Result<(), coco::Error> {
        let sql = "INSERT INTO category (id, idx, name, super, extra) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.insert(sql, params![c.id, index as i64, c.name, c.supercategory, extra(&c.extra)], || {
            coco::Error::at(format!("categories[{index}].id"), format!("is {}, which another category has too", c.id))
        })
    }

    fn extra(&mut self, key: String, value: Value) -> Result<(), coco::Error> {
        self.insert(
            "INSERT OR REPLACE INTO extra (key, value) VALUES (?1, ?2)",
            params![key, value.to_string()],
            || coco::Error::at(key.clone(), "stands twice"),
        )
    }
}
