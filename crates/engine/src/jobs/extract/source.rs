//! The files of a data source.

use super::names::{Names, stem};
use super::take::Taker;
use super::{Halt, failed, unpack};
use crate::host::{FetchError, Object, Source};
use crate::secrets::Opening;
use crate::store::{add_job, input, media};
use labelscope_api::messages::StatusCode;
use labelscope_formats::archive::{HEAD, clean_name, is_hidden, kind_of};
use std::io::Read;
use std::sync::atomic::Ordering;

/// So many objects are listed at a time.
const PAGE: usize = 500;
/// An archive in a data source may be so long.
const MAX_ARCHIVE: u64 = 64 << 30;

const ADVICE: &str = "Look at the address and what opens it, then post the data source again. Inputs that are there already are skipped, unless SUFFIX is asked for.";

/// What a source holds.
#[derive(Default)]
struct Content {
    names: Names,
    /// Objects that are still to be read.
    left: i64,
    objects: u64,
    archives: u64,
}

pub(super) fn run(taker: &mut Taker<'_, '_>) -> Result<(), Halt> {
    let opening = opening(taker)?;
    let source = open(taker, &opening)?;
    let content = survey(taker, &opening, source.as_ref())?;
    if content.objects == 0 {
        let message = format!("nothing lies at {}", taker.row.url);
        return Err(failed(StatusCode::LIST_OBJECTS_FAILED, "", message, ADVICE));
    }
    taker.note(|tx, row| row.set_pending(tx, content.left))?;
    loop {
        let page = page(taker, &opening, source.as_ref())?;
        if page.is_empty() {
            break;
        }
        for object in page {
            one(taker, &opening, source.as_ref(), &content, &object)?;
            taker.flush_if_full()?;
        }
        taker.flush()?;
    }
    // Where all that came was refused archives, the job has failed as one of them would have.
    match taker.row.reasons.first() {
        Some((name, reason)) if taker.row.added() == 0 && taker.row.progress.failed_archives_count.0 > 0 => {
            let advice = "Pack the files again, and post the data source once more.";
            Err(failed(StatusCode::ARCHIVE_EXTRACT_FAILED, name, format!("{name}: {reason}"), advice))
        }
        _ => Ok(()),
    }
}

/// What the source is opened with; where that was secret, it is in memory or lost.
fn opening(taker: &Taker<'_, '_>) -> Result<Opening, Halt> {
    if !taker.row.secret {
        return Ok(Opening { url: taker.row.url.clone(), credentials: None });
    }
    taker.work.engine.shared.secrets.opening(&taker.row.id).ok_or_else(|| {
        failed(
            StatusCode::LIST_OBJECTS_FAILED,
            "",
            "the server was started again, and what opens this data source is not stored; post the data source again",
            "Post the data source again. Inputs that are there already are skipped, unless SUFFIX is asked for.",
        )
    })
}

fn open(taker: &Taker<'_, '_>, opening: &Opening) -> Result<Box<dyn Source>, Halt> {
    let Some(sources) = taker.work.engine.shared.host.sources.clone() else {
        let message = "this server was started without data sources";
        return Err(failed(StatusCode::LIST_OBJECTS_FAILED, "", message, ADVICE));
    };
    sources.open(&opening.url, opening.credentials.as_ref()).map_err(|error| unlisted(taker, opening, error))
}

/// Why a source cannot be opened or listed.
fn unlisted(taker: &Taker<'_, '_>, opening: &Opening, error: FetchError) -> Halt {
    match error {
        FetchError::Stopped => taker.work.check().err().unwrap_or(Halt::Stop),
        FetchError::Io(error) => error.into(),
        error => {
            let message = format!("{} cannot be listed: {}", taker.row.url, opening.hide(&error.to_string()));
            failed(StatusCode::LIST_OBJECTS_FAILED, "", message, ADVICE)
        }
    }
}

/// Lists objects after a key, as long as the job is not to stop and `each` wants more. Folders are none.
fn list(
    taker: &Taker<'_, '_>,
    opening: &Opening,
    source: &dyn Source,
    after: &str,
    each: &mut dyn FnMut(Object) -> bool,
) -> Result<(), Halt> {
    let mut halted = Ok(());
    let listed = source.list(after, &mut |object| {
        halted = taker.work.check();
        halted.is_ok() && (is_passed_over(&taker.row.url, &object.key) || each(object))
    });
    halted?;
    listed.map_err(|error| unlisted(taker, opening, error))
}

/// Folders, and what systems leave behind; where the address itself goes through a hidden folder, what is in it is wanted.
fn is_passed_over(url: &str, key: &str) -> bool {
    let base = key.rsplit('/').next().unwrap_or(key);
    base.is_empty() || is_hidden(if url.contains("/.") { base } else { key })
}

/// Goes through all names once: ids depend on them, and people want to know how much there is.
fn survey(taker: &Taker<'_, '_>, opening: &Opening, source: &dyn Source) -> Result<Content, Halt> {
    let mut content = Content::default();
    list(taker, opening, source, "", &mut |object| {
        content.names.note(&object.key);
        content.objects += 1;
        content.archives += u64::from(is_named_archive(&object.key));
        content.left += i64::from(object.key > taker.row.cursor);
        true
    })?;
    Ok(content)
}

fn page(taker: &Taker<'_, '_>, opening: &Opening, source: &dyn Source) -> Result<Vec<Object>, Halt> {
    let mut page = Vec::new();
    list(taker, opening, source, &taker.row.cursor, &mut |object| {
        page.push(object);
        page.len() < PAGE
    })?;
    Ok(page)
}

fn is_named_archive(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    [".zip", ".tar", ".tgz", ".tar.gz"].iter().any(|ending| key.ends_with(ending))
}

/// Reads one object and takes it in, or what is in it.
fn one(
    taker: &mut Taker<'_, '_>,
    opening: &Opening,
    source: &dyn Source,
    content: &Content,
    object: &Object,
) -> Result<(), Halt> {
    let key = &object.key;
    // Whether it is an archive shows when it has been read; how much to read, its name must say.
    let limit = if is_named_archive(key) { MAX_ARCHIVE } else { media::limit(input::VIDEO) };
    let into = taker.work.engine.blobs().begin()?;
    let (stop, shared, job) = (taker.work.stop, &taker.work.engine.shared, &taker.work.job.id);
    let ends = || stop.load(Ordering::Relaxed) || shared.is_cancelled(job);
    let read =
        if object.bytes > limit { Err(FetchError::TooLong(limit)) } else { source.read(key, limit, into, &ends) };
    taker.work.check()?;
    let mut draft = match read {
        Ok(draft) => draft,
        Err(FetchError::Stopped) => return Err(Halt::Stop),
        Err(FetchError::Io(error)) => return Err(error.into()),
        Err(error) => {
            taker.missing(key, opening.hide(&error.to_string()))?;
            taker.row.cursor.clone_from(key);
            return Ok(());
        }
    };
    let file = draft.reopen()?;
    let (mut head, bytes) = (Vec::with_capacity(HEAD), file.metadata()?.len());
    (&file).take(HEAD as u64).read_to_end(&mut head)?;
    if kind_of(&head).is_none() {
        let name = clean_name(key).unwrap_or_else(|| key.clone());
        taker.object(content.names.id(key), &name, draft, &head, bytes)?;
        taker.row.cursor.clone_from(key);
        return Ok(());
    }
    // What came before it is taken in first, so that the place within it can be noted.
    taker.flush()?;
    taker.note(|_, row| {
        row.progress.in_progress_archives_count.0 = 1;
        Ok(())
    })?;
    // Files of several archives may have the same names.
    let prefix = if content.archives > 1 { stem(key) } else { String::new() };
    let unpacked = unpack::run(taker, file, &prefix)?;
    taker.note(|tx, row| {
        row.progress.in_progress_archives_count.0 = 0;
        match &unpacked {
            Ok(()) => row.progress.completed_archives_count.0 += 1,
            Err(error) => {
                row.progress.failed_archives_count.0 += 1;
                row.leave_out(key, error.to_string());
                row.set_pending(tx, row.pending - 1)?;
                add_job::add(tx, row.add_job, StatusCode::INPUT_FAILED)?;
            }
        }
        row.member = 0;
        row.cursor.clone_from(key);
        Ok(())
    })
}
