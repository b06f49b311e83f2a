//! What must hold in the database and the folder beside it, whatever has happened.

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::Path;

/// Queries that must find nothing, and what a row would mean.
const NOTHING: &[(&str, &str)] = &[
    (
        "a label without its annotation",
        "SELECT count(*) FROM label WHERE annotation NOT IN (SELECT rev FROM annotation)",
    ),
    (
        "an annotation that outlives its input",
        "SELECT count(*) FROM annotation a WHERE died IS NULL AND NOT EXISTS (SELECT 1 FROM input i WHERE i.key = a.input AND i.died IS NULL)",
    ),
    (
        "a member that outlives its input",
        "SELECT count(*) FROM member m WHERE died IS NULL AND NOT EXISTS (SELECT 1 FROM input i WHERE i.key = m.input AND i.died IS NULL)",
    ),
    (
        "a member that outlives its dataset",
        "SELECT count(*) FROM member m WHERE died IS NULL AND NOT EXISTS (SELECT 1 FROM dataset d WHERE d.key = m.dataset AND d.died IS NULL)",
    ),
    (
        "an input whose media is not known",
        "SELECT count(*) FROM input WHERE sha256 IS NOT NULL AND died IS NULL AND sha256 NOT IN (SELECT sha256 FROM media)",
    ),
    (
        "an export without its version",
        "SELECT count(*) FROM export WHERE version NOT IN (SELECT key FROM dataset_version)",
    ),
    ("a row that died before it was born", "SELECT count(*) FROM input WHERE died < born"),
    ("a job of two lives", "SELECT count(*) FROM (SELECT id FROM job GROUP BY id HAVING count(*) > 1)"),
];

/// Says what is wrong; nothing where all is well.
pub fn problems(data: &Path) -> Result<Vec<String>> {
    let file = data.join("labelscope.db");
    let db = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .with_context(|| format!("could not open {}", file.display()))?;
    db.busy_timeout(std::time::Duration::from_secs(20))?;
    let mut found = Vec::new();
    let mut check = db.prepare("PRAGMA integrity_check")?;
    for line in check.query_map([], |row| row.get::<_, String>(0))? {
        let line = line?;
        if line != "ok" {
            found.push(format!("integrity_check: {line}"));
        }
    }
    for (what, query) in NOTHING {
        let count: i64 = db.query_row(query, [], |row| row.get(0)).with_context(|| format!("looking for {what}"))?;
        if count > 0 {
            found.push(format!("{what}, {count} times"));
        }
    }
    // What rows name is there.
    let mut named = db.prepare(
        "SELECT DISTINCT sha256 FROM input WHERE died IS NULL AND sha256 IS NOT NULL UNION SELECT sha256 FROM export WHERE state = 64200",
    )?;
    for sha256 in named.query_map([], |row| row.get::<_, String>(0))? {
        let sha256 = sha256?;
        let path = data.join("blobs").join(sha256.get(..2).unwrap_or("")).join(&sha256);
        match std::fs::read(&path) {
            Ok(bytes) if digest(&bytes) == sha256 => {}
            Ok(_) => found.push(format!("the file {sha256} holds something else")),
            Err(error) => found.push(format!("the file {sha256} is not there: {error}")),
        }
    }
    Ok(found)
}

/// The SHA-256 in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
