use crate::fault::Fault;
use crate::store::input::{self, COLUMNS, InputRow};
use crate::tx::{App, Tx, page};
use labelscope_api::messages::{
    BaseResponse, InputCount, MultiInputResponse, SingleInputCountResponse, SingleInputResponse, StatusCode,
};
use labelscope_api::operations::{DeleteInput, DeleteInputs, GetInput, GetInputCount, ListInputs, StreamInputs};

pub(crate) fn messages(tx: &Tx<'_>, app: &App, rows: Vec<InputRow>) -> Result<MultiInputResponse, Fault> {
    let inputs = rows.into_iter().map(|row| input::message(tx, app, row)).collect::<Result<_, _>>()?;
    Ok(MultiInputResponse { inputs, ..Default::default() })
}

pub(crate) fn list(tx: &Tx<'_>, op: ListInputs) -> Result<MultiInputResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    let code = op.status.map_or(0, |s| s.code.0);
    let rows = if op.ids.is_empty() {
        if code == 0 || (code == StatusCode::INPUT_SUCCESS.0 && all_ready(tx, &app)?) {
            let sql = format!(
                "SELECT {COLUMNS} FROM input i WHERE i.app = ?1 AND i.died IS NULL AND i.key >= coalesce((SELECT key FROM input WHERE app = ?1 AND died IS NULL ORDER BY key LIMIT 1 OFFSET ?3), 9e18) ORDER BY i.key LIMIT ?2"
            );
            tx.all(&sql, (app.key, limit, offset), input::row)?
        } else {
            // Inputs whose file is not here are few and have an index of their own.
            let unready = if code == StatusCode::INPUT_SUCCESS.0 { "" } else { "AND i.status <> 30000" };
            let sql = format!(
                "SELECT {COLUMNS} FROM input i WHERE i.app = ?1 AND i.died IS NULL AND i.status = ?4 {unready} ORDER BY i.key LIMIT ?2 OFFSET ?3"
            );
            tx.all(&sql, (app.key, limit, offset, code), input::row)?
        }
    } else {
        let mut rows = Vec::new();
        for id in &op.ids {
            rows.extend(input::find(tx, &app, id)?.filter(|r| code == 0 || r.status == code));
        }
        rows.into_iter().skip(offset as usize).take(limit as usize).collect()
    };
    messages(tx, &app, rows)
}

pub(crate) fn get(tx: &Tx<'_>, op: GetInput) -> Result<SingleInputResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = input::need(tx, &app, &op.input_id)?;
    Ok(SingleInputResponse { input: Some(input::message(tx, &app, row)?), ..Default::default() })
}

pub(crate) fn delete_one(tx: &Tx<'_>, op: DeleteInput) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let row = input::need(tx, &app, &op.input_id)?;
    forget(tx, &app, &row)?;
    Ok(BaseResponse::default())
}

pub(crate) fn delete(tx: &Tx<'_>, op: DeleteInputs) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    // The vendor's SDK sends an empty list after every clean upload; ids that are gone are what the caller wants.
    for id in &op.ids {
        if let Some(row) = input::find(tx, &app, id)? {
            forget(tx, &app, &row)?;
        }
    }
    Ok(BaseResponse::default())
}

pub(crate) fn forget(tx: &Tx<'_>, app: &App, row: &InputRow) -> Result<(), Fault> {
    let datasets: Vec<i64> =
        tx.all("SELECT dataset FROM member WHERE input = ?1 AND died IS NULL", [row.key], |r| r.get(0))?;
    for dataset in datasets {
        tx.bump(app, &format!("dataset:{dataset}"), -1)?;
    }
    input::delete(tx, app, row)
}

pub(crate) fn count(tx: &Tx<'_>, op: GetInputCount) -> Result<SingleInputCountResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let all = tx.count("SELECT value FROM counter WHERE app = ?1 AND name = 'inputs'", [app.key])?;
    let mut counts = InputCount::default();
    for (code, count) in unready(tx, &app)? {
        match StatusCode(code) {
            StatusCode::INPUT_PENDING => counts.to_process += count,
            StatusCode::INPUT_IN_PROGRESS => counts.processing += count,
            _ => counts.errors += count,
        }
    }
    counts.processed = (all as u32).saturating_sub(counts.to_process + counts.processing + counts.errors);
    Ok(SingleInputCountResponse { counts: Some(counts), ..Default::default() })
}

/// How many inputs are in which state, but for those that are well.
fn unready(tx: &Tx<'_>, app: &App) -> Result<Vec<(i32, u32)>, Fault> {
    let sql = "SELECT status, count(*) FROM input INDEXED BY input_unready WHERE app = ?1 AND died IS NULL AND status <> 30000 GROUP BY status";
    tx.all(sql, [app.key], |r| Ok((r.get(0)?, r.get(1)?)))
}

fn all_ready(tx: &Tx<'_>, app: &App) -> Result<bool, Fault> {
    Ok(unready(tx, app)?.is_empty())
}

pub(crate) fn stream(tx: &Tx<'_>, op: StreamInputs) -> Result<MultiInputResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (_, limit) = page(1, op.per_page)?;
    let (compare, direction) = if op.descending { ("<", "DESC") } else { (">", "ASC") };
    let rows = if op.order_by_id {
        // Two statements, so that each can seek in the index.
        let from = if op.last_id.is_empty() { "?2 = ''".to_owned() } else { format!("i.id {compare} ?2") };
        let sql = format!(
            "SELECT {COLUMNS} FROM input i INDEXED BY input_live WHERE i.app = ?1 AND i.died IS NULL AND {from} ORDER BY i.id {direction} LIMIT ?3"
        );
        tx.all(&sql, (app.key, &op.last_id, limit), input::row)?
    } else {
        let after = if op.last_id.is_empty() {
            if op.descending { i64::MAX } else { 0 }
        } else {
            // An input that was deleted meanwhile still marks its place.
            tx.one(
                "SELECT key FROM input WHERE app = ?1 AND id = ?2 ORDER BY born DESC LIMIT 1",
                (app.key, &op.last_id),
                |r| r.get(0),
            )?
            .ok_or_else(|| Fault::not_found("input", &op.last_id))?
        };
        let sql = format!(
            "SELECT {COLUMNS} FROM input i WHERE i.app = ?1 AND i.died IS NULL AND i.key {compare} ?2 ORDER BY i.key {direction} LIMIT ?3"
        );
        tx.all(&sql, (app.key, after, limit), input::row)?
    };
    messages(tx, &app, rows)
}
