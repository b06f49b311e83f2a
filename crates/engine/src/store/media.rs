//! Media files: what they are, by their first bytes.

use crate::fault::Fault;
use crate::tx::Tx;
use std::io::Read;

/// A media file that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Media {
    pub sha256: String,
    pub width: i64,
    pub height: i64,
}

/// The type of a file by its first bytes: pictures that browsers show safely; anything else is a stream of bytes.
pub(crate) fn sniff(head: &[u8]) -> &'static str {
    match head {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => "image/png",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'B', b'M', ..] if head.len() > 14 => "image/bmp",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        _ => "application/octet-stream",
    }
}

/// Stores a picture's bytes. `None` where they are no picture that we know.
pub(crate) fn store(tx: &Tx<'_>, reader: &mut dyn Read) -> Result<Option<Media>, Fault> {
    let stored = tx.blobs().put(reader)?;
    describe(tx, &stored.sha256, stored.bytes)
}

/// Notes what a stored blob is. `None` where it is no picture that we know.
pub(crate) fn describe(tx: &Tx<'_>, sha256: &str, bytes: u64) -> Result<Option<Media>, Fault> {
    if let Some(known) = find(tx, sha256)? {
        return Ok(Some(known));
    }
    let Some((content_type, width, height)) = look(tx.blobs(), sha256)? else { return Ok(None) };
    tx.exec(
        "INSERT OR IGNORE INTO media (sha256, bytes, content_type, width, height) VALUES (?1, ?2, ?3, ?4, ?5)",
        (sha256, bytes as i64, content_type, width, height),
    )?;
    Ok(Some(Media { sha256: sha256.to_owned(), width, height }))
}

/// Type, width and height of a stored picture.
pub(crate) fn look(blobs: &crate::Blobs, sha256: &str) -> Result<Option<(&'static str, i64, i64)>, Fault> {
    let Some(path) = blobs.path(sha256) else { return Ok(None) };
    let mut head = [0; 32];
    let n = std::fs::File::open(&path)?.read(&mut head)?;
    let content_type = sniff(head.get(..n).unwrap_or_default());
    if content_type == "application/octet-stream" {
        return Ok(None);
    }
    let Ok(size) = imagesize::size(&path) else { return Ok(None) };
    Ok(Some((content_type, size.width as i64, size.height as i64)))
}

/// A media file that is there.
pub(crate) fn find(tx: &Tx<'_>, sha256: &str) -> Result<Option<Media>, Fault> {
    tx.one("SELECT width, height FROM media WHERE sha256 = ?1", [sha256], |r| {
        Ok(Media { sha256: sha256.to_owned(), width: r.get(0)?, height: r.get(1)? })
    })
}
