//! Is a data folder sound?

use super::{CareError, DATABASE, Progress, blob_path, integrity, known_schema, look, named, schema, unsound};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What a check has found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// What SQLite says of the database, empty where it is sound.
    pub database: Vec<String>,
    /// Blobs that the database names.
    pub named: u64,
    /// Of these, those that are not there.
    pub missing: Vec<String>,
    /// Of these, those whose bytes are not those of their name. Looked for with `deep`.
    pub damaged: Vec<String>,
    /// Files among the blobs that nothing names. They do no harm; a server that runs may just be making them.
    pub unnamed: u64,
}

impl Findings {
    /// Is all well?
    #[must_use]
    pub fn sound(&self) -> bool {
        self.database.is_empty() && self.missing.is_empty() && self.damaged.is_empty()
    }
}

/// Checks a data folder, also beside a running server. With `deep` each file is read and compared with its name.
pub fn check(dir: &Path, deep: bool, tell: Progress<'_>) -> Result<Findings, CareError> {
    super::refuse_half_restored(dir)?;
    let path = dir.join(DATABASE);
    if !path.is_file() {
        return Err(unsound(format!("there is no {DATABASE} in {}; name the data folder with --data", dir.display())));
    }
    let conn = look(&path)?;
    known_schema(schema(&conn)?)?;
    tell("checking the database", 0, 1);
    let mut findings = Findings { database: integrity(&conn)?, ..Findings::default() };
    let names = named(&conn)?;
    findings.named = names.len() as u64;
    for (done, sha256) in names.iter().enumerate() {
        tell("checking files", done as u64, findings.named);
        let blob = blob_path(dir, sha256);
        if !blob.is_file() {
            findings.missing.push(sha256.clone());
        } else if deep && !crate::hash_file(&blob).is_ok_and(|(found, _)| found == *sha256) {
            findings.damaged.push(sha256.clone());
        }
    }
    // A call may have removed a file and its row meanwhile.
    let now: BTreeSet<String> = named(&conn)?;
    findings.missing.retain(|sha256| now.contains(sha256) && !blob_path(dir, sha256).is_file());
    findings.damaged.retain(|sha256| now.contains(sha256));
    for folder in fs::read_dir(dir.join("blobs")).into_iter().flatten().flatten().filter(|f| f.file_name() != "part") {
        for file in fs::read_dir(folder.path()).into_iter().flatten().flatten() {
            findings.unnamed += u64::from(!now.contains(file.file_name().to_string_lossy().as_ref()));
        }
    }
    Ok(findings)
}
