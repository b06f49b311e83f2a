//! The files of an archive.

use super::names::{Names, prefixed};
use super::take::{Taker, copy};
use super::{Halt, failed};
use labelscope_api::messages::StatusCode;
use labelscope_formats::archive::{self, Limits, Walk};
use std::fs::File;
use std::io;
use std::ops::ControlFlow;

/// What an archive may hold whose files become inputs. A flat picture packs a thousandfold; but what is longer than any input
/// may be is no picture.
const LIMITS: Limits =
    Limits { entries: 2_000_000, entry_bytes: 4 << 30, total_bytes: 256 << 30, ratio: 100, ratio_from: 100 << 20 };

/// Looks through an archive, and takes in its files from the first on that has not been taken yet. Of one that is refused
/// nothing is taken. `prefix` comes before every id.
pub(super) fn run(taker: &mut Taker<'_, '_>, file: File, prefix: &str) -> Result<Result<(), archive::Error>, Halt> {
    let mut walk = match Walk::open(file, LIMITS) {
        Ok(walk) => walk,
        Err(error) => return refused(error),
    };
    let mut names = Names::default();
    let mut seen = 0;
    let checked = walk.members(0, &mut |member| {
        names.note(member.name);
        seen += 1;
        match look(taker, seen, member.content) {
            Ok(()) => ControlFlow::Continue(()),
            Err(halt) => ControlFlow::Break(halt),
        }
    });
    let sum = match checked {
        Ok(ControlFlow::Continue(sum)) => sum,
        Ok(ControlFlow::Break(halt)) => return Err(halt),
        Err(error) => return refused(error),
    };
    // What the archive itself was counted as is replaced by what is in it.
    let open = taker.row.upload.is_none() && taker.row.pending > 0;
    taker.note(|tx, row| {
        let left = sum.members as i64 - row.member;
        row.set_pending(tx, if open { row.pending - 1 + left } else { left })
    })?;
    let from = taker.row.member.unsigned_abs();
    let walked = walk.members(from, &mut |member| {
        let id = prefixed(prefix, names.id(member.name));
        match taker.member(id, member.name, member.bytes, member.content) {
            Ok(()) => ControlFlow::Continue(()),
            Err(halt) => ControlFlow::Break(halt),
        }
    });
    match walked {
        Ok(ControlFlow::Continue(_)) => taker.flush().map(Ok),
        Ok(ControlFlow::Break(halt)) => Err(halt),
        Err(error) => refused(error),
    }
}

/// Reads a member to its end, without keeping anything of it.
fn look(taker: &mut Taker<'_, '_>, seen: u64, content: &mut dyn io::Read) -> Result<(), Halt> {
    taker.work.progress(1, seen, 0)?;
    copy(content, &mut io::sink(), taker.work)
}

/// Tells the archive's fault from that of our own disk.
fn refused(error: archive::Error) -> Result<Result<(), archive::Error>, Halt> {
    if error.is_io() { Err(io::Error::other(error.to_string()).into()) } else { Ok(Err(error)) }
}

/// The end of a job whose archive was refused.
pub(super) fn refusal(error: &archive::Error) -> Halt {
    failed(
        StatusCode::ARCHIVE_EXTRACT_FAILED,
        error.entry().unwrap_or_default(),
        error.to_string(),
        "Pack the files again, and send the archive once more. Nothing of it was added.",
    )
}
