//! Copies of apps. Rows are copied in ranges of keys, one range a step, with what hangs on them: so a job that was killed
//! goes on behind the last range. A copied row's key is that in the source moved by one number for the whole range, so that
//! what points at it is found without a table of pairs.

mod content;
mod models;
mod taxonomy;

use super::row::JobRow;
use super::{Halt, Work};
use crate::fault::Fault;
use crate::store::duplication::{self, DuplicationRow};
use crate::tx::{App, Tx};
use labelscope_api::extensions::JobError;
use labelscope_api::messages::StatusCode;

/// Rows of the source in one step.
const CHUNK: i64 = 500;

/// The parts of the work, in order: what points at something comes after it.
const STAGES: [Stage; 5] = [Stage::Concepts, Stage::Relations, Stage::Datasets, Stage::Inputs, Stage::Models];

#[derive(Clone, Copy)]
enum Stage {
    Concepts,
    Relations,
    Datasets,
    Inputs,
    Models,
}

impl Stage {
    fn wanted(self, row: &DuplicationRow) -> bool {
        let filter = row.filter();
        match self {
            Self::Concepts | Self::Relations => filter.copy_concepts,
            Self::Datasets | Self::Inputs => filter.copy_inputs,
            Self::Models => filter.copy_models,
        }
    }

    fn table(self) -> &'static str {
        match self {
            Self::Concepts => "concept",
            Self::Relations => "relation",
            Self::Datasets => "dataset",
            Self::Inputs => "input",
            Self::Models => "model",
        }
    }
}

/// A stretch of the living rows of a table in the source, by key: the first and the last.
#[derive(Clone, Copy)]
struct Range {
    low: i64,
    high: i64,
}

impl Range {
    /// The next one behind `after`, if there is any.
    fn next(tx: &Tx<'_>, source: i64, table: &str, after: i64) -> Result<Option<Self>, Fault> {
        let sql = format!(
            "SELECT min(key), max(key) FROM (SELECT key FROM {table} WHERE app = ?1 AND died IS NULL AND key > ?2 ORDER BY key LIMIT {CHUNK})"
        );
        let bounds = tx.one(&sql, (source, after), |r| Ok((r.get::<_, Option<i64>>(0)?, r.get::<_, Option<i64>>(1)?)))?;
        Ok(match bounds {
            Some((Some(low), Some(high))) => Some(Self { low, high }),
            _ => None,
        })
    }

    /// By how much its keys are moved: behind all rows that the table has.
    fn shift(self, tx: &Tx<'_>, table: &str) -> Result<i64, Fault> {
        Ok(tx.count(&format!("SELECT max(rev) FROM {table}"), [])? + 1 - self.low)
    }
}

/// The two apps and the step's revision, for statements: `?1` is the source, `?2` the destination, `?3` and `?4` the
/// range, `?5` the revision.
struct Pair<'a> {
    tx: &'a Tx<'a>,
    source: i64,
    into: &'a App,
}

impl Pair<'_> {
    fn copy(&self, range: Range, sql: &str) -> Result<i64, Fault> {
        let seq = self.tx.seq(self.into)?;
        Ok(self.tx.exec(sql, (self.source, self.into.key, range.low, range.high, seq))? as i64)
    }

    /// Counts with the same numbers.
    fn count(&self, range: Range, sql: &str) -> Result<i64, Fault> {
        self.tx.count(sql, (self.source, range.low, range.high))
    }
}

pub(super) fn run(work: &mut Work<'_>) -> Result<(), Halt> {
    while !work.step(step)? {}
    Ok(())
}

/// One step. True when all is copied.
fn step(tx: &Tx<'_>, app: &App, job: &mut JobRow) -> Result<bool, Halt> {
    let mut row = duplication::by_key(tx, job.cursor)?.filter(|row| !row.is_over()).ok_or(Halt::Cancelled)?;
    if row.source == 0 {
        return Err(Fault::refused(StatusCode::CONN_DOES_NOT_EXIST, "the app that was copied is deleted").into());
    }
    row.state = StatusCode::APP_DUPLICATION_IN_PROGRESS;
    while let Some(stage) = STAGES.get(row.progress.stage as usize).copied() {
        let (source, after) = (row.source, row.progress.after);
        let range = if stage.wanted(&row) { Range::next(tx, source, stage.table(), after)? } else { None };
        let Some(range) = range else {
            row.progress.stage += 1;
            row.progress.after = 0;
            continue;
        };
        let pair = Pair { tx, source, into: app };
        job.phase = row.progress.stage + 1;
        if after == 0 {
            let sql = format!("SELECT count(*) FROM {} WHERE app = ?1 AND died IS NULL", stage.table());
            (job.done, job.total) = (0, tx.count(&sql, [source])?);
        }
        job.done += match stage {
            Stage::Concepts => taxonomy::concepts(&pair, range, &mut row.progress)?,
            Stage::Relations => taxonomy::relations(&pair, range, after == 0)?,
            Stage::Datasets => content::datasets(&pair, range, after == 0, &mut row.progress)?,
            Stage::Inputs => {
                let with_annotations = row.filter().copy_annotations;
                content::inputs(&pair, range, with_annotations, &mut row.progress)?
            }
            Stage::Models => models::copy(&pair, range, &mut row.progress)?,
        };
        row.progress.after = range.high;
        row.save(tx)?;
        return Ok(false);
    }
    row.state = StatusCode::APP_DUPLICATION_SUCCESS;
    row.details = skipped(&row);
    row.save(tx)?;
    job.notes.clone_from(&row.details);
    Ok(true)
}

/// What was there already, in words.
fn skipped(row: &DuplicationRow) -> String {
    let there = row.progress.skipped;
    let kinds = [
        (there.concepts, "concepts"),
        (there.datasets, "datasets"),
        (there.inputs, "inputs"),
        (there.models, "models"),
    ];
    let told: Vec<String> =
        kinds.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if told.is_empty() {
        return String::new();
    }
    format!("there already, skipped and left as they are: {}", told.join(", "))
}

/// Ends a copy before its time. What has been copied stays.
pub(crate) fn give_up(tx: &Tx<'_>, _app: &App, job: &JobRow, error: Option<&JobError>) -> Result<(), Fault> {
    let Some(mut row) = duplication::by_key(tx, job.cursor)?.filter(|row| !row.is_over()) else { return Ok(()) };
    let why = error.map_or("it was cancelled", |error| error.message.as_str());
    row.state = StatusCode::APP_DUPLICATION_FAILED;
    row.details = format!("{why}; what had been copied stays");
    row.save(tx)
}
