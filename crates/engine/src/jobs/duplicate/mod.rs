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
use labelscope_api::messages::{AppDuplicationFilters, StatusCode};
use rusqlite::{Row, Statement};

/// Rows of the source in one step. Inputs bring all that is said of them.
const CHUNK: i64 = 250;

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
    fn wanted(self, filter: &AppDuplicationFilters) -> bool {
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

/// One step: from where to where, and the numbers that its statements name.
struct Step<'a> {
    tx: &'a Tx<'a>,
    /// `?1`.
    source: i64,
    /// Its key is `?2`.
    into: &'a App,
    /// The first and the last key of a stretch of living rows in the source: `?3` and `?4`.
    range: (i64, i64),
    /// The step's revision: `?5`.
    seq: i64,
    /// By how much the keys of the range are moved: behind all rows that the table has. `?6`.
    by: i64,
    /// The sequence number as of which inputs are copied: `?7`.
    at: i64,
    /// By how much keys of annotations are moved: `?8`.
    said_by: i64,
}

impl Step<'_> {
    fn bind(&self, statement: &mut Statement<'_>) -> Result<(), Fault> {
        let (low, high) = self.range;
        let values = [self.source, self.into.key, low, high, self.seq, self.by, self.at, self.said_by];
        for (index, value) in values.iter().enumerate().take(statement.parameter_count()) {
            statement.raw_bind_parameter(index + 1, value)?;
        }
        Ok(())
    }

    /// Runs a statement, and gives how many rows it wrote.
    fn write(&self, sql: &str) -> Result<i64, Fault> {
        let mut statement = self.tx.conn.prepare_cached(sql)?;
        self.bind(&mut statement)?;
        Ok(statement.raw_execute()? as i64)
    }

    fn read<T>(&self, sql: &str, f: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>, Fault> {
        let mut statement = self.tx.conn.prepare_cached(sql)?;
        self.bind(&mut statement)?;
        let rows = statement.raw_query().mapped(f);
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    fn number(&self, sql: &str) -> Result<i64, Fault> {
        Ok(self.read(sql, |r| r.get::<_, Option<i64>>(0))?.into_iter().flatten().next().unwrap_or(0))
    }

    /// The rows of the range that are looked at.
    fn seen(&self, table: &str) -> Result<i64, Fault> {
        self.number(&format!("SELECT count(*) FROM {table} WHERE app = ?1 AND died IS NULL AND key BETWEEN ?3 AND ?4"))
    }
}

/// The next stretch of keys behind `after` up to `until`, if there is any.
fn next(tx: &Tx<'_>, source: i64, table: &str, (after, until): (i64, i64)) -> Result<Option<(i64, i64)>, Fault> {
    let sql = format!(
        "SELECT min(key), max(key) FROM (SELECT key FROM {table} WHERE app = ?1 AND died IS NULL AND key > ?2 AND key <= ?3 ORDER BY key LIMIT ?4)"
    );
    let bounds = tx
        .one(&sql, (source, after, until, CHUNK), |r| Ok((r.get::<_, Option<i64>>(0)?, r.get::<_, Option<i64>>(1)?)))?;
    Ok(bounds.and_then(|(low, high)| Some((low?, high?))))
}

/// The number that moves a key behind all rows of a table.
fn behind(tx: &Tx<'_>, table: &str, lowest: i64) -> Result<i64, Fault> {
    Ok(tx.count(&format!("SELECT max(rev) FROM {table}"), [])? + 1 - lowest)
}

pub(super) fn run(work: &mut Work<'_>) -> Result<(), Halt> {
    while !work.step(advance)? {}
    Ok(())
}

/// One step. True when all is copied.
fn advance(tx: &Tx<'_>, app: &App, job: &mut JobRow) -> Result<bool, Halt> {
    let mut row = duplication::by_key(tx, job.cursor)?.ok_or(Halt::Cancelled)?;
    // Ended before the process was: the job's own end was not noted any more.
    if row.is_over() {
        return if row.state == StatusCode::APP_DUPLICATION_SUCCESS { Ok(true) } else { Err(Halt::Cancelled) };
    }
    if row.source == 0 {
        return Err(Fault::refused(StatusCode::CONN_DOES_NOT_EXIST, "the app that was copied is deleted").into());
    }
    let (seq, filter) = (tx.seq(app)?, row.filter());
    let mut step =
        Step { tx, source: row.source, into: app, range: (0, 0), seq, by: 0, at: row.progress.seq, said_by: 0 };
    if row.state == StatusCode::APP_DUPLICATION_PENDING {
        row.state = StatusCode::APP_DUPLICATION_IN_PROGRESS;
        if filter.copy_concepts {
            taxonomy::graphs(&step)?;
        }
        if filter.copy_inputs {
            content::searches(&step)?;
        }
    }
    while let Some(stage) = STAGES.get(row.progress.stage as usize).copied() {
        let (table, wanted) = (stage.table(), stage.wanted(&filter));
        if wanted && row.progress.after == 0 {
            let sql = format!("SELECT count(*), max(key) FROM {table} WHERE app = ?1 AND died IS NULL");
            let all = tx.one(&sql, [row.source], |r| Ok((r.get(0)?, r.get::<_, Option<i64>>(1)?)))?.unwrap_or_default();
            (job.done, job.total, row.progress.until) = (0, all.0, all.1.unwrap_or_default());
        }
        let stretch = (row.progress.after, row.progress.until);
        let range = if wanted { next(tx, row.source, table, stretch)? } else { None };
        let Some(range) = range else {
            row.progress.stage += 1;
            row.progress.after = 0;
            continue;
        };
        (step.range, step.by) = (range, behind(tx, table, range.0)?);
        job.phase = row.progress.stage + 1;
        job.done += match stage {
            Stage::Concepts => taxonomy::concepts(&step, &mut row.progress)?,
            Stage::Relations => taxonomy::relations(&step)?,
            Stage::Datasets => content::datasets(&step, &mut row.progress)?,
            Stage::Inputs => content::inputs(&mut step, filter.copy_annotations, &mut row.progress)?,
            Stage::Models => models::copy(&step, &mut row.progress)?,
        };
        row.progress.after = range.1;
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
