//! Taking inputs out of every revision, and out of all that was made of them.

use crate::fault::Fault;
use crate::jobs::{NewJob, add, evaluate};
use crate::store::evaluation;
use crate::tx::{App, Tx};
use labelscope_api::extensions::{JobKind, JobState};
use labelscope_api::messages::StatusCode;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write;

/// What went, and what is made anew.
#[derive(Debug, Default)]
pub(crate) struct Gone {
    annotations: usize,
    files: usize,
    versions: usize,
    archives: usize,
    uploads: usize,
}

impl Gone {
    pub fn sentence(&self, inputs: usize) -> String {
        let mut out =
            format!("purged {inputs} inputs, revisions of annotations: {}, files: {}", self.annotations, self.files);
        for (n, what) in [
            (self.versions, "dataset versions counted anew"),
            (self.archives, "archives of exports removed"),
            (self.uploads, "uploads removed"),
        ] {
            if n > 0 {
                let _ = write!(out, "; {what}: {n}");
            }
        }
        out
    }
}

/// Takes out inputs of these keys, which are deleted already. `ids` are theirs.
pub(crate) fn take_out(tx: &Tx<'_>, app: &App, keys: &[i64], ids: &BTreeSet<&str>) -> Result<Gone, Fault> {
    let list = serde_json::to_string(keys)?;
    let texts = |sql: &str| tx.all(sql, [&list], |r| r.get::<_, String>(0));
    let shas = texts(
        "SELECT DISTINCT sha256 FROM input WHERE key IN (SELECT value FROM json_each(?1)) AND sha256 IS NOT NULL",
    )?;
    let names = texts(
        "SELECT DISTINCT file_name FROM input WHERE key IN (SELECT value FROM json_each(?1)) AND file_name <> ''",
    )?;
    // Before the members go: they say which versions hold the inputs.
    let versions: Vec<i64> = tx.all(
        "SELECT DISTINCT v.key FROM dataset_version v JOIN member m ON m.dataset = v.dataset
         WHERE v.dataset IN (SELECT key FROM dataset WHERE app = ?1) AND m.input IN (SELECT value FROM json_each(?2))
           AND m.born <= v.seq AND (m.died IS NULL OR m.died > v.seq)",
        (app.key, &list),
        |r| r.get(0),
    )?;
    let mut gone = Gone { annotations: rows(tx, app, &list)?, versions: versions.len(), ..Gone::default() };
    for version in versions {
        gone.archives += archives(tx, version)?;
        recount(tx, app, version)?;
    }
    evaluations(tx, app, ids)?;
    (gone.files, gone.uploads) = (files(tx, &shas)?, uploads(tx, app, &shas)?);
    jobs(tx, app, &names)?;
    operations(tx, app, ids)?;
    Ok(gone)
}

/// Deletes the rows of the inputs and of what is said of them. Gives how many revisions of annotations there were.
fn rows(tx: &Tx<'_>, app: &App, list: &str) -> Result<usize, Fault> {
    let of = "(SELECT rev FROM annotation WHERE input IN (SELECT value FROM json_each(?1)))";
    tx.exec(&format!("DELETE FROM embedding WHERE annotation IN {of}"), [list])?;
    tx.exec(&format!("DELETE FROM label WHERE annotation IN {of}"), [list])?;
    let annotations = tx.exec("DELETE FROM annotation WHERE input IN (SELECT value FROM json_each(?1))", [list])?;
    tx.exec(
        "DELETE FROM member WHERE dataset IN (SELECT key FROM dataset WHERE app = ?2) AND input IN (SELECT value FROM json_each(?1))",
        (list, app.key),
    )?;
    tx.exec("DELETE FROM add_job_input WHERE input IN (SELECT value FROM json_each(?1))", [list])?;
    tx.exec("DELETE FROM input WHERE key IN (SELECT value FROM json_each(?1))", [list])?;
    Ok(annotations)
}

/// Asks jobs to stop that read what was purged.
fn stop(tx: &Tx<'_>, jobs: Vec<String>) {
    if let Ok(mut cancels) = tx.shared.cancels.lock() {
        cancels.extend(jobs);
    }
}

/// Takes back the archives of a version: asked for again, they are made without the inputs.
fn archives(tx: &Tx<'_>, version: i64) -> Result<usize, Fault> {
    tx.exec(
        "INSERT OR IGNORE INTO doomed_blob SELECT sha256 FROM export WHERE version = ?1 AND sha256 <> ''",
        [version],
    )?;
    let running: Vec<String> = tx.all(
        "SELECT j.id FROM job j JOIN export e ON e.key = j.export WHERE e.version = ?1 AND j.state = ?2",
        (version, JobState::RUNNING.0),
        |r| r.get(0),
    )?;
    stop(tx, running);
    // One that has not begun will be made without them anyway.
    tx.exec(
        "UPDATE export SET state = ?2, details = 'an input in it was purged; ask for it again', percent = 0, size = 0, sha256 = '' WHERE version = ?1 AND state IN (?3, ?4)",
        (
            version, StatusCode::DATASET_VERSION_EXPORT_FAILED.0, StatusCode::DATASET_VERSION_EXPORT_SUCCESS.0,
            StatusCode::DATASET_VERSION_EXPORT_IN_PROGRESS.0,
        ),
    )
}

/// Has a version counted anew.
fn recount(tx: &Tx<'_>, app: &App, version: i64) -> Result<(), Fault> {
    tx.exec("DELETE FROM version_group WHERE version = ?1", [version])?;
    tx.exec("UPDATE dataset_version SET totals = NULL WHERE key = ?1", [version])?;
    let counts = |state: JobState| {
        tx.all(
            "SELECT id FROM job WHERE app = ?1 AND kind = ?2 AND cursor = ?3 AND state = ?4",
            (app.key, JobKind::VERSION.0, version, state.0),
            |r| r.get::<_, String>(0),
        )
    };
    // What one that runs has counted is out of date, and so is written over by the one that comes after it.
    stop(tx, counts(JobState::RUNNING)?);
    if !counts(JobState::QUEUED)?.is_empty() {
        return Ok(());
    }
    let named = tx.one(
        "SELECT d.id, v.id FROM dataset_version v JOIN dataset d ON d.key = v.dataset AND d.died IS NULL WHERE v.key = ?1",
        [version],
        |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(1)?)),
    )?;
    if let Some((dataset_id, version_id)) = named {
        let new = NewJob {
            kind: JobKind::VERSION,
            dataset_id: &dataset_id,
            version_id: &version_id,
            cursor: version,
            ..NewJob::default()
        };
        add(tx, app, &new)?;
    }
    Ok(())
}

/// Takes the inputs out of the test sets of evaluations on this app's labels. Figures of the whole stay.
fn evaluations(tx: &Tx<'_>, app: &App, ids: &BTreeSet<&str>) -> Result<(), Fault> {
    let sql = format!("SELECT {} FROM evaluation e", evaluation::COLUMNS);
    for row in tx.all(&sql, [], evaluation::row)? {
        let truth = row.body.ground_truth_dataset.as_deref();
        let elsewhere =
            truth.is_some_and(|d| !d.app_id.is_empty() && (&d.user_id, &d.app_id) != (&app.user_id, &app.id));
        if elsewhere || (truth.is_none() && row.app != app.key) {
            continue;
        }
        if row.state == StatusCode::MODEL_EVALUATING {
            // Of another time, its job's results are not taken any more.
            tx.exec(
                "UPDATE evaluation SET state = ?2, details = 'an input was purged meanwhile; evaluate again', created_at = created_at + 1 WHERE key = ?1",
                (row.key, StatusCode::MODEL_EVALUATION_FAILED.0),
            )?;
            // What it has written so far is of no use any more.
            evaluation::clear(tx, row.key)?;
        }
        evaluate::take_out(tx, row.key, ids)?;
        let parts: Vec<(String, String)> =
            tx.all("SELECT name, body FROM evaluation_part WHERE evaluation = ?1", [row.key], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })?;
        for (name, body) in parts {
            if let Some(body) = without(&body, ids)? {
                tx.exec(
                    "UPDATE evaluation_part SET body = ?3 WHERE evaluation = ?1 AND name = ?2",
                    (row.key, name, body),
                )?;
            }
        }
        let body = tx.one("SELECT body FROM evaluation WHERE key = ?1", [row.key], |r| r.get::<_, String>(0))?;
        if let Some(body) = body.map(|body| without(&body, ids)).transpose()?.flatten() {
            tx.exec("UPDATE evaluation SET body = ?2 WHERE key = ?1", (row.key, body))?;
        }
    }
    Ok(())
}

/// A JSON text without the members of lists that are about these inputs; `None` where there are none.
fn without(body: &str, ids: &BTreeSet<&str>) -> Result<Option<String>, Fault> {
    // Most say nothing of inputs at all.
    if !body.contains("\"input") {
        return Ok(None);
    }
    let mut value: Value = serde_json::from_str(body)?;
    Ok(if prune(&mut value, ids) { Some(serde_json::to_string(&value)?) } else { None })
}

fn prune(value: &mut Value, ids: &BTreeSet<&str>) -> bool {
    let about = |member: &Value| {
        let id = member.get("input_id").or_else(|| member.get("input").and_then(|input| input.get("id")));
        id.and_then(Value::as_str).is_some_and(|id| ids.contains(id))
    };
    match value {
        Value::Array(list) => {
            let before = list.len();
            list.retain(|member| !about(member));
            let mut changed = list.len() < before;
            for member in list {
                changed |= prune(member, ids);
            }
            changed
        }
        Value::Object(map) => map.values_mut().filter_map(|member| prune(member, ids).then_some(())).count() > 0,
        _ => false,
    }
}

/// Gives up the files that no other input has.
fn files(tx: &Tx<'_>, shas: &[String]) -> Result<usize, Fault> {
    let list = serde_json::to_string(shas)?;
    let kept: BTreeSet<String> = tx
        .all("SELECT DISTINCT sha256 FROM input WHERE sha256 IN (SELECT value FROM json_each(?1))", [&list], |r| {
            r.get(0)
        })?
        .into_iter()
        .collect();
    let mut given_up = 0;
    for sha in shas.iter().filter(|sha| !kept.contains(*sha)) {
        tx.exec("DELETE FROM media WHERE sha256 = ?1", [sha])?;
        tx.doom(sha)?;
        given_up += 1;
    }
    Ok(given_up)
}

/// Removes the uploads of the app that are such a file, and the archives out of which inputs were taken: which of them held
/// the input nobody knows any more.
fn uploads(tx: &Tx<'_>, app: &App, shas: &[String]) -> Result<usize, Fault> {
    let found: Vec<(i64, String)> = tx.all(
        "SELECT key, sha256 FROM upload WHERE app = ?1 AND (sha256 IN (SELECT value FROM json_each(?2)) OR key IN (SELECT upload FROM extraction_job WHERE app = ?1))",
        (app.key, serde_json::to_string(shas)?),
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    for (key, sha256) in &found {
        tx.exec("UPDATE extraction_job SET upload = NULL WHERE upload = ?1", [key])?;
        tx.exec("DELETE FROM upload_part WHERE upload = ?1", [key])?;
        tx.exec("DELETE FROM upload WHERE key = ?1", [key])?;
        if !sha256.is_empty() {
            tx.doom(sha256)?;
        }
        tx.exec("INSERT OR IGNORE INTO doomed_upload (key) VALUES (?1)", [key])?;
    }
    Ok(found.len())
}

/// Takes the names of the inputs' files out of what is told of jobs that are over.
fn jobs(tx: &Tx<'_>, app: &App, names: &[String]) -> Result<(), Fault> {
    for name in names {
        tx.exec(
            "DELETE FROM import_file WHERE name = ?2 AND job IN (SELECT id FROM job WHERE app = ?1)",
            (app.key, name),
        )?;
        let told: Vec<(i64, String)> = tx.all(
            "SELECT key, result FROM job WHERE app = ?1 AND instr(result, json_quote(?2)) + instr(result, ?2)",
            (app.key, name),
            |r| Ok((r.get(0)?, r.get(1)?)),
        )?;
        for (key, result) in told {
            let mut value: Value = serde_json::from_str(&result)?;
            for list in
                value.as_object_mut().into_iter().flat_map(|map| map.values_mut()).filter_map(Value::as_array_mut)
            {
                list.retain(|told| !told.as_str().is_some_and(|text| text.contains(name.as_str())));
            }
            tx.exec("UPDATE job SET result = ?2 WHERE key = ?1", (key, serde_json::to_string(&value)?))?;
        }
        tx.exec("UPDATE job SET error = NULL WHERE app = ?1 AND instr(error, ?2)", (app.key, name))?;
    }
    Ok(())
}

/// Takes the ids out of what was sent for changes to many inputs that are over.
fn operations(tx: &Tx<'_>, app: &App, ids: &BTreeSet<&str>) -> Result<(), Fault> {
    let over: Vec<(i64, String)> = tx.all(
        "SELECT key, body FROM bulk_operation b WHERE app = ?1 AND NOT EXISTS (SELECT 1 FROM job j WHERE j.id = b.job AND j.state IN (?2, ?3))",
        (app.key, JobState::QUEUED.0, JobState::RUNNING.0),
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    for (key, body) in over {
        let mut value: Value = serde_json::from_str(&body)?;
        if blank(&mut value, ids) {
            tx.exec("UPDATE bulk_operation SET body = ?2 WHERE key = ?1", (key, serde_json::to_string(&value)?))?;
        }
    }
    let list = serde_json::to_string(ids)?;
    tx.exec(
        "UPDATE bulk_operation SET last_id = '' WHERE app = ?1 AND last_id IN (SELECT value FROM json_each(?2))",
        (app.key, list),
    )?;
    Ok(())
}

/// Empties each text that is one of these ids.
fn blank(value: &mut Value, ids: &BTreeSet<&str>) -> bool {
    match value {
        Value::String(text) if ids.contains(text.as_str()) => {
            text.clear();
            true
        }
        Value::Array(list) => list.iter_mut().filter_map(|member| blank(member, ids).then_some(())).count() > 0,
        Value::Object(map) => map.values_mut().filter_map(|member| blank(member, ids).then_some(())).count() > 0,
        _ => false,
    }
}
