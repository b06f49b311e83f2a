//! The pictures of an import: loose files and ZIPs, into the blob store, and to the images that name them.

use super::stage::refused;
use super::{Halt, Work};
use crate::fault::Fault;
use crate::store::media;
use labelscope_formats::archive::{Limits, Reader};
use rusqlite::Connection;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// Is this the name of a picture?
pub(super) fn is_picture(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or("").to_ascii_lowercase();
    matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "gif" | "bmp" | "webp")
}

pub(super) fn is_zip(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".zip")
}

/// Takes in all pictures that came with the import.
pub(super) fn take_in(work: &mut Work<'_>, stage: &Connection, folder: &Path, files: &[String]) -> Result<(), Halt> {
    let total = files.len() as u64;
    for (index, name) in files.iter().enumerate() {
        work.progress(2, index as u64, total)?;
        let path = folder.join("files").join(name);
        if is_zip(name) {
            let opened = Reader::open(BufReader::new(File::open(&path)?), Limits::default());
            let bad = |e: labelscope_formats::archive::Error| {
                refused(name, &e.to_string(), "Pack the pictures again and import once more. Nothing was written.")
            };
            let mut zip = opened.map_err(bad)?;
            for entry in 0..zip.len() {
                if let Some(inner) = zip.name(entry).map_err(bad)?.filter(|n| is_picture(n)) {
                    let mut reader = zip.entry(entry).map_err(bad)?;
                    store(work, stage, &inner, &mut reader)?;
                    work.progress(2, index as u64, total)?;
                }
            }
        } else if is_picture(name) {
            store(work, stage, name, &mut File::open(&path)?)?;
        }
    }
    match_names(stage)?;
    Ok(())
}

fn store(work: &Work<'_>, stage: &Connection, name: &str, reader: &mut dyn Read) -> Result<(), Halt> {
    let blobs = work.engine.blobs();
    let stored = blobs.put(reader)?;
    if media::look(blobs, &stored.sha256)?.is_none() {
        work.engine.forget_blob_if_unknown(&stored.sha256);
        return Err(refused(
            name,
            "is no JPEG, PNG, GIF, BMP or WebP picture",
            "Leave the file out or replace it, and import again. Nothing was written.",
        ));
    }
    let base = name.rsplit('/').next().unwrap_or(name);
    let sql = "INSERT OR REPLACE INTO media (name, base, sha256, bytes) VALUES (?1, ?2, ?3, ?4)";
    stage.prepare_cached(sql)?.execute((name, base, &stored.sha256, stored.bytes as i64))?;
    Ok(())
}

/// By the whole name, else by the last part of it where that is one picture's alone.
fn match_names(stage: &Connection) -> Result<(), Fault> {
    stage.execute_batch(
        "CREATE INDEX IF NOT EXISTS media_base ON media (base);
         UPDATE image SET sha256 = (SELECT sha256 FROM media WHERE name = file_name);
         UPDATE image SET sha256 = (SELECT min(sha256) FROM media WHERE base = replace(file_name, rtrim(file_name, replace(file_name, '/', '')), '') HAVING count(DISTINCT sha256) = 1) WHERE sha256 IS NULL;
         UPDATE media SET used = 1 WHERE sha256 IN (SELECT sha256 FROM image WHERE sha256 IS NOT NULL);",
    )?;
    Ok(())
}
