//! Stretches of a file.

use crate::fault::Fault;
use crate::store::upload::{PATIENCE, UploadRow};
use crate::tx::Tx;
use labelscope_api::messages::{StatusCode, UploadContentPart};
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};

/// At most so many stretches in one call.
const BATCH: usize = 1000;

/// Refuses stretches that do not fit, before a byte is written. Says whether any of them is new.
pub(super) fn check(tx: &Tx<'_>, row: &UploadRow, parts: &[UploadContentPart]) -> Result<bool, Fault> {
    if parts.is_empty() || parts.len() > BATCH {
        return Err(Fault::invalid(format!("content_parts holds {}; a call takes 1 to {BATCH}", parts.len())));
    }
    let mut fresh = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let place = format!("content_parts[{index}]");
        let (start, length) = (part.range_start.0, part.data.0.len() as u64);
        if length == 0 {
            return Err(Fault::invalid(format!("{place}.data is empty")));
        }
        let Some(end) = start.checked_add(length).filter(|end| *end <= row.length.unsigned_abs()) else {
            let details = format!(
                "{place} has {length} bytes from byte {start} on, but the upload has only {} bytes",
                row.length
            );
            return Err(Fault::refused(StatusCode::CONN_INVALID_RANGE, details));
        };
        // Of what is here, the last that begins before this one ends.
        let sql = "SELECT start, length FROM upload_part WHERE upload = ?1 AND start < ?2 ORDER BY start DESC LIMIT 1";
        let before = tx.one(sql, (row.key, end as i64), |r| Ok((r.get::<_, i64>(0)?, r.get::<_, i64>(1)?)))?;
        let before = before.map(|(at, n)| (at.unsigned_abs(), n.unsigned_abs()));
        match before {
            Some(same) if same == (start, length) => {}
            Some((at, n)) if at + n > start => return Err(overlap(&place, (start, length), (at, n))),
            _ => fresh.push((start, length, place)),
        }
    }
    fresh.sort();
    for pair in fresh.windows(2) {
        if let [(at, n, _), (start, length, place)] = pair
            && at + n > *start
        {
            return Err(overlap(place, (*start, *length), (*at, *n)));
        }
    }
    Ok(!fresh.is_empty())
}

fn overlap(place: &str, (start, length): (u64, u64), (at, n): (u64, u64)) -> Fault {
    let details = format!(
        "{place} (bytes {start} to {}) overlaps bytes {at} to {}, which were sent as another part",
        start + length - 1,
        at + n - 1
    );
    Fault::refused(StatusCode::CONN_INVALID_RANGE, details)
}

/// Writes stretches that were checked. They are on disk before a row speaks of them, so a kill in between leaves bytes that
/// nobody asks for; a stretch that replaces itself is sent again by whoever got no answer.
pub(super) fn write(tx: &Tx<'_>, row: &UploadRow, parts: Vec<UploadContentPart>) -> Result<(), Fault> {
    let path = tx.shared.upload_file(row.key);
    let created = !path.exists();
    if created && row.arrived > 0 {
        let details =
            format!("the bytes of upload \"{}\" that came before are gone; delete it and send it anew", row.id);
        return Err(Fault::refused(StatusCode::UPLOAD_FAILED, details));
    }
    let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
    for part in &parts {
        file.seek(SeekFrom::Start(part.range_start.0))?;
        file.write_all(&part.data.0)?;
    }
    file.sync_data()?;
    if created && let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    for part in &parts {
        tx.exec(
            "INSERT OR REPLACE INTO upload_part (upload, start, length) VALUES (?1, ?2, ?3)",
            (row.key, part.range_start.0 as i64, part.data.0.len() as i64),
        )?;
    }
    tx.exec(
        "UPDATE upload SET modified_at = ?2, expires_at = ?3 WHERE key = ?1",
        (row.key, tx.now, tx.now + PATIENCE),
    )?;
    Ok(())
}
