use crate::fault::{Fault, status};
use crate::host::hex;
use crate::ops::inputs;
use crate::store::{input, purge};
use crate::tx::{App, Tx};
use labelscope_api::extensions::{JobKind, JobState, PurgeInputs};
use labelscope_api::messages::{BaseResponse, StatusCode};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Ids that a call takes at most.
const MAX: usize = 1000;

pub(crate) fn post(tx: &Tx<'_>, op: PurgeInputs) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    if op.ids.is_empty() || op.ids.len() > MAX {
        return Err(Fault::invalid(format!("ids has {} ids; 1 to {MAX} are taken", op.ids.len())));
    }
    nothing_comes_in(tx, &app)?;
    let ids: BTreeSet<&str> = op.ids.iter().map(String::as_str).collect();
    // Deleted ones too, so each row of the app is looked at.
    let found: Vec<(i64, String)> = tx.all(
        "SELECT DISTINCT key, id FROM input WHERE app = ?1 AND id IN (SELECT value FROM json_each(?2))",
        (app.key, serde_json::to_string(&ids)?),
        |r| Ok((r.get(0)?, r.get(1)?)),
    )?;
    let known: BTreeSet<&str> = found.iter().map(|(_, id)| id.as_str()).collect();
    for (index, id) in op.ids.iter().enumerate() {
        let buried = "SELECT 1 FROM tombstone WHERE app = ?1 AND id_hash = ?2";
        if !known.contains(id.as_str()) && tx.one(buried, (app.key, id_hash(id)), |_| Ok(()))?.is_none() {
            return Err(Fault::refused(
                StatusCode::CONN_DOES_NOT_EXIST,
                format!("ids[{index}]: there is no input \"{id}\", nor was there one; nothing was purged"),
            ));
        }
    }
    // Purged once more, there may still be something in the files: an earlier call may not have got to it.
    tx.wipe.set(true);
    if found.is_empty() {
        return Ok(BaseResponse { status: Some(status(StatusCode::SUCCESS, "Ok")) });
    }
    for id in &known {
        if let Some(row) = input::find(tx, &app, id)? {
            inputs::forget(tx, &app, &row)?;
        }
    }
    tx.seq(&app)?;
    let keys: Vec<i64> = found.iter().map(|(key, _)| *key).collect();
    let gone = purge::take_out(tx, &app, &keys, &known)?;
    for id in &known {
        tx.exec(
            "INSERT OR REPLACE INTO tombstone (app, id_hash, at) VALUES (?1, ?2, ?3)",
            (app.key, id_hash(id), tx.now),
        )?;
    }
    let mut status = status(StatusCode::SUCCESS, "Ok");
    status.details = gone.sentence(known.len());
    Ok(BaseResponse { status: Some(status) })
}

/// The id may be personal too.
fn id_hash(id: &str) -> String {
    hex(&Sha256::digest(id.as_bytes()))
}

/// What is coming in just now could bring the input back, and has its bytes in files of its own.
fn nothing_comes_in(tx: &Tx<'_>, app: &App) -> Result<(), Fault> {
    let open = tx.one(
        "SELECT id, kind FROM job WHERE app = ?1 AND kind IN (?2, ?3, ?4) AND state IN (?5, ?6, ?7) ORDER BY key LIMIT 1",
        (
            app.key, JobKind::IMPORT.0, JobKind::EXTRACTION.0, JobKind::DUPLICATION.0, JobState::WAITING.0, JobState::QUEUED.0,
            JobState::RUNNING.0,
        ),
        |r| Ok((r.get::<_, String>(0)?, JobKind(r.get(1)?))),
    )?;
    let Some((id, kind)) = open else { return Ok(()) };
    let what = match kind {
        JobKind::IMPORT => "an import",
        JobKind::EXTRACTION => "an extraction job",
        _ => "a copy of the app",
    };
    Err(Fault::invalid(format!(
        "{what} of this app is not over (job {id}): what it brings could be what is to go. Cancel it or let it end, then purge"
    )))
}
