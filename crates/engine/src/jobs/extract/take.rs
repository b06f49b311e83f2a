//! Files become inputs: what each is, its first bytes say; a batch of them is one step.

use super::running;
use crate::fault::Fault;
use crate::jobs::{Halt, Work};
use crate::ops::inputs_post;
use crate::store::extraction::ExtractionRow;
use crate::store::{add_job, input, media};
use crate::tx::{App, Tx};
use crate::{Draft, Sealed};
use labelscope_api::messages::{Audio, HostedUrl, Image, Input, InputIdConflictResolution, StatusCode, Text, Video};
use labelscope_formats::archive::{HEAD, kind_of};
use std::io::{self, Read, Write};

/// A step takes in at most so many files,
const BATCH: usize = 32;
/// and no more once they have so many bytes.
const BATCH_BYTES: u64 = 64 << 20;

/// A file that was read.
struct Found {
    id: String,
    name: String,
    content: Result<Content, String>,
}

/// What a file holds.
enum Content {
    Media(Sealed, i64),
    Text(String),
}

/// Takes in files, and notes how far the job has come.
pub(super) struct Taker<'w, 'e> {
    pub work: &'w mut Work<'e>,
    pub row: ExtractionRow,
    template: Input,
    found: Vec<Found>,
    bytes: u64,
}

impl<'w, 'e> Taker<'w, 'e> {
    pub fn new(work: &'w mut Work<'e>, row: ExtractionRow) -> Self {
        let template = row.template().unwrap_or_default();
        Self { work, row, template, found: Vec::new(), bytes: 0 }
    }

    /// Takes in a member of an archive; `row.member` counts it.
    pub fn member(&mut self, id: String, name: &str, bytes: u64, content: &mut dyn Read) -> Result<(), Halt> {
        let mut head = Vec::with_capacity(HEAD);
        (&mut *content).take(HEAD as u64).read_to_end(&mut head)?;
        let kind = kind(&head);
        let content = match kind.and_then(|kind| fits(kind, bytes)) {
            Err(reason) => Err(reason),
            Ok(kind) => {
                let mut all = head.as_slice().chain(content);
                if kind == input::TEXT {
                    read_text(&mut all)?
                } else {
                    let mut draft = self.work.engine.blobs().begin()?;
                    copy(&mut all, draft.writer()?, self.work)?;
                    Ok(Content::Media(draft.seal()?, kind))
                }
            }
        };
        self.push(id, name, bytes, content)?;
        self.row.member += 1;
        self.flush_if_full()
    }

    /// Takes in a file of a data source, which has been read; `head` is its first bytes.
    pub fn object(&mut self, id: String, name: &str, draft: Draft, head: &[u8], bytes: u64) -> Result<(), Halt> {
        let content = match kind(head).and_then(|kind| fits(kind, bytes)) {
            Err(reason) => Err(reason),
            Ok(input::TEXT) => {
                let mut draft = draft;
                read_text(&mut draft.reopen()?)?
            }
            Ok(kind) => Ok(Content::Media(draft.seal()?, kind)),
        };
        self.push(id, name, bytes, content)
    }

    /// Notes a file that could not be read.
    pub fn missing(&mut self, name: &str, reason: String) -> Result<(), Halt> {
        self.push(String::new(), name, 0, Err(reason))
    }

    fn push(&mut self, id: String, name: &str, bytes: u64, content: Result<Content, String>) -> Result<(), Halt> {
        self.bytes += if content.is_ok() { bytes } else { 0 };
        self.found.push(Found { id, name: name.to_owned(), content });
        self.work.check()
    }

    /// Takes in what was read, once it is enough for a step.
    pub fn flush_if_full(&mut self) -> Result<(), Halt> {
        if self.found.len() >= BATCH || self.bytes >= BATCH_BYTES { self.flush() } else { Ok(()) }
    }

    /// One step: the files that were read become inputs, and the job's place is noted.
    pub fn flush(&mut self) -> Result<(), Halt> {
        self.bytes = 0;
        let found = std::mem::take(&mut self.found);
        let template = &self.template;
        self.row = note(self.work, &self.row, |tx, app, row| {
            let count = found.len() as i64;
            for one in found {
                add(tx, app, row, template, one)?;
            }
            row.set_pending(tx, row.pending - count)
        })?;
        Ok(())
    }

    /// A step on the job's row alone.
    pub fn note(&mut self, f: impl FnOnce(&Tx<'_>, &mut ExtractionRow) -> Result<(), Fault>) -> Result<(), Halt> {
        self.row = note(self.work, &self.row, |tx, _, row| f(tx, row))?;
        Ok(())
    }
}

/// Runs a step on a copy of the row, which counts once the step is committed.
fn note(
    work: &mut Work<'_>,
    row: &ExtractionRow,
    f: impl FnOnce(&Tx<'_>, &App, &mut ExtractionRow) -> Result<(), Fault>,
) -> Result<ExtractionRow, Halt> {
    let mut row = row.clone();
    work.step(|tx, app, job| {
        running(tx, &row)?;
        f(tx, app, &mut row)?;
        row.save(tx)?;
        job.phase = 2;
        job.done = row.added() as i64 + row.left_out;
        job.total = job.done + row.pending;
        Ok(())
    })?;
    Ok(row)
}

/// The kind of input that a file can be, by its first bytes.
fn kind(head: &[u8]) -> Result<i64, String> {
    if head.is_empty() {
        return Err("the file is empty".to_owned());
    }
    if kind_of(head).is_some() {
        return Err("an archive within an archive is not opened".to_owned());
    }
    match media::sniff(head) {
        // Whether it really is a text shows when all of it has been read.
        media::STREAM => Ok(input::TEXT),
        content_type => Ok(media::kind_of(content_type)),
    }
}

/// Refuses what is longer than an input of its kind may be.
fn fits(kind: i64, bytes: u64) -> Result<i64, String> {
    let limit = media::limit(kind);
    if bytes <= limit { Ok(kind) } else { Err(format!("the file is longer than {} MB", limit >> 20)) }
}

fn read_text(content: &mut dyn Read) -> Result<Result<Content, String>, Halt> {
    let mut bytes = Vec::new();
    content.take(media::limit(input::TEXT) + 1).read_to_end(&mut bytes)?;
    let plain = |text: &String| !text.chars().any(|c| c.is_control() && !"\t\n\r\u{c}".contains(c));
    Ok(match String::from_utf8(bytes).ok().filter(plain) {
        Some(text) if !text.trim().is_empty() => Ok(Content::Text(text)),
        Some(_) => Err("the file is empty".to_owned()),
        None => Err("the file is no picture, video, recording or UTF-8 text that is taken here".to_owned()),
    })
}

/// Copies all, and looks now and then whether the job is to stop.
pub(super) fn copy(from: &mut dyn Read, to: &mut dyn Write, work: &Work<'_>) -> Result<(), Halt> {
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = match from.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error.into()),
        };
        to.write_all(buffer.get(..n).unwrap_or_default())?;
        work.check()?;
    }
}

/// Makes an input of a file, or notes why it becomes none.
fn add(tx: &Tx<'_>, app: &App, row: &mut ExtractionRow, template: &Input, found: Found) -> Result<(), Fault> {
    let Found { mut id, name, content } = found;
    let made = match content {
        Err(reason) => Err(reason),
        Ok(content) => {
            if row.conflict == InputIdConflictResolution::SUFFIX.0 {
                id = inputs_post::free_id(tx, app, id)?;
            }
            let mut sha256 = None;
            let made = tx.attempt(|| {
                let mut input = Input { id, ..template.clone() };
                let kind = fill(tx, &mut input, content, &mut sha256)?;
                inputs_post::add(tx, app, Some(row.add_job), input, Some(&name))?;
                Ok(kind)
            })?;
            // Its file has come, and nobody speaks of it.
            if let (Err(_), Some(sha256)) = (&made, &sha256) {
                tx.doom(sha256)?;
            }
            made.map_err(|fault| fault.to_string())
        }
    };
    match made {
        Ok(kind) => {
            let p = &mut row.progress;
            let count = match kind {
                input::IMAGE => &mut p.image_inputs_count,
                input::VIDEO => &mut p.video_inputs_count,
                input::AUDIO => &mut p.audio_inputs_count,
                _ => &mut p.text_inputs_count,
            };
            count.0 += 1;
            add_job::add(tx, row.add_job, StatusCode::INPUT_SUCCESS)
        }
        Err(reason) => {
            row.leave_out(&name, reason);
            add_job::add(tx, row.add_job, StatusCode::INPUT_FAILED)
        }
    }
}

/// Puts the content into the message, as if it had been sent. Gives its kind.
fn fill(tx: &Tx<'_>, input: &mut Input, content: Content, sha256: &mut Option<String>) -> Result<i64, Fault> {
    let data = input.data.get_or_insert_default();
    let (sealed, kind) = match content {
        Content::Text(raw) => {
            data.text = Some(Text { raw, ..Text::default() });
            return Ok(input::TEXT);
        }
        Content::Media(sealed, kind) => (sealed, kind),
    };
    let stored = sealed.keep()?;
    *sha256 = Some(stored.sha256.clone());
    media::check(media::describe(tx, &stored.sha256, stored.bytes)?, kind)?;
    let hosted = Some(HostedUrl { suffix: stored.sha256, ..HostedUrl::default() });
    match kind {
        input::IMAGE => data.image = Some(Image { hosted, ..Image::default() }),
        input::VIDEO => data.video = Some(Video { hosted, ..Video::default() }),
        _ => data.audio = Some(Audio { hosted, ..Audio::default() }),
    }
    Ok(kind)
}
