//! Changes to many inputs. What is still to be done stands in a table, and a row goes in the step that does it: so a job
//! that was killed goes on where it was.

use super::row::JobRow;
use super::{Halt, Work};
use crate::fault::Fault;
use crate::ops::inputs_patch::{change_row, change_whole};
use crate::store::annotation;
use crate::store::bulk;
use crate::store::input::{self, InputRow};
use crate::store::patch::Action;
use crate::store::{dataset, short_hash};
use crate::tx::{App, Tx};
use labelscope_api::extensions::JobError;
use labelscope_api::messages::{BulkOperationKind, Concept, Data, Geo, SplitIntoDatasets, StatusCode};

/// Inputs or annotations in one step.
const CHUNK: i64 = 500;

/// What a job has to remember beside its row.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Spec {
    /// On whose behalf it works.
    pub created_by: String,
    /// How many inputs or annotations there are.
    pub total: u64,
    /// Of a split: how many inputs each dataset is still to get.
    pub left: Vec<u64>,
}

/// How many of so many inputs each dataset gets: its percentage, and where that is no whole number, those with the largest
/// fractions get one more.
pub(crate) fn shares(total: u64, split: &SplitIntoDatasets) -> Vec<u64> {
    let wanted: Vec<u64> = split.dataset_splits.iter().map(|s| total * u64::from(s.percentage)).collect();
    let mut out: Vec<u64> = wanted.iter().map(|w| w / 100).collect();
    let missing = total.saturating_sub(out.iter().sum());
    let mut by_rest: Vec<usize> = (0..wanted.len()).collect();
    by_rest.sort_by_key(|at| std::cmp::Reverse(wanted.get(*at).map_or(0, |w| w % 100)));
    for at in by_rest.into_iter().take(usize::try_from(missing).unwrap_or(usize::MAX)) {
        if let Some(share) = out.get_mut(at) {
            *share += 1;
        }
    }
    out
}

/// Which dataset an input falls to. The chances are those of drawing from what is left, so that each way of sharing out is
/// as likely as any other and the sizes come out exactly; what is drawn hangs on the operation and the input alone.
fn draw(operation: &str, input: i64, left: &mut [u64]) -> Option<usize> {
    let all: u64 = left.iter().sum();
    let mut at = short_hash(&[operation.as_bytes(), &input.to_le_bytes()]).cast_unsigned().checked_rem(all)?;
    for (index, share) in left.iter_mut().enumerate() {
        if at < *share {
            *share -= 1;
            return Some(index);
        }
        at -= *share;
    }
    None
}

/// What is done to each input.
enum Change {
    /// As a PATCH of the input would.
    Patch(Action, Box<Data>),
    /// Labels of these users go.
    Unlabel {
        concepts: Vec<Concept>,
        users: Vec<String>,
    },
    Join(i64),
    Leave(i64),
    Split(Vec<i64>),
    Forget,
}

impl Change {
    fn of(tx: &Tx<'_>, app: &App, kind: BulkOperationKind) -> Result<Self, Fault> {
        let key = |id: &str| dataset::need(tx, app, id).map(|row| row.key);
        let patch = |action, data| Self::Patch(action, Box::new(data));
        if let Some(sent) = kind.add_concepts {
            return Ok(patch(Action::Merge, Data { concepts: sent.concepts, ..Data::default() }));
        }
        if let Some(sent) = kind.delete_concepts {
            let mut users: Vec<String> = sent.user_ids.iter().map(|user| tx.user(user).to_owned()).collect();
            if users.is_empty() {
                users.push(tx.caller.user_id.clone());
            }
            return Ok(Self::Unlabel { concepts: sent.concepts, users });
        }
        if let Some(sent) = kind.add_metadata {
            return Ok(patch(Action::Merge, Data { metadata: sent.metadata, ..Data::default() }));
        }
        if let Some(sent) = kind.delete_metadata {
            return Ok(patch(Action::Remove, Data { metadata: sent.metadata, ..Data::default() }));
        }
        if let Some(sent) = kind.overwrite_geo {
            return Ok(patch(Action::Overwrite, Data { geo: sent.geo, ..Data::default() }));
        }
        if kind.delete_geo.is_some() {
            return Ok(patch(Action::Remove, Data { geo: Some(Geo::default()), ..Data::default() }));
        }
        if let Some(sent) = kind.add_to_dataset {
            return Ok(Self::Join(key(&sent.dataset_id)?));
        }
        if let Some(sent) = kind.delete_from_dataset {
            return Ok(Self::Leave(key(&sent.dataset_id)?));
        }
        if let Some(sent) = kind.split_into_datasets {
            let ids = sent.dataset_splits.into_iter().filter_map(|share| share.dataset);
            return Ok(Self::Split(ids.map(|d| key(&d.id)).collect::<Result<_, _>>()?));
        }
        Ok(Self::Forget)
    }

    fn apply(&self, tx: &Tx<'_>, app: &App, input: InputRow, of: &str, left: &mut [u64]) -> Result<(), Fault> {
        match self {
            Self::Patch(action, data) => {
                let (mut row, mut data) = (input, (**data).clone());
                if change_row(*action, &mut row, &mut data)? {
                    input::insert(tx, app, &row)?;
                }
                change_whole(tx, app, *action, (row.key, &tx.caller.user_id), data)
            }
            Self::Unlabel { concepts, users } => users.iter().try_for_each(|user| {
                let data = Data { concepts: concepts.clone(), ..Data::default() };
                change_whole(tx, app, Action::Remove, (input.key, user), data)
            }),
            Self::Join(dataset) => dataset::join(tx, app, *dataset, input.key).map(drop),
            Self::Leave(dataset) => dataset::leave(tx, app, *dataset, input.key).map(drop),
            Self::Split(datasets) => {
                let drawn = draw(of, input.key, left);
                for (index, dataset) in datasets.iter().enumerate() {
                    if drawn == Some(index) {
                        dataset::join(tx, app, *dataset, input.key)?;
                    } else {
                        dataset::leave(tx, app, *dataset, input.key)?;
                    }
                }
                Ok(())
            }
            Self::Forget => {
                let seq = tx.seq(app)?;
                tx.exec("UPDATE annotation SET died = ?2 WHERE input = ?1 AND died IS NULL", (input.key, seq))?;
                Ok(())
            }
        }
    }
}

pub(super) fn run(work: &mut Work<'_>) -> Result<(), Halt> {
    work.caller.user_id = serde_json::from_str::<Spec>(&work.job.spec)?.created_by;
    while !work.step(chunk)? {}
    Ok(())
}

/// One step. True when all is done.
fn chunk(tx: &Tx<'_>, app: &App, job: &mut JobRow) -> Result<bool, Halt> {
    let mut row = bulk::by_key(tx, job.cursor)?.ok_or(Halt::Cancelled)?;
    // Ended before the process was: the job's own end was not noted any more.
    if row.is_over() {
        return if row.state == StatusCode::BULK_OPERATION_SUCCESS { Ok(true) } else { Err(Halt::Cancelled) };
    }
    let targets: Vec<(i64, i64)> = tx.all(
        "SELECT input, annotation FROM bulk_target WHERE operation = ?1 ORDER BY input, annotation LIMIT ?2",
        (row.key, CHUNK),
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    let mut spec: Spec = serde_json::from_str(&job.spec)?;
    (job.phase, job.total) = (1, i64::try_from(spec.total).unwrap_or(i64::MAX));
    row.state = StatusCode::BULK_OPERATION_IN_PROGRESS;
    let Some(last) = targets.last() else {
        row.state = StatusCode::BULK_OPERATION_SUCCESS;
        row.save(tx)?;
        return Ok(true);
    };
    let change = Change::of(tx, app, row.body.operation.clone().unwrap_or_default())?;
    let living = format!("SELECT {} FROM input i WHERE i.key = ?1 AND i.died IS NULL", input::COLUMNS);
    for (key, said) in &targets {
        // What is gone meanwhile needs no change.
        if *said != 0 {
            if let Some(id) = forget_one(tx, app, *key, *said)? {
                row.last_id = id;
            }
        } else if let Some(found) = tx.one(&living, [key], input::row)? {
            row.last_id.clone_from(&found.id);
            change.apply(tx, app, found, &row.id, &mut spec.left)?;
        }
    }
    tx.exec(
        "DELETE FROM bulk_target WHERE operation = ?1 AND (input, annotation) <= (?2, ?3)",
        (row.key, last.0, last.1),
    )?;
    job.done += targets.len() as i64;
    job.spec = serde_json::to_string(&spec)?;
    row.processed = u32::try_from(job.done).unwrap_or(u32::MAX);
    row.save(tx)?;
    Ok(false)
}

/// Ends one annotation, and gives its id.
fn forget_one(tx: &Tx<'_>, app: &App, input: i64, key: i64) -> Result<Option<String>, Fault> {
    let sql = format!(
        "SELECT {} FROM annotation a WHERE a.input = ?1 AND a.key = ?2 AND a.died IS NULL",
        annotation::COLUMNS
    );
    let Some(row) = tx.one(&sql, (input, key), annotation::row)? else { return Ok(None) };
    annotation::delete(tx, app, &row)?;
    Ok(Some(row.id))
}

/// Ends an operation before its time. What it has changed stays.
pub(crate) fn end(tx: &Tx<'_>, key: i64, state: StatusCode, details: &str) -> Result<(), Fault> {
    tx.exec("DELETE FROM bulk_target WHERE operation = ?1", [key])?;
    if let Some(mut row) = bulk::by_key(tx, key)?.filter(|row| !row.is_over()) {
        row.state = state;
        details.clone_into(&mut row.details);
        row.save(tx)?;
    }
    Ok(())
}

pub(crate) fn give_up(tx: &Tx<'_>, _app: &App, job: &JobRow, error: Option<&JobError>) -> Result<(), Fault> {
    let Some(error) = error else { return end(tx, job.cursor, StatusCode::BULK_OPERATION_CANCELLED, "") };
    let ours = [StatusCode::INTERNAL_SERVER_ISSUE.0, StatusCode::INTERNAL_UNCATEGORIZED.0].contains(&error.code);
    let state = if ours { StatusCode::BULK_OPERATION_UNEXPECTED_ERROR } else { StatusCode::BULK_OPERATION_FAILED };
    end(tx, job.cursor, state, &error.message)
}
