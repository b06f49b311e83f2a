//! Media files: what they are, by their first bytes.

use super::input;
use super::media_facts;
pub(crate) use super::media_facts::Facts;
use crate::fault::Fault;
use crate::host::FetchError;
use crate::tx::Tx;
use labelscope_api::messages::StatusCode;
use std::io::Read;

/// A picture that is sent or fetched may have so many pixels.
pub(crate) const MAX_PIXELS: i64 = 85_000_000;

/// How many bytes a file of this kind may have, sent or fetched.
pub(crate) fn limit(kind: i64) -> u64 {
    match kind {
        input::IMAGE => 20 << 20,
        input::TEXT => 10 << 20,
        _ => 100 << 20,
    }
}

/// The word for a kind.
pub(crate) fn word(kind: i64) -> &'static str {
    match kind {
        input::IMAGE => "image",
        input::TEXT => "text",
        input::VIDEO => "video",
        _ => "audio",
    }
}

/// A media file that is stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Media {
    pub sha256: String,
    pub content_type: String,
    pub width: i64,
    pub height: i64,
}

impl Media {
    /// The kind of input that it can be.
    pub fn kind(&self) -> i64 {
        kind_of(&self.content_type)
    }

    /// What more its header tells, as an input keeps it.
    pub fn info(&self, blobs: &crate::Blobs) -> Result<Option<String>, Fault> {
        let mut facts = match blobs.path(&self.sha256) {
            Some(path) if self.kind() != input::IMAGE => media_facts::read(&path, &self.content_type),
            _ => Facts::default(),
        };
        self.content_type.rsplit('/').next().unwrap_or_default().clone_into(&mut facts.format);
        Ok(Some(serde_json::to_string(&facts)?))
    }
}

/// The kind of input that a type of file can be.
pub(crate) fn kind_of(content_type: &str) -> i64 {
    match content_type.split('/').next() {
        Some("video") => input::VIDEO,
        Some("audio") => input::AUDIO,
        _ => input::IMAGE,
    }
}

/// A file that is no media file.
pub(crate) const STREAM: &str = "application/octet-stream";

/// The type of a file by its first bytes: what browsers show safely; anything else is a stream of bytes.
pub(crate) fn sniff(head: &[u8]) -> &'static str {
    match head {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => "image/png",
        [b'G', b'I', b'F', b'8', ..] => "image/gif",
        [b'B', b'M', ..] if head.len() > 14 => "image/bmp",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => "audio/wav",
        [b'f', b'L', b'a', b'C', ..] => "audio/flac",
        [b'O', b'g', b'g', b'S', ..] => "audio/ogg",
        // A tag before the sound, or the sound's own first frame.
        [b'I', b'D', b'3', ..] | [0xff, 0xe2 | 0xe3 | 0xf2 | 0xf3 | 0xfa | 0xfb, ..] => "audio/mpeg",
        [0x1a, 0x45, 0xdf, 0xa3, ..] if head.windows(4).any(|w| w == b"webm") => "video/webm",
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand {
            [b'M', b'4', b'A' | b'B', ..] => "audio/mp4",
            [b'q', b't', ..] => "video/quicktime",
            [b'a', b'v', b'i', b'f' | b's', ..]
            | [b'h', b'e' | b'v', b'i' | b'c', ..]
            | [b'm', b'i', b'f', b'1', ..] => STREAM,
            _ => "video/mp4",
        },
        _ => STREAM,
    }
}

/// Notes what a stored blob is. `None` where it is nothing that we know.
pub(crate) fn describe(tx: &Tx<'_>, sha256: &str, bytes: u64) -> Result<Option<Media>, Fault> {
    if let Some(known) = find(tx, sha256)? {
        return Ok(Some(known));
    }
    let Some(media) = inspect(tx.blobs(), sha256)? else { return Ok(None) };
    tx.exec(
        "INSERT OR IGNORE INTO media (sha256, bytes, content_type, width, height) VALUES (?1, ?2, ?3, ?4, ?5)",
        (sha256, bytes as i64, &media.content_type, media.width, media.height),
    )?;
    Ok(Some(media))
}

/// What a stored blob is. `None` where it is nothing that we know.
pub(crate) fn inspect(blobs: &crate::Blobs, sha256: &str) -> Result<Option<Media>, Fault> {
    let Some(path) = blobs.path(sha256) else { return Ok(None) };
    let mut head = Vec::new();
    std::fs::File::open(&path)?.take(64).read_to_end(&mut head)?;
    let content_type = sniff(&head);
    if content_type == STREAM {
        return Ok(None);
    }
    let (width, height) = if kind_of(content_type) == input::IMAGE {
        let Ok(size) = imagesize::size(&path) else { return Ok(None) };
        (size.width as i64, size.height as i64)
    } else {
        let facts = media_facts::read(&path, content_type);
        (facts.width, facts.height)
    };
    Ok(Some(Media { sha256: sha256.to_owned(), content_type: content_type.to_owned(), width, height }))
}

/// The same for pictures alone.
pub(crate) fn look(blobs: &crate::Blobs, sha256: &str) -> Result<Option<Media>, Fault> {
    Ok(inspect(blobs, sha256)?.filter(|m| m.kind() == input::IMAGE))
}

/// A media file that is there.
pub(crate) fn find(tx: &Tx<'_>, sha256: &str) -> Result<Option<Media>, Fault> {
    tx.one("SELECT content_type, width, height FROM media WHERE sha256 = ?1", [sha256], |r| {
        Ok(Media { sha256: sha256.to_owned(), content_type: r.get(0)?, width: r.get(1)?, height: r.get(2)? })
    })
}

/// What formats of a kind are taken, for people.
pub(crate) fn formats(kind: i64) -> &'static str {
    match kind {
        input::IMAGE => "JPEG, PNG, GIF, BMP or WebP picture",
        input::TEXT => "UTF-8 text",
        input::VIDEO => "MP4, QuickTime or WebM video",
        _ => "WAV, MP3, FLAC, Ogg or M4A recording",
    }
}

/// Refuses a file of another kind than it was sent as, and pictures with too many pixels. Recordings may also come as MP4.
pub(crate) fn check(media: Option<Media>, kind: i64) -> Result<Media, Fault> {
    let fits = |m: &Media| m.kind() == kind || (kind == input::AUDIO && m.content_type == "video/mp4");
    let Some(media) = media.filter(fits) else {
        let details = format!("data.{}: the file is no {}", word(kind), formats(kind));
        return Err(Fault::refused(StatusCode::INPUT_UNSUPPORTED_FORMAT, details));
    };
    if kind == input::IMAGE && media.width.saturating_mul(media.height) > MAX_PIXELS {
        let details = format!(
            "the picture is {} by {} pixels; at most {} million are taken",
            media.width,
            media.height,
            MAX_PIXELS / 1_000_000
        );
        return Err(Fault::refused(StatusCode::INPUT_OVER_LIMIT, details));
    }
    Ok(media)
}

/// The status of an input whose file did not come.
pub(crate) fn fetch_status(error: &FetchError) -> StatusCode {
    match error {
        FetchError::Address(_) => StatusCode::INPUT_INVALID_URL,
        FetchError::TooLong(_) => StatusCode::INPUT_OVER_LIMIT,
        _ => StatusCode::INPUT_FAILED,
    }
}
