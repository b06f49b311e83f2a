use super::mixed;
use crate::fault::{Fault, status};
use crate::search::{Plan, Target};
use crate::store::bulk::{self, BulkRow};
use crate::store::dataset::{self, DatasetRow};
use crate::store::input::{self, COLUMNS};
use crate::store::search as saved;
use crate::tx::{App, Tx, page};
use labelscope_api::messages::{
    AddToDataset, BaseResponse, BulkOperation, BulkOperationKind, DatasetInput, Input, MultiDatasetInputResponse,
    Search, SingleDatasetInputResponse, StatusCode,
};
use labelscope_api::operations::{DeleteDatasetInputs, GetDatasetInput, ListDatasetInputs, PostDatasetInputs};
use labelscope_api::wire::Timestamp;
use rusqlite::params_from_iter;

pub(crate) fn list(tx: &Tx<'_>, op: ListDatasetInputs) -> Result<MultiDatasetInputResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (app, dataset) = dataset::read(tx, app, &op.dataset_id)?;
    let (offset, limit) = page(op.page, op.per_page)?;
    // The offset walks the index of living members alone; then the page is read by its first key.
    let sql = format!(
        "SELECT {COLUMNS}, m.created_at FROM member m JOIN input i ON i.key = m.input AND i.died IS NULL
         WHERE m.dataset = ?1 AND m.died IS NULL AND m.input >= coalesce((SELECT input FROM member WHERE dataset = ?1 AND died IS NULL ORDER BY input LIMIT 1 OFFSET ?3), 9e18)
         ORDER BY m.input LIMIT ?2"
    );
    let rows = tx.all(&sql, (dataset.key, limit, offset), |r| Ok((input::row(r)?, r.get::<_, i64>(input::WIDTH)?)))?;
    let mut dataset_inputs = Vec::with_capacity(rows.len());
    for (row, joined) in rows {
        dataset_inputs.push(DatasetInput {
            created_at: Some(Timestamp(joined)),
            input: Some(Box::new(input::message(tx, &app, row)?)),
        });
    }
    Ok(MultiDatasetInputResponse { dataset_inputs, ..Default::default() })
}

pub(crate) fn get(tx: &Tx<'_>, op: GetDatasetInput) -> Result<SingleDatasetInputResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let (app, dataset) = dataset::read(tx, app, &op.dataset_id)?;
    let row = input::need(tx, &app, &op.input_id)?;
    let joined = tx
        .one(
            "SELECT created_at FROM member WHERE dataset = ?1 AND input = ?2 AND died IS NULL",
            (dataset.key, row.key),
            |r| r.get(0),
        )?
        .ok_or_else(|| Fault::not_found("input of this dataset", &op.input_id))?;
    let dataset_input =
        DatasetInput { created_at: Some(Timestamp(joined)), input: Some(Box::new(input::message(tx, &app, row)?)) };
    Ok(SingleDatasetInputResponse { dataset_input: Some(dataset_input), ..Default::default() })
}

pub(crate) fn post(tx: &Tx<'_>, op: PostDatasetInputs) -> Result<MultiDatasetInputResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let dataset = dataset::need(tx, &app, &op.dataset_id)?;
    if let Some(search) = op.search {
        if !op.dataset_inputs.is_empty() {
            return Err(Fault::invalid("send dataset_inputs or search, not both"));
        }
        return join_found(tx, &app, &dataset, &search);
    }
    if op.dataset_inputs.is_empty() {
        return Err(Fault::invalid("dataset_inputs is empty: name the inputs that are to join"));
    }
    let (mut dataset_inputs, mut failed) = (Vec::new(), 0);
    for item in op.dataset_inputs {
        let id = item.input.map(|i| i.id).unwrap_or_default();
        let message = if let Some(row) = input::find(tx, &app, &id)? {
            dataset::join(tx, &app, dataset.key, row.key)?;
            let joined = Some(status(StatusCode::DATASET_INPUT_SUCCESS, "Ok"));
            Input { status: joined, ..input::message(tx, &app, row)? }
        } else {
            failed += 1;
            Input { status: Some(Fault::not_found("input", &id).status("")), id, ..Input::default() }
        };
        dataset_inputs.push(DatasetInput { created_at: Some(Timestamp(tx.now)), input: Some(Box::new(message)) });
    }
    let status = mixed(dataset_inputs.len() - failed, failed);
    Ok(MultiDatasetInputResponse { status: Some(status), dataset_inputs, ..Default::default() })
}

/// Puts in what a search over inputs finds, all in this call: clients look at the members next. It is kept as a bulk
/// operation that is over, which says how many there were to look at.
fn join_found(tx: &Tx<'_>, app: &App, dataset: &DatasetRow, sent: &Search) -> Result<MultiDatasetInputResponse, Fault> {
    let search = &saved::meant(tx, app, Target::Inputs, sent)?;
    let place = saved::place(tx, app, saved::as_of(tx, app, search.as_of)?);
    let found = Plan::new(&place, Target::Inputs, search)?.statement();
    // What a past search finds may be gone by now.
    let living = found.within("FROM (", ") f JOIN input i ON i.key = f.input AND i.died IS NULL");
    let new = format!(
        "NOT EXISTS (SELECT 1 FROM member m WHERE m.dataset = {} AND m.input = f.input AND m.died IS NULL)",
        dataset.key
    );
    let counted =
        living.clone().within(&format!("SELECT count(*), coalesce(sum({new}), 0), coalesce(max(f.input), 0) "), "");
    let numbers = |r: &rusqlite::Row<'_>| Ok((r.get(0)?, r.get::<_, i64>(1)?, r.get::<_, i64>(2)?));
    let (processed, joining, last) =
        tx.one(&counted.text, params_from_iter(counted.values), numbers)?.unwrap_or_default();
    if joining > 0 {
        // In order of making, as if they had been named.
        let (key, now, seq) = (dataset.key, tx.now, tx.seq(app)?);
        let insert =
            format!("INSERT INTO member (dataset, input, created_at, born) SELECT {key}, f.input, {now}, {seq} ");
        let joined = living.within(&insert, &format!(" WHERE {new} ORDER BY f.input"));
        tx.exec(&joined.text, params_from_iter(joined.values))?;
        tx.bump(app, &format!("dataset:{key}"), joining)?;
    }
    let add_to_dataset = Some(AddToDataset { dataset_id: dataset.id.clone() });
    let body = BulkOperation {
        search: Some(Box::new(sent.clone())),
        operation: Some(BulkOperationKind { add_to_dataset, ..BulkOperationKind::default() }),
        ..BulkOperation::default()
    };
    let sql = "SELECT id FROM input WHERE key = ?1 AND died IS NULL";
    let last_id = tx.one(sql, [last], |r| r.get(0))?.unwrap_or_default();
    let mut row =
        BulkRow { processed, last_id, state: StatusCode::BULK_OPERATION_SUCCESS, ..BulkRow::new(tx, app, body) };
    bulk::insert(tx, &mut row)?;
    let bulk_operation = row.message(app);
    Ok(MultiDatasetInputResponse { bulk_operation: Some(bulk_operation), ..Default::default() })
}

pub(crate) fn delete(tx: &Tx<'_>, op: DeleteDatasetInputs) -> Result<BaseResponse, Fault> {
    let app = tx.app(&op.user_app_id)?;
    let dataset = dataset::need(tx, &app, &op.dataset_id)?;
    if op.input_ids.is_empty() {
        return Err(Fault::invalid("input_ids is empty: name the inputs to take out"));
    }
    for id in &op.input_ids {
        let row = input::need(tx, &app, id)?;
        dataset::leave(tx, &app, dataset.key, row.key)?;
    }
    Ok(BaseResponse::default())
}
